# About MCP Valet, and its keys.

about-title = About MCP Valet
about-version = Version { $version }
about-what = It holds the sign-ins of your MCP servers, and lends them to the programs that you allow.
about-collected = What is collected
about-collected-nothing = Nothing. MCP Valet talks to your servers, to where you sign in to them, and to addresses that your configuration names. It looks for no updates.
about-report = Where to report
about-report-fault = If something does not work: open an issue where you got MCP Valet. Settings has diagnostics to copy into it.
about-report-weakness = If it is a security weakness: report it in private, as a security advisory there or by mail. SECURITY.md says how.
about-licence = Licence
about-licence-ours = MIT or Apache 2.0, at your choice.
about-licence-texts = Read both licences
about-parts = Made with { $count } parts by others
about-loading = Loading…
about-keyboard = Keyboard
about-key-find = Filter servers
about-key-add = Add a server
about-key-activity = Activity
about-key-settings = Settings
about-key-zoom = Larger, smaller, usual size
about-key-back = Back to the servers
about-key-about = This page
about-key-close = Close the window; MCP Valet goes on
about-key-quit = Quit MCP Valet
