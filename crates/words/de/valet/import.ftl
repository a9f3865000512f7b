# Was andere Programme aufführen, und warum etwas davon nicht übernommen wird.

import-unknown-client = es ist eines von { $names }
import-local = läuft auf diesem Computer und braucht keine Anmeldung
import-uses-valet = nutzt MCP Valet schon
import-no-address = hat keine Adresse, die sich verwenden lässt
import-plain-http = geht ohne https über das Netz
import-variables = hat eine Adresse, die nur jenes Programm ausfüllen kann
import-key-in-address = hat einen Schlüssel in seiner Adresse, braucht also keine Anmeldung
import-left-authorization = hat einen eigenen Authorization-Header; MCP Valet würde sich stattdessen anmelden
import-left-headers = seine eigenen Header werden nicht übernommen
import-left-secret = sein Client-Secret wird nicht übernommen; es wird danach gefragt
import-left-client = seine Client-ID liegt anderswo und wird nicht übernommen
import-unreadable = lässt sich nicht lesen ({ $error })
import-no-file = ist keine einfache Datei
import-too-large = ist größer als die { $limit } MiB, die angesehen werden: sie hat { $size }
import-no-text = ist kein Text in UTF-8
import-malformed-at = ist nicht { $form } wie erwartet (Zeile { $line })
import-malformed = ist nicht { $form } wie erwartet
import-too-many = führt mehr Server auf, als angesehen werden
import-odd-projects = hat Projekte, die nicht wie erwartet sind und ausgelassen wurden
import-left-key = nimmt einen Schlüssel, der nicht kopiert wird: ihn MCP Valet geben, sobald er hinzugefügt ist
