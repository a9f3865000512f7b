# Geheimnisse aus den Dateien anderer Programme holen.

adopt-unused = sein Programm verwendet ihn nicht: er ist dort abgeschaltet oder noch nicht gebilligt
adopt-folder = er braucht den Ordner seines Projekts
adopt-variables = er hat Teile, die nur sein Programm ausfüllen kann
adopt-argument = ein Geheimnis ist ein Argument, das jeder Benutzer dieses Computers lesen kann: es dort in einer Variablen angeben oder dem mit --with-arguments zustimmen
adopt-address = ein Geheimnis ist Teil seiner Adresse und hat keinen anderen Platz
adopt-older = er gehört zum älteren Transport (HTTP+SSE)
adopt-client = er hat einen von Hand eingetragenen Client: ihn mit mcp-valet import hinzufügen und MCP Valet sein Geheimnis geben
adopt-more = er hat daneben etwas, das fehlen würde: { $names }
adopt-excepted = er soll bleiben
adopt-file = seine Datei { $trouble }
adopt-in-header = Header { $name }
adopt-in-variable = Variable { $name }
adopt-in-argument = Argument { $number }
adopt-in-address = die Adresse
adopt-in-client = das Geheimnis seines Clients
adopt-beside = hat daneben etwas, das nicht gelesen wurde, etwa einen Kommentar, oder was wie ein Geheimnis aussieht
adopt-not-ours = hat inzwischen einen eigenen Eintrag für „{ $entry }“: Der Schlüssel von „{ $server }“ bleibt hier
adopt-not-ours-advice = Den Schlüssel von Hand dorthin kopieren; was zum Zurücklegen nötig ist, bleibt gemerkt, bis `mcp-valet adopt --forget` mit seinem Programm es vergisst.
adopt-gets-key = bekommt damit seinen Schlüssel
