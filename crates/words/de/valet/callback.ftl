# Die Seiten, die der Browser bei der Rückkehr zeigt.

callback-done-heading = { $server } ist bereit
callback-failed-heading = { $server } ist nicht bereit
callback-not-believed-heading = Diese Antwort wurde nicht angenommen
callback-awaited-heading = Noch nicht bestätigt
callback-used-up-heading = Diese Seite wurde schon benutzt
callback-given-up-heading = Diese Anmeldung wurde abgebrochen
callback-not-waited-for-heading = Keine Anmeldung wartet darauf
callback-incomplete-heading = Diese Adresse ist nicht vollständig
callback-nothing-heading = Hier ist nichts
callback-wrong-method-heading = Das war nicht zu verstehen
callback-done-text = Die Anmeldung ist gelungen. Diese Seite kann geschlossen werden.
callback-awaited-text = Die Anmeldung ist zurück, aber der Anbieter lässt sich mit der Bestätigung Zeit.
callback-used-up-text = Jede Anmeldung lässt sich einmal abschließen, und bei dieser ist es geschehen.
callback-given-up-text = Sie wurde abgebrochen, oder MCP Valet wurde vorher gesperrt. Nichts wurde geändert.
callback-not-waited-for-text = Sie ist vielleicht abgelaufen, oder eine neuere trat an ihre Stelle.
callback-incomplete-text = Die Anmeldeseite hätte mehr mitschicken sollen. Nichts wurde geändert.
callback-nothing-text = MCP Valet wartet hier nur darauf, dass Anmeldungen zurückkommen.
callback-wrong-method-text = Anmeldungen kommen hier nur per GET zurück. Nichts wurde geändert.
callback-foreign-host-text = Die Frage kam unter einem fremden Namen. Nichts wurde geändert.
callback-done-advice = Tokens gelten für { $resource }, nicht für diesen Server allein.
callback-not-believed-advice = Was vorher da war, funktioniert weiter. Die Anmeldung in MCP Valet neu beginnen.
callback-awaited-advice = Diese Seite kann geschlossen werden. MCP Valet wartet bis zu fünf Minuten und zeigt, was daraus wird.
callback-used-up-advice = Zeigt MCP Valet den Server nicht als bereit, dort neu beginnen.
callback-not-waited-for-advice = Die Anmeldung in MCP Valet neu beginnen.
callback-nothing-advice = Diese Seite kann geschlossen werden.
