# The first page, as long as there is no server.

first-title = One place for your MCP sign-ins
first-lines-1 = Sign in to a server once, in your browser.
first-lines-2 = Your programs ask here before they use it.
first-lines-3 = Take it back at any time.
first-demo = Try the demo
first-demo-note = The demo is a small server on this computer, with no account to make. It ends with MCP Valet.
