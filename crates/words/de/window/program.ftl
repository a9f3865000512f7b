# Programme, und alles, was jedes darf.

program-title = Programme
program-foot = { $count ->
    [one] 1 Programm, und was es darf
   *[other] { $count } Programme, und was jedes darf
}
program-note = Die Antworten zu jedem Programm, bis sie zurückgenommen werden.
program-none = Keine Antworten sind gemerkt. Ein Programm, das einen Server nutzen will, fragt zuerst.
program-gone = Zu diesem Programm ist nichts gemerkt.
program-may = Darf nutzen
program-may-not = Darf nicht nutzen
program-may-use = { $count ->
    [one] Darf 1 Server nutzen
   *[other] Darf { $count } Server nutzen
}
program-may-not-use = { $count ->
    [one] 1 nicht erlaubt
   *[other] { $count } nicht erlaubt
}
program-take-back = Alles zurücknehmen
program-take-back-title = Alles von { NAME($name) } zurücknehmen?
program-take-back-note = Es fragt wieder, bevor es einen Server nutzt. Ein Schlüssel, den es schon hat, gilt, bis er abläuft. Was verweigert wurde, bleibt verweigert.
program-taking-back = Wird zurückgenommen…
program-taken-back = { $count ->
    [0] Es gab nichts zurückzunehmen.
    [one] Zurückgenommen: 1 Server.
   *[other] Zurückgenommen: { $count } Server.
}
