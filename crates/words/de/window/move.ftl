# Holen, was andere Programme im Klartext haben.

move-title = Geheimnisse im Klartext
move-under = Programme auf diesem Computer führen Server mit Schlüsseln und Passwörtern in ihren eigenen Dateien auf, wo sie lesen kann, was die eigenen Dateien liest.
move-looking = Wird angesehen …
move-lying = { $count ->
        [0] Kein Geheimnis liegt im Klartext
        [one] 1 Geheimnis liegt im Klartext
       *[other] { $count } Geheimnisse liegen im Klartext
    }
move-none = Keine der bekannten Listen hat eines.
move-of = { $program }, { $file }
move-for-project = für das Projekt { $project }
move-everything = Alles holen
move-planned = Was geholt würde
move-planned-note = Was wie ein Geheimnis aussieht, kommt in den Tresor und wird von dort zurückgelesen. Erst dann werden die Dateien geändert: die Programme erreichen ihre Server durch MCP Valet. Herausnehmen, was bleiben soll.
move-arguments = Auch Geheimnisse, die Argumente sind. Wer diesen Computer benutzt, kann sie weiter lesen, solange der Server läuft.
move-into-vault = In den Tresor: { $secrets }
move-signs-in = Hier einmal anmelden
move-there = Gibt es hier schon.
move-stays = Was bleibt
move-copies = Kopien
move-copied = { $count ->
        [one] Auch { $file } hat eines dieser Geheimnisse. Löschen, sobald nichts sie braucht.
       *[other] Auch { $file } hat { $count } dieser Geheimnisse. Löschen, sobald nichts sie braucht.
    }
move-files = Die Dateien
move-now = Holen und die Dateien ändern
move-nothing = Nichts zu holen.
move-moved = Was geholt wurde
move-done = { $count ->
        [one] Geholt. 1 Datei wurde geändert.
       *[other] Geholt. { $count } Dateien wurden geändert.
    }
move-restart = Laufende Programme lesen ihre Dateien beim nächsten Start. Ein Schlüssel, der im Klartext lag, kann kopiert worden sein: ihn beim Anbieter ersetzen.
move-returns = Der Schlüssel { $key } von { NAME($server) } geht im Klartext zurück an { $program }.
move-returns-gone = Der Schlüssel { $key } von { NAME($server) } ist gelöscht und kann nicht zurück: für { $program } wird FILL IN geschrieben.
move-returns-another = Der Schlüssel { $key } von { NAME($server) } ist ein anderer, als dort herausgenommen wurde, und bleibt: für { $program } wird FILL IN geschrieben.
move-foot = { $count ->
        [one] 1 Geheimnis liegt im Klartext
       *[other] { $count } Geheimnisse liegen im Klartext
    }
