# Was gefragt wird.

question-title = Frage
question-of = { $at } von { $all }
question-use = { NAME($agent) } möchte { NAME($server) } nutzen
question-use-several = { NAME($agent) } möchte { $count } Server nutzen
question-form-proxied = Geht über MCP Valet
question-form-proxied-note = Es nutzt den Server und sieht keinen Schlüssel. Wird dies zurückgenommen, ist es sofort zu Ende.
question-form-token = Bekommt einen eigenen Schlüssel
question-form-token-note = Gültig für { $long }, nie das Passwort. Vorher lässt er sich nicht zurückholen.
question-form-token-note-unknown = Einen kurzlebigen, nie das Passwort.
question-form-lasting_token = Bekommt einen dauerhaften Schlüssel
question-form-lasting_token-note = Er ist gültig für { $long }. Einmal vergeben, kann MCP Valet ihn nicht zurückholen.
question-form-lasting_token-note-unknown = Er läuft nie ab. Einmal vergeben, kann MCP Valet ihn nicht zurückholen.
question-minutes = { $count ->
    [one] 1 Minute
   *[other] { $count } Minuten
}
question-hours = { $count ->
    [one] 1 Stunde
   *[other] { $count } Stunden
}
question-days = { $count ->
    [one] 1 Tag
   *[other] { $count } Tage
}
question-also = Es darf diesen Server schon nutzen, mit weniger. Neu dazu: { $scopes }
question-itself-now = Es darf diesen Server schon nutzen, aber nicht mit einem solchen Schlüssel.
question-is-new = neu
question-for-now-at-most = { NAME($agent) } ist nicht sicher genug zu erkennen, um auf Dauer erlaubt zu werden.
question-cannot-be-told = { NAME($agent) } ist von anderen Programmen nicht zu unterscheiden. Deshalb wird keine Antwort gemerkt.
question-add = { NAME($agent) } möchte { NAME($server) } hinzufügen
question-add-note = Es bringt Einstellungen mit, die bestimmen, wo und wie die Anmeldung geschieht. Nur hinzufügen, wenn sie bekannt sind.
question-address = Adresse
question-settings = Einstellungen
question-secret = ein Geheimnis, nicht gezeigt
question-add-yes = Hinzufügen
question-add-no = Nicht hinzufügen
question-read-first = Für ein Ja alles durchblättern.
question-replace = Die Anmeldung bei { NAME($server) } ersetzen?
question-replace-note = Eine Anmeldung, die { NAME($agent) } begonnen hat, ist zurückgekommen. Vielleicht gilt sie für ein anderes Konto. Die bisherige funktioniert.
question-sign-in = Die Anmeldung bei { NAME($server) } fortsetzen?
question-sign-in-note-redirect_uri = Sie läuft über { $issuer } und soll an eine Adresse zurückführen, die zu { $other } gehört:
question-sign-in-note-page = Sie läuft über { $issuer } und führt auf Seiten, die auch { $other } hat:
question-sign-in-risk = Ist { $issuer } unbekannt, lieber Nein sagen: Sonst bekommt es womöglich Zugang zu dem, was { $other } verwahrt.
question-sign-in-yes-redirect_uri = Die Adresse überlassen
question-sign-in-yes-page = Fortsetzen
question-sign-in-no = Anmeldung abbrechen
question-resource = Für mehr als diesen Server
question-configuration = Die Konfiguration wurde geändert
question-configuration-note = Jemand hat die Datei bearbeitet. Damit ist mehr erlaubt als zuvor:
question-program = Programm
question-scopes = Berechtigungen
question-no-scopes = Der Server nannte keine.
question-unknown-scopes = Die, denen bei der Anmeldung zugestimmt wird.
question-servers = Server
question-reach = Wie weit
question-reach-everything = Alles
question-reach-proxy_only = Nur über MCP Valet
question-reach-proxy_only-note = Es bekommt keinen Schlüssel: Der jetzt verlangte wird verweigert.
question-lasts = Wie lange
question-lasts-once = Einmal
question-lasts-quarter_hour = 15 Minuten
question-lasts-hour = 1 Stunde
question-lasts-today = Heute
question-lasts-for_now = Vorerst
question-lasts-always = Immer
question-means-once = Die Antwort gilt nur für dieses Mal.
question-means-until = Die Antwort gilt bis { $until }.
question-means-today = Die Antwort gilt bis Mitternacht.
question-means-for_now = Die Antwort gilt, bis MCP Valet endet.
question-means-always = Die Antwort gilt, bis sie zurückgenommen wird.
question-allow = Erlauben
question-allow-some = { $count } von { $all } erlauben
question-grew = Weitere Server sind dazugekommen. Vor der Antwort noch einmal hinsehen.
question-allow-rest = Was nicht angekreuzt ist, wird nicht erlaubt.
question-deny = Nicht erlauben
question-yes-key = Strg+Eingabe
question-no-key = Strg+Rücktaste
question-replace-yes = Ersetzen
question-replace-no = Bisherige behalten
question-configuration-yes = Neue Konfiguration nutzen
question-configuration-no = Alte behalten
question-gone = Diese Frage ist erledigt.
question-gone-note = Sie wurde anderswo beantwortet, oder das fragende Programm ist fort.
question-waiting = { $more ->
    [one] 1 Frage wartet
   *[other] { $more } Fragen warten
}
question-key = { NAME($agent) } bringt einen API-Schlüssel für { NAME($server) }
question-key-replace = { NAME($agent) } bringt einen anderen API-Schlüssel für { NAME($server) }
question-key-note = Er geht in jede Anfrage an diesen Server, für jedes erlaubte Programm. Nur nehmen, wenn man ihn diesem Programm gegeben hat.
question-key-replace-note = Er tritt an die Stelle dessen, der da ist, für jedes erlaubte Programm, und kann von einem anderen Konto sein. Nur nehmen, wenn man ihn diesem Programm gegeben hat.
question-key-headers = Geht in
question-key-yes = Diesen Schlüssel nehmen
question-key-no = Nicht nehmen
question-reach-by_rules = Nur lesen, vor dem Rest fragen
question-reach-by_rules-note = Was liest, sagt der Server. Es geht über MCP Valet und bekommt keinen Schlüssel; einer, den es schon hat, lässt sich nicht zurückholen.
question-call = { NAME($agent) } will { NAME($tool) } bei { NAME($server) } aufrufen
question-call-tool = Werkzeug
question-call-method = Methode
question-call-server = Server
question-call-as = { $host }, als { $account }
question-call-arguments = Was ihm gesagt wird
question-call-no-arguments = Nichts.
question-call-class-read = Es liest, sagt der Server oder du.
question-call-class-change = Es ändert oder ergänzt etwas.
question-call-class-destroy = Es löscht oder überschreibt vielleicht.
question-call-new = Dieses Werkzeug kam dazu, nachdem du den Server erlaubt hast. Du hast es noch nicht gesehen.
question-call-changed = Dieses Werkzeug ist nicht mehr, was du gesehen hast:
question-call-unlisted = Der Server hat kein solches Werkzeug aufgezählt.
question-call-unknown = MCP Valet weiß nicht, was diese Methode tut.
question-call-says-else = Es beschreibt sich anders als vorher.
question-call-looks-like = Sein Name sieht aus wie der eines anderen Werkzeugs: { $other }
question-call-count = { $count } Aufrufe, die Wort für Wort gleich sind, warten auf diese Antwort.
question-difference-class = Es sagte „{ $was }“ und sagt jetzt „{ $is }“.
question-difference-added = Es nimmt { NAME($name) }, was es nicht nahm.
question-difference-removed = Es nimmt { NAME($name) } nicht mehr.
question-difference-other = Es nimmt { NAME($name) } in anderer Form.
question-difference-schema = Was es nimmt oder gibt, ist im Ganzen anders.
question-for = Deine Antwort gilt für
question-for-call = Diesen Aufruf
question-for-tool = Dieses Werkzeug
question-for-call-note = Beim nächsten Aufruf wird wieder gefragt.
question-call-yes = Diesen Aufruf erlauben
question-call-yes-tool = Dieses Werkzeug erlauben
question-call-no-tool = Dieses Werkzeug nicht erlauben
question-account = Welches Konto von { $host } darf { NAME($agent) } hier nutzen?
question-account-of = { NAME($agent) } möchte { NAME($server) } hier nutzen
question-folder = Der Ordner, in dem es arbeitet
question-account-no-folder = Für diesen Ordner ist kein Konto da.
question-account-not-for = Dieses Konto ist nicht für diesen Ordner da.
question-account-for = Für { $folders }
question-account-which = Konto
question-account-note = Gilt für dieses Programm in diesem Ordner, bis MCP Valet endet. Ob es das Konto überhaupt nutzen darf, ist eine andere Frage. Ein Konto für immer bekommt der Ordner in der Konfiguration (folders).
question-account-yes = Dieses Konto nutzen
question-account-no = Keins
question-as = Als { $account }
question-in = In { $folder }
question-files = { NAME($agent) } möchte andere Programme hierher führen
question-files-back = { NAME($agent) } möchte andere Programme von hier wegführen
question-files-note = Diese Zeilen kämen in Dateien anderer Programme. Alles andere darin bleibt, wie es ist.
question-files-back-note = Diese Zeilen kämen aus Dateien anderer Programme heraus.
question-files-yes = Dateien ändern
question-files-no = Nicht ändern
