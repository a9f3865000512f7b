# Andere Programme, die hierher geführt werden.

connect-now = Verbinden
connect-shown = Diese Zeilen kommen in seine Datei. Alles andere darin bleibt, wie es ist.
connect-shown-back = Diese Zeilen kommen aus seiner Datei heraus.
connect-change = Datei ändern
connect-not-now = Nicht jetzt
connect-put-back = Zurücknehmen
connect-done = Verbunden. Ein laufendes Programm liest es bei seinem nächsten Start.
connect-is-back = Es ist, wie es war.
connect-forget = Vergessen
connect-forgotten = Vergessen.
connect-shown-forget = In diese Dateien lässt sich nichts mehr zurücklegen. In sie wird nichts geschrieben, und kein Schlüssel wird gelöscht oder herausgegeben.
connect-lost = { $file } ({ $program }) { $why }.
connect-lost-keys = Bleibt im Tresor: { $keys }
connect-title = Andere Programme
connect-under = Programme auf diesem Computer, die MCP-Server aufführen, und welche der eigenen sie über MCP Valet erreichen.
connect-none = Kein bekanntes wurde gefunden.
connect-led = Verbunden mit { $servers }
connect-not-led = Nicht verbunden
connect-missing = Noch nicht dort: { $servers }
connect-nothing = Nichts zu ändern.
