# Die Server anderer Programme.

import-title = Importieren
import-from = Aus anderen Programmen importieren
import-under = Server, die andere Programme auf diesem Computer führen. Dort wird nichts geändert.
import-looking = Lese ihre Listen…
import-nothing = Kein anderes Programm führt hier Server.
import-nothing-new = Alles, was sich hinzufügen lässt, ist schon hier.
import-choose = Zum Hinzufügen auswählen
import-add = { $count ->
    [one] 1 Server hinzufügen
   *[other] { $count } Server hinzufügen
}
import-adding = Füge hinzu…
import-added = Hinzugefügt
import-called = heißt dort { $name }
import-disabled = Dort abgeschaltet
import-older = Spricht die ältere Übertragung (HTTP+SSE). Führe deine Programme mit „mcp-valet connect“ hierher.
import-client = Seine Client-ID wird übernommen.
import-left-authorization = Hat einen eigenen Authorization-Header; MCP Valet würde sich stattdessen anmelden.
import-left-headers = Seine eigenen Header werden nicht übernommen.
import-left-client_secret = Sein Client-Secret wird nicht übernommen; es gehört unter Details.
import-left-client = Seine Client-ID liegt anderswo und wird nicht übernommen.
import-here = Schon hier
import-others = { $count ->
    [one] 1 Eintrag ist nichts für MCP Valet
   *[other] { $count } Einträge sind nichts für MCP Valet
}
import-why-local = läuft auf diesem Computer und braucht keine Anmeldung
import-why-uses_valet = nutzt MCP Valet schon
import-why-no_address = hat keine brauchbare Adresse
import-why-plain_http = geht ohne https über das Netz
import-why-variables = hat eine Adresse, die nur jenes Programm ausfüllen kann
import-why-key_in_address = hat einen Schlüssel in der Adresse und braucht deshalb keine Anmeldung
import-unread = { $program }: diese Datei
import-point = Programme hierher führen
import-point-note = Jedes meldet sich weiter selbst an, bis sein eigener Eintrag hierher führt. Dies gehört an die Stelle des alten:
import-open = { $name } öffnen
import-left-key = Nimmt einen API-Schlüssel, der nicht kopiert wird: ihn hier eintragen, sobald er hinzugefügt ist.
