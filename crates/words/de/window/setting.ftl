# Wie MCP Valet selbst eingestellt ist.

setting-start = Beim Einloggen starten
setting-start-note = Programme können es gleich nach dem Einloggen nutzen.
setting-agents = Neue Programme
setting-programs = Alle Programme, und was jedes darf
setting-agents-choice-ask-name = Fragen
setting-agents-choice-ask-text = Entscheidung beim ersten Mal.
setting-agents-choice-allow-name = Alle erlauben
setting-agents-choice-allow-text = Jedes Programm darf jeden Server nutzen.
setting-agents-choice-deny-name = Keine erlauben
setting-agents-choice-deny-text = Nur bereits erlaubte Programme dürfen einen Server nutzen.
setting-agents-sure = Jedes Programm jeden Server nutzen lassen?
setting-agents-sure-note = Neue Programme dürfen dann ohne Frage alles nutzen, wer sie auch sind. Abgelehnte Programme bleiben abgelehnt.
setting-vault = Wo Anmeldungen liegen
setting-unsaved = Neue Anmeldungen lassen sich gerade nicht speichern. Sie bleiben so lange im Arbeitsspeicher, und es wird wieder versucht. Bitte prüfen, ob die Festplatte voll ist, und den Schlüsselbund mit dem Passwortprogramm des Desktops ansehen.
setting-locked-memory = Bestehende Anmeldungen sind noch im Arbeitsspeicher, da es keinen anderen Ort für sie gibt.
setting-unlock = Entsperren
setting-unlocking = Entsperre…
setting-lock = Jetzt sperren
setting-lock-rules = Automatisch sperren
setting-lock-rule-suspend-name = Bevor der Computer schläft
setting-lock-rule-suspend-text = Entsperrt sich bei der Rückkehr.
setting-lock-rule-screen-name = Solange der Bildschirm gesperrt ist
setting-lock-rule-screen-text = Programme können so lange nicht weiterarbeiten. Entsperrt sich mit dem Bildschirm.
setting-lock-rule-idle-name = Wenn nichts es nutzt
setting-lock-rule-idle-text = Entsperren geschieht von Hand.
setting-pause-never = Nie
setting-pause-minutes = { $minutes ->
    [one] Nach 1 Minute
   *[other] Nach { $minutes } Minuten
}
setting-pause-hours = { $hours ->
    [one] Nach 1 Stunde
   *[other] Nach { $hours } Stunden
}
setting-notices = Hinweise
setting-trouble = Konfiguration
setting-callbacks = Wohin Anmeldungen zurückkehren
setting-callbacks-note = Der Browser kehrt zu diesen Adressen zurück. Mit einer eigenen Client-ID steht der Port unter Details; Host und TLS stehen in der Konfigurationsdatei.
setting-callback-address = Adresse
setting-files = Dateien
setting-log = Protokoll
setting-configuration = Konfiguration
setting-audit = Wer was genutzt hat
setting-socket = Socket für Programme
setting-diagnostics = Diagnose
setting-diagnostics-note = Versionen, Zustände und Codes, für eine Fehlermeldung. Keine Schlüssel und keine Geheimnisse.
setting-diagnostics-copy = Diagnose kopieren
setting-show = Zeigen, was kopiert wird
setting-version = Version { $version }
setting-lock-note-keychain = Vergisst alle Schlüssel im Arbeitsspeicher. Programme warten bis zum Entsperren.
setting-lock-note-file = Vergisst alle Schlüssel und die Passphrase. Programme warten, bis sie eingegeben ist.
setting-lock-note-memory = Programme warten bis zum Entsperren. Schlüssel bleiben im Arbeitsspeicher, da es keinen anderen Ort für sie gibt.
setting-lock-note-shared = Von Hand gesperrt sind alle Rechner der Flotte gesperrt.
setting-vault-keychain-name = Schlüsselbund
setting-vault-keychain-text = Anmeldungen liegen im Schlüsselbund des Desktops.
setting-vault-locked = { $name }, gesperrt
setting-vault-unlocked = { $name }, entsperrt
setting-vault-file-name = Verschlüsselte Datei
setting-vault-file-text = Anmeldungen liegen in einer Datei, die nur die Passphrase öffnet.
setting-vault-memory-name = Arbeitsspeicher
setting-vault-memory-text = Anmeldungen liegen im Arbeitsspeicher und sind mit dem Ende von MCP Valet fort.
setting-vault-shared-name = Gemeinsamer Tresor
setting-vault-shared-text = Anmeldungen liegen versiegelt in dem Tresor, den die Rechner einer Flotte teilen.
setting-locked-by-person = Bis zum Entsperren lässt sich nichts nutzen.
setting-locked-by-idle = Eine Weile hat nichts es genutzt. Bis zum Entsperren lässt sich nichts nutzen.
setting-locked-by-screen = Der Bildschirm wurde gesperrt. Entsperrt sich mit dem Bildschirm.
setting-locked-by-sleep = Der Computer hat geschlafen. Entsperrt sich mit dem Bildschirm.
setting-rules = Programme, zu denen du nie geantwortet hast
setting-rules-note = Was sie dürfen, wo sie etwas dürfen, und womit eine Frage beginnt.
