# Ein Server: sein Zustand, und was von ihm gesagt wird.

server-look-alike-of = Vorsicht: Der Name sieht aus wie „{ $server }“.
server-look-alike-mixes_alphabets = Vorsicht: Der Name mischt Alphabete.
server-gone = Diesen Server gibt es hier nicht mehr.
server-signs-in-at = Anmeldung bei { $host }
server-wanted-by = { NAME($agent) } wartet auf die Anmeldung.
server-added-by = Hinzugefügt von { NAME($agent) }.
server-sentence-as = , als { $account }
server-sentence-ready = Bereit{ $as }.
server-sentence-by-itself = Bereit. MCP Valet meldet sich bei Gebrauch selbst an.
server-sentence-renews-at = Bereit{ $as }. Erneuert sich selbst, das nächste Mal { $when }.
server-sentence-renews = Bereit{ $as }. Erneuert sich selbst beim nächsten Gebrauch.
server-sentence-until = Bereit{ $as }, bis { $when }. Dann ist eine neue Anmeldung nötig.
server-sentence-ended = Bereit{ $as }, aber die Zeit ist abgelaufen. Eine neue Anmeldung wird nötig.
server-sentence-unsaved = Bereit{ $as }, aber noch nicht gespeichert: Das misslang und wird wieder versucht.
server-sentence-another = Bereit{ $as }. Eine neue Anmeldung wartet im Browser.
server-sentence-another-on-device = Bereit{ $as }. Eine neue Anmeldung wartet auf einem anderen Gerät.
server-sentence-authorization_required = Noch nicht angemeldet.
server-sentence-preparing = Frage den Server, wo die Anmeldung ist…
server-sentence-waiting = Warte auf den Browser.
server-sentence-on-device = Warte auf die Anmeldung auf einem anderen Gerät.
server-sentence-choosing_issuer = Bei diesem Server lässt sich wählen, wo die Anmeldung ist.
server-sentence-needs_client_id = Dieser Server kennt MCP Valet noch nicht. Er braucht eine Client-ID.
server-sentence-declined = Nicht jetzt. Bis Sie MCP Valet wieder starten, fragt niemand nach der Anmeldung.
server-sentence-declined-for-good = Nach der Anmeldung wird nicht gefragt. Programme erfahren das.
server-sentence-lapsed = Die Anmeldung ist abgelaufen.
server-sentence-registration_lost = Der Anbieter kennt die Registrierung von MCP Valet nicht mehr.
server-sentence-failed = Die Anmeldung ist misslungen.
server-sentence-failed-by-itself = MCP Valet konnte sich nicht selbst anmelden. Es versucht es wieder, wenn ein Programm diesen Server nutzt.
server-sentence-locked = Gesperrt. Was für diesen Server verwahrt ist, lässt sich gerade nicht lesen.
server-sentence-opening = Wird geöffnet… Was für diesen Server verwahrt ist, wird gerade gelesen.
server-authorize = Anmelden
server-again = Neu anmelden
server-not-now = Nicht jetzt
server-cancel = Anmeldung bei { $name } abbrechen
server-another = Anderes Konto verwenden
server-stays = Was jetzt geht, bleibt, bis die neue Anmeldung fertig ist.
server-choose = Nimmt die Seite von selbst dasselbe Konto, dort zuerst abmelden.
server-account-unknown = Konto nicht bekannt
server-account-none = nicht angemeldet
server-on-device = Auf anderem Gerät anmelden
server-device-open = Auf einem beliebigen Gerät öffnen:
server-device-type = und diesen Code eingeben:
server-device-code = Code
server-device-until = Der Code gilt bis { $when }. Diese Seite folgt.
server-device-follows = Diese Seite folgt.
server-why = Nach der Ursache suchen
server-choose-label = Ort der Anmeldung wählen
server-choose-button = Bei { $host } anmelden
server-opened = Der Browser ist offen. Dort anmelden; diese Seite folgt.
server-not-opened = Kein Browser ließ sich öffnen. Diese Adresse bitte selbst öffnen:
server-copy-address = Stattdessen die Adresse kopieren
server-open-again = Browser noch einmal öffnen
server-last-used = Zuletzt genutzt: { $when }
server-not-used = Noch nicht genutzt
server-agents = Programme
server-program = { $name }: alles, was es darf
server-no-agents = Keine Antworten sind gemerkt. Ein Programm, das diesen Server nutzen will, fragt zuerst.
server-answers-allowed_until = Erlaubt bis { $until }
server-answers-allowed_for_now = Vorerst erlaubt
server-answers-allowed_always = Immer erlaubt
server-answers-denied_until = Nicht erlaubt bis { $until }
server-answers-denied_for_now = Vorerst nicht erlaubt
server-answers-denied_always = Nie erlaubt
server-proxy-only = nur über MCP Valet, nie mit einem Schlüssel
server-forms-proxied = nur über MCP Valet
server-forms-token = mit einem Schlüssel
server-forms-lasting_token = mit einem dauerhaften Schlüssel
server-answered = beantwortet: { $when }
server-unused = noch nicht genutzt
server-used = { $count ->
    [one] einmal genutzt: { $when }
   *[other] { $count }-mal genutzt, zuletzt { $when }
}
server-any-scope = Berechtigungen der ersten Anmeldung
server-ask-again = Wieder fragen
server-never = Nicht mehr fragen
server-undecline = Wieder fragen
server-scopes = Berechtigungen
server-no-scopes = Der Server nannte keine.
server-scope = Berechtigung
server-wanted = Gewünscht
server-granted = Erteilt
server-yes = Ja
server-no = Nein
server-missing = { $count ->
    [one] Eine gewünschte Berechtigung wurde nicht erteilt.
   *[other] { $count } gewünschte Berechtigungen wurden nicht erteilt.
}
server-use = Nutzen in
server-details = Details
server-url = Adresse
server-issuer = Anmeldung bei
server-client = Client-ID
server-own-client = Eigene Client-ID verwenden
server-redirect = Redirect-URI
server-resource = Ressource
server-other-resource = Tokens gelten für { $resource }, nicht für diesen Server allein.
server-state-ready = Bereit
server-state-authorization_required = Anmelden
server-state-waiting = Im Browser
server-state-choosing_issuer = Anmeldung wählen
server-state-needs_client_id = Braucht Client-ID
server-state-declined = Nicht jetzt
server-state-lapsed = Neu anmelden
server-state-registration_lost = Neu anmelden
server-state-failed = Fehlgeschlagen
server-state-locked = Gesperrt
server-state-opening = Wird geöffnet…
server-kind-key = API-Schlüssel
server-sentence-key = Bereit, mit einem API-Schlüssel. Programme sehen ihn nie, wenn man es ihnen nicht eigens erlaubt.
server-sentence-key_required = Dieser Server nimmt einen API-Schlüssel. Ihn hier eintragen.
server-sentence-key_refused = Der Server hat den API-Schlüssel abgelehnt.
server-state-key_required = Schlüssel eintragen
server-state-key_refused = Schlüssel abgelehnt
server-keys = API-Schlüssel
server-key-label = API-Schlüssel
server-key-named = API-Schlüssel „{ $name }“
server-key-goes = geht in { $headers }
server-key-empty = Den Schlüssel vom Anbieter einfügen.
server-key-set = Schlüssel eintragen
server-key-replace = Schlüssel ersetzen
server-key-wipe = Löschen
server-key-wiping = Wird gelöscht …
server-key-wipe-title = Den API-Schlüssel von { NAME($name) } löschen?
server-key-wipe-note = Er verschwindet aus MCP Valet und lässt sich nicht mehr lesen. Beim Anbieter gilt er, bis er dort beendet wird.
server-key-saved = Der Schlüssel ist eingetragen.
server-key-wiped = Der Schlüssel ist hier gelöscht. Ihn auch beim Anbieter beenden.
server-key-missing = Nicht eingetragen, oder gesperrt
server-key-since = Eingetragen { $when }
server-key-since-by = Eingetragen { $when }, gebracht von { NAME($agent) }
server-key-end = Ein Schlüssel wird dort beendet, wo er gemacht wurde: beim Anbieter.
server-key-page = { $host } öffnen
server-key-sign-in = Stattdessen anmelden, und den Schlüssel löschen
server-headers = Header
server-by-rules = nur über MCP Valet, nach Regeln
server-tools = Was seine Werkzeuge tun
server-tools-note = Das sagt der Server, und MCP Valet kann es nicht prüfen. Sag es anders, wo du es besser weißt.
server-tools-none = Der Server hat seine Werkzeuge noch nicht aufgezählt.
server-tools-new = { $count ->
    [one] 1 Werkzeug ist neu oder nicht mehr, was es war, und fragt, bis du es gesehen hast.
   *[other] { $count } Werkzeuge sind neu oder nicht mehr, was sie waren, und fragen, bis du sie gesehen hast.
}
server-tools-stale = Der Server hat inzwischen einiges geändert, was du angekreuzt hattest; es ist nicht mehr angekreuzt. Sieh es dir noch einmal an.
server-tools-ticked = { $count ->
    [one] 1 angekreuzt:
   *[other] { $count } angekreuzt:
}
server-tools-tick-all = Alle ankreuzen
server-tool-class-read = Liest
server-tool-class-change = Ändert
server-tool-class-destroy = Löscht
server-tool-class-server = Wie der Server sagt
server-tool-said-by-person = sagst du
server-tool-said-by-server = sagt der Server
server-tool-said-by-nobody = sagt niemand
server-tool-new = neu
server-tool-changed = verändert
server-tool-says-else = beschreibt sich anders
server-rules = Regeln
server-rules-read = Was liest
server-rules-change = Was ändert
server-rules-destroy = Was löscht
server-rules-tools = Nach Werkzeug
server-rules-tool = Werkzeug
server-rules-add = Eine Regel für ein Werkzeug
server-rules-note = Wenn nicht alles „frei“ ist, bekommt es keinen Schlüssel und geht über MCP Valet; einer, den es schon hat, lässt sich nicht zurückholen.
server-rules-save = Diese Regeln setzen
server-rules-saving = Wird gesetzt…
server-rules-sum = Lesen { $read }, Ändern { $change }, Löschen { $destroy }
server-rules-more = { $count ->
    [one] und 1 Werkzeug für sich
   *[other] und { $count } Werkzeuge für sich
}
server-rule-free = frei
server-rule-ask = fragen
server-rule-never = nie
server-rule-class = wie seine Art
server-folders = Für Ordner
server-sentence-program = { $running ->
    [0] Läuft auf diesem Computer, sobald ein Programm es verwendet.
    [1] Läuft jetzt auf diesem Computer.
   *[other] Läuft jetzt auf diesem Computer, { $running } Mal.
}
server-kind-here = läuft hier
server-starts = Startet
server-cwd = Im Ordner
server-variables = Variablen
server-runs-here = Läuft hier
server-program-in = In { $folder }
server-program-unknown = Ein Programm, das beendet ist
server-program-stop = Beenden
server-program-stopping = Wird beendet…
server-program-none = Es wird gestartet, wenn ein Programm es verwendet, und endet mit diesem.
server-program-said = Was es zuletzt geschrieben hat
