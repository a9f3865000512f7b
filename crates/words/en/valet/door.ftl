# The pages of the door for web clients.

door-closed = The address for web clients, { $address }, cannot be opened: { $why }
door-ask-heading = { $client } wants to use { $server }
door-ask-text = This name is its own word. If you go on, MCP Valet asks you in its own window or terminal whether to let it in. Nothing has been asked or opened so far.
door-ask-redirect = Its answer goes to { $redirect }
door-ask-stop = Don't go on
door-ask-go-on = Go on
door-waits-heading = Answer in MCP Valet
door-waits-text = MCP Valet asks you in its own window or terminal whether { $server } may be used. This page goes on by itself.
door-waits-code = Say yes only if the question shows this code:
door-waits-sign-in-heading = Sign in from MCP Valet
door-waits-sign-in-text = MCP Valet wants a sign-in to { $server }, and begins it from its own window or terminal alone. This page goes on by itself.
door-stopped-heading = Nothing was allowed
door-stopped-text = You can close this page.
door-refused-heading = That did not work
door-no-client-text = The request does not say who asks. Begin again in the program.
door-unknown-client-text = This program is not registered here any more. Remove its registration in the program, and let it sign in again.
door-no-document-text = What { $host } says of this program cannot be read. Nothing was allowed.
door-foreign-redirect-text = The program wants its answer sent where it may not go. Nothing was allowed.
door-foreign-form-text = This was not sent by the page of MCP Valet. Nothing was allowed.
door-over-text = This page was answered before, or waited too long. Begin again in the program.
door-another-browser-text = This page was shown to another browser. Nothing was allowed.
door-busy-text = Too many sign-ins are under way. Answer those that wait in MCP Valet, and begin again in the program.
door-nothing-text = There is nothing here.
