# A client ID of the person’s own.

client-intro = This server’s sign-in page has to know MCP Valet first. Register an app there, with exactly this redirect URI:
client-redirect = Redirect URI to register
client-page = Open the page for this at { $host }
client-then = Then fill in what you got:
client-id = Client ID
client-id-missing = Fill in the client ID.
client-secret = Client secret
client-secret-note = if you got one; it is kept like your sign-ins
client-secret-memory = if you got one; it is kept in the configuration file, as there is no keychain
client-port = Port
client-port-wrong = A port is a number from 1 to 65535.
client-save = Save
client-saved = Saved. It is used the next time you authorize.
