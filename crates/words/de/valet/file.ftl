# Was an einer Datei falsch ist.

file-circle = es ist ein Link, der im Kreis nirgendwohin führt
file-no-folder = weder { $variable } noch HOME nennt einen Ordner
file-in-its-place = an ihrer Stelle ist { $what }; das bleibt, wie es ist
file-pipe = eine benannte Pipe
file-something = etwas anderes als eine Datei
file-folder = ein Ordner
file-socket = ein Socket
file-device = ein Gerät
