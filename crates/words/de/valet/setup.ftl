# Andere Programme durch ihre eigenen Dateien hierher führen.

setup-no-place = hat unter { $key } etwas anderes als Einträge
setup-twice = hat { $key } zweimal, und welches davon gilt, sehen Programme verschieden
setup-unusual = ist so geschrieben, dass sich nichts dazwischensetzen lässt
setup-link = wird über einen Link erreicht, dem nicht gefolgt werden darf: er führt zu { $to }
setup-of-another = ist die Datei von { $program }
setup-not-own = gehört jemand anderem
setup-read-only = darf nur gelesen werden
setup-linked = hat einen zweiten Namen auf dieser Platte, der beim Alten bliebe
setup-no-folder = lässt sich nicht anlegen: den Ordner { $folder } gibt es nicht
setup-changed = wurde inzwischen geändert
setup-changed-advice = Das Programm schließen, dem sie gehört, und es noch einmal versuchen.
setup-rights-advice = Das ändern und es noch einmal versuchen; oder die Zeilen selbst einsetzen.
setup-paste-advice = Sie bleibt, wie sie ist. Die Zeilen selbst einsetzen.
setup-newer = das hat ein neueres MCP Valet geschrieben; jenes verwenden
setup-taken = hat etwas anderes unter dem Namen { $names }
setup-taken-advice = Das bleibt. Es dort oder den Server hier umbenennen und es noch einmal versuchen.
setup-boxed = gehört einem Programm in einer Sandbox ({ $kind }), das eigene Dateien liest und keine Programme starten darf
setup-boxed-advice = Wo es Programme dieses Computers starten darf, die Zeilen in seine eigene Datei setzen.
setup-no-trace = ist nicht da, und sonst auch nichts von diesem Programm
setup-no-trace-advice = Das Programm einmal starten, dann noch einmal versuchen.
setup-lost = ist nicht mehr, wo sie war, als sie geschrieben wurde
setup-lost-advice = Die Einträge, die mcp-valet starten, selbst herausnehmen.
setup-overwritten = wurde gleich danach von ihrem Programm überschrieben
setup-kept = erreicht { $names } selbst, mit einem Schlüssel oder einer Einstellung neben der Adresse
setup-kept-advice = Dieser Eintrag bleibt. Den Schlüssel MCP Valet geben, den Eintrag dort herausnehmen und es noch einmal versuchen.
