# What `mcp-valet doctor` finds of the valet itself.

itself-secrets = Where secrets are kept
itself-keychain = They are in your keychain, and it is open.
itself-file = They are in an encrypted file, and it is open.
itself-memory = They are in memory, and gone when MCP Valet ends.
itself-shared = secrets are in the shared vault, sealed to the members of the fleet
itself-configuration = The configuration
itself-servers = { $count ->
    [0] It is in use, and lists no server.
    [one] It is in use, and lists one server.
   *[other] It is in use, and lists { $count } servers.
}
itself-questions = Whether you can be asked
itself-asks = You can be asked when a program wants something.
itself-nobody = Nobody can be asked: what a program wants for the first time is refused.
itself-nobody-advice = Start MCP Valet on your desktop, or mcp-valetd in a terminal.
itself-starting = MCP Valet is still starting.
itself-icon = Its icon is in the panel.
itself-no-icon = This desktop shows no icon of MCP Valet.
itself-no-icon-advice = open its window from the menu
itself-network = The way to servers
itself-proxy = It goes through the proxy { $host }.
itself-direct = No proxy is set in the configuration.
itself-clock = The clock
itself-clock-well = It says { $now }.
itself-clock-back = It was { $seconds } seconds ahead before: what you allowed until some time ended earlier than that.
itself-clock-back-advice = Set the clock of this computer.
itself-command = This command
itself-socket = It speaks to { $socket }.
itself-version = It is of the same version as MCP Valet, { $version }.
itself-other-version = It is of version { $own }, and MCP Valet of { $version }.
itself-other-version-advice = restart MCP Valet after an update
itself-programs = Other programs
itself-none-led = None that was found is led here.
itself-none-led-advice = mcp-valet setup --all
itself-led = { $program } is led here for { $servers }.
itself-program-trouble = { $program }: { $trouble }
itself-well = MCP Valet is well.
itself-unwell = Something is wrong with MCP Valet.
itself-door = Web clients find it at { $address }.
itself-door-advice = End what is in use there, or choose another port for `listen` of `door`.
itself-door-another = What answers at { $address } is not the address for web clients of this valet.
itself-door-outside = { $address } cannot be reached from here: { $why }
itself-door-outside-advice = `externalUrl` of `door` has to be the address of what passes requests on to { $listen }.
