# Backups: the pages that write one and take one in.

backup-title-backup = Back up
backup-title-restore = Restore a backup
backup-backup-1 = One file takes everything: your servers, your answers about programs, sign-ins and keys.
backup-backup-2 = Nobody opens it without the passphrase that you choose here. Nobody can recover it.
backup-backup-3 = Make one now and then: some providers end a sign-in that is older than the last one they know.
backup-restore-1 = Quit MCP Valet where the backup is from, if it still runs there: a sign-in that two use is ended by many providers.
backup-restore-2 = Name the file, and give the passphrase that was chosen for it.
backup-restore-3 = Sign-ins that were renewed since then may have to be authorized again.
backup-file = File
backup-write = Write the backup
backup-take-in = Take it in
backup-done = Everything is in { $file }.
backup-restored = Everything in the backup is here now.
backup-settings = Back up everything
backup-first = Restore a backup
