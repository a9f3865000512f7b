# Notices that stand until they are over.

notice-not-added = "{ $server }" was not added: { $detail }. { $advice }
notice-shared-address = { $servers } come back to the same address { $uri } and do not say who they are, so one could pass another's sign-in off as its own. Give all but one another `oauth.callbackPath`, and register that redirect URI there.
notice-calls-itself = { $issuer } calls itself { $own }, against the rules; it is known for that, and the sign-in goes on
notice-audit-unwritten = The audit could not be written: { $missing } of what was done since is not in it. Check that the disk is not full.
notice-passphrase = With the passphrase that systemd gives, the vault stays shut: { $error }. { $advice }
notice-unsaved = "{ $server }": its sign-in is in memory only, because the vault does not take it. It is tried again; check that the disk is not full, and the keychain with your desktop's password program.
notice-audit-key-gone = The key of the audit is gone from where secrets are kept, and a new one was made. Whoever took it could have changed older entries: `mcp-valet audit --verify` says what can still be checked.
notice-answers-unkept = What you last answered about programs, or took back, is in memory only, because the vault does not take it. It is tried again; check that the disk is not full, and the keychain with your desktop's password program.
notice-slow = "{ $server }": { $host } was asked for a token and has not answered yet. It is waited for, up to five minutes. What comes is kept, locked or not. If MCP Valet ends before, or the computer sleeps, authorize again should it not work afterwards.
notice-slow-revoked = "{ $server }": { $host } was asked for a token and has not answered yet. It is waited for, up to five minutes. It was revoked meanwhile: what comes is ended there at once, and not kept.
notice-key-not-set = The key that you agreed to for "{ $server }" could not be set: { $detail }. { $advice }
notice-files-unchanged = What you agreed to for { $programs } was not done: { $detail }. { $advice }
notice-not-forwarded = What you agreed to for { $host } was not done: { $detail }. { $advice }
notice-forward-ended = The forward to { $host } has ended: { $detail }. { $advice }
