# The check of a server, step by step.

check-title = Check
check-note = Looks at the server and at where it signs in, step by step. Nothing is changed.
check-verb = Check this server
check-busy = Looking…
check-change = What to change
check-steps = Every step
check-rule = { $says } ({ $source })
check-concluded-works = A sign-in works, as far as one can tell from outside.
check-concluded-no_sign_in = This server asks for no sign-in.
check-concluded-needs_client_id = A sign-in works once you have registered a client there by hand.
check-concluded-trouble = A sign-in does not work like this.
check-who-person = You
check-who-server_operator = The server’s operator
check-who-issuer_operator = The authorization server’s operator
check-verdict-ok = Fine:
check-verdict-note = Note:
check-verdict-trouble = Wrong:
check-concluded-key_stands = Nothing is known against its API key.
check-concluded-key_needed = It needs another API key.
