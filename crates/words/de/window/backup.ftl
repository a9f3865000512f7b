# Sicherungen: die Seiten, die eine schreiben und eine übernehmen.

backup-title-backup = Sichern
backup-title-restore = Sicherung wiederherstellen
backup-backup-1 = Eine Datei nimmt alles auf: Server, Antworten über Programme, Anmeldungen und Schlüssel.
backup-backup-2 = Niemand öffnet sie ohne die Passphrase, die hier gewählt wird. Niemand kann sie wiederherstellen.
backup-backup-3 = Ab und zu eine machen: Manche Anbieter beenden eine Anmeldung, die älter ist als die letzte, die sie kennen.
backup-restore-1 = MCP Valet dort beenden, woher die Sicherung ist, falls es noch läuft: Eine Anmeldung, die zwei benutzen, beenden viele Anbieter.
backup-restore-2 = Die Datei nennen, und die Passphrase eingeben, die für sie gewählt wurde.
backup-restore-3 = Was seitdem erneuert wurde, muss vielleicht wieder angemeldet werden.
backup-file = Datei
backup-write = Sicherung schreiben
backup-take-in = Übernehmen
backup-done = Alles ist in { $file }.
backup-restored = Alles aus der Sicherung ist jetzt hier.
backup-settings = Alles sichern
backup-first = Sicherung wiederherstellen
