# Die Liste der Server, und was darüber steht.

list-questions = Fragen
list-attention = Zu erledigen
list-ready = Bereit
list-resting = Nicht jetzt
list-filter = Server filtern
list-none = Kein Server passt zu „{ $text }“.
list-more = { $count } weitere zeigen
list-fewer = Weniger zeigen
list-later = { $count ->
    [one] Eine weitere folgt, sobald diese beantwortet sind.
   *[other] { $count } weitere folgen, sobald diese beantwortet sind.
}
list-wanted = { NAME($agent) } wartet darauf
list-on-device = Auf anderem Gerät
list-no-tray = Dieser Desktop zeigt kein Symbol in der Leiste. MCP Valet läuft weiter, wenn dieses Fenster zu ist; ein neuer Start führt wieder hierher.
list-pick = Links einen Server wählen.
list-summary = { $ready } bereit
list-summary-waiting = { $ready } bereit, { $waiting } zu erledigen
list-answer = Antworten
list-locked = Gesperrt
list-forgets = Anmeldungen gehen mit dem Ende von MCP Valet verloren
list-forgets-note = Dieser Computer hat keinen Schlüsselbund dafür.
list-trouble = Mit der Konfiguration stimmt etwas nicht
list-asleep = { NAME($server) } in der Konfiguration startet ein Programm. Das geschieht erst nach Zustimmung.
list-asleep-look = Ansehen
list-asleep-title = { NAME($server) } starten, wenn es verwendet wird?
list-asleep-verb = Einverstanden
