# Adding a server, or many at once.

add-label = Address, or a configuration to copy from
add-placeholder = https://mcp.example.com/mcp
add-hint = Paste the server’s address, or a whole “mcpServers” snippet of another program.
add-look = Continue
add-looking = Looking…
add-looking-at = Asking { $host }…
add-found = Found
add-name = Name
add-name-note = as your programs will call it
add-there = This address is here already, as { $name }. Under another name it can have another account.
add-open = Open { $name }
add-signs-in-at = Signs in at
add-signs-in-choice = Signs in at one of
add-scopes = Asks for
add-no-scopes = no named permissions
add-registers = No preparation needed: you can sign in at once.
add-needs-client = Needs a client ID
add-save = Add
add-save-many = { $count ->
    [one] Add 1 server
   *[other] Add { $count } servers
}
add-save-anyway = Add it anyway
add-saving = Adding…
add-change = Change
add-choose-many = Servers in this snippet
add-already = Already here
add-added = { $count ->
    [one] 1 server was added.
   *[other] { $count } servers were added.
}
add-skipped-local = runs on this computer and needs no sign-in
add-skipped-address = has no address
add-headers = Its headers are taken over. A key among them goes into the vault.
add-later = Add it now, fill this in later
add-wrong-empty = Paste an address or a snippet.
add-wrong-address = This is not an address. It begins with https://.
add-wrong-json = This looks like a snippet, but it is not complete. Copy it from the first { "{" } to the last { "}" }.
add-wrong-none = There is no server with an address in this snippet.
