# Other programs that are led here.

connect-now = Connect
connect-shown = These lines are put into its file. All else in it stays as it is.
connect-shown-back = These lines are taken out of its file.
connect-change = Change the file
connect-not-now = Not now
connect-put-back = Put back
connect-done = Connected. A program that runs reads it at its next start.
connect-is-back = It is as it was.
connect-forget = Forget it
connect-forgotten = Forgotten.
connect-shown-forget = Nothing of these files can be put back any more. Nothing is written to them, and no key is wiped or given out.
connect-lost = { $file } ({ $program }) { $why }.
connect-lost-keys = Stays in the vault: { $keys }
connect-title = Other programs
connect-under = Programs on this computer that list MCP servers, and which of yours they reach through MCP Valet.
connect-none = None that is known was found.
connect-led = Connected to { $servers }
connect-not-led = Not connected
connect-missing = Not yet there: { $servers }
connect-nothing = Nothing to change.
