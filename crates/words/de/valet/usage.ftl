# Was an einer Befehlszeile falsch ist.

usage-unknown-argument = hier gibt es kein { $argument }
usage-unknown-command = es gibt keinen Befehl „{ $command }“
usage-missing = { $argument } fehlt
usage-conflict = { $argument } und { $other } gehen nicht zusammen
usage-twice = { $argument } steht zweimal da
usage-no-value = { $argument } braucht einen Wert
usage-no-number = „{ $value }“ ist keine Zahl, die { $argument } nimmt
usage-value-because = „{ $value }“ ist kein Wert für { $argument }: { $why }
usage-value = „{ $value }“ ist kein Wert für { $argument }
usage-unclear = das ist nicht als Befehl zu lesen
usage-advice = `mcp-valet help` führt die Befehle auf, und `--help` hinter einem zeigt, wie er geschrieben wird.
usage-advice-meant = War `{ $meant }` gemeint? `--help` hinter einem Befehl zeigt, wie er geschrieben wird.
