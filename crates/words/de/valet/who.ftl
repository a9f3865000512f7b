# Was neben dem Namen eines Programms steht.

who-foreign = in einem Container oder einer Sandbox
who-orphan = was es gestartet hat, ist beendet
who-hidden = es verbirgt, was es ist
who-changed = es ist nicht mehr das Programm, das sich verbunden hat
who-app-image = ein AppImage, das sich selbst nennt
who-through-from = durch { $file }, in { $place }, aus { $folder }
who-through = durch { $file }, in { $place }
who-without-file = Ein Programm ohne Datei
who-program-in = Ein Programm in { $place }
who-unknown = Ein unbekanntes Programm
who-in = { $name } in { $place }
who-local-server = lokaler Server { $server }
who-says-on = { $name }, wie es sagt, auf { $host }
who-on = Ein Programm auf { $host }
who-forwarded = über eine Weiterleitung; bekannt ist der Ort, nicht das Programm
who-says-by-door = { $name }, wie es sagt
who-of-host-by-door = { $host } ({ $name }, wie es sagt)
who-by-door = mit dem Code { $code }, über die Adresse für Web-Clients; dorthin geht seine Antwort
who-by-door-from-elsewhere = mit dem Code { $code }, über die Adresse für Web-Clients; dorthin geht seine Antwort, auf dem Rechner, von dem die Anfrage kommt
who-container = Container { $name }
who-container-of = Container { $name } (Image { $image })
who-container-by = ein Container dieses Rechners, { $id }, wie { $engine } sagt; alle Programme darin zusammen
