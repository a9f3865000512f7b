# Hinweise, die stehen bleiben, bis sie vorbei sind.

notice-not-added = „{ $server }“ wurde nicht hinzugefügt: { $detail }. { $advice }
notice-shared-address = { $servers } kehren zur selben Adresse { $uri } zurück und sagen nicht, von wem sie kommen; so könnte einer die Anmeldung eines anderen als seine ausgeben. Allen bis auf einen einen anderen `oauth.callbackPath` geben und diese Redirect-URI dort registrieren.
notice-calls-itself = { $issuer } nennt sich gegen die Regeln { $own }; das ist bekannt, und die Anmeldung geht weiter
notice-audit-unwritten = Das Audit ließ sich nicht schreiben: { $missing } Einträge über das, was seitdem geschah, fehlen darin. Prüfen, ob die Festplatte voll ist.
notice-passphrase = Mit der Passphrase von systemd bleibt der Tresor zu: { $error }. { $advice }
notice-unsaved = „{ $server }“: Die Anmeldung liegt nur im Arbeitsspeicher, denn der Tresor nimmt sie nicht. Es wird wieder versucht; prüfen, ob die Festplatte voll ist, und den Schlüsselbund mit dem Passwortprogramm des Desktops.
notice-audit-key-gone = Der Schlüssel des Audits ist verschwunden, von dort, wo Geheimnisse liegen, und ein neuer ist gemacht. Wer ihn nahm, könnte ältere Einträge geändert haben: `mcp-valet audit --verify` sagt, was sich noch prüfen lässt.
notice-answers-unkept = Was zuletzt über Programme geantwortet oder zurückgenommen wurde, liegt nur im Arbeitsspeicher, denn der Tresor nimmt es nicht. Es wird wieder versucht; prüfen, ob die Festplatte voll ist, und den Schlüsselbund mit dem Passwortprogramm des Desktops.
notice-slow = „{ $server }“: { $host } wurde nach einem Token gefragt und hat noch nicht geantwortet. Gewartet wird bis zu fünf Minuten. Was kommt, wird behalten, gesperrt oder nicht. Endet MCP Valet vorher, oder schläft der Computer, neu anmelden, falls es danach nicht geht.
notice-slow-revoked = „{ $server }“: { $host } wurde nach einem Token gefragt und hat noch nicht geantwortet. Gewartet wird bis zu fünf Minuten. Es wurde inzwischen widerrufen: Was kommt, wird dort sofort beendet und nicht behalten.
notice-key-not-set = Der Schlüssel, dem für „{ $server }“ zugestimmt wurde, ließ sich nicht eintragen: { $detail }. { $advice }
notice-files-unchanged = Was für { $programs } zugestimmt wurde, ist nicht geschehen: { $detail }. { $advice }
notice-not-forwarded = Was für { $host } zugestimmt war, geschah nicht: { $detail }. { $advice }
notice-forward-ended = Die Weiterleitung zu { $host } ist beendet: { $detail }. { $advice }
