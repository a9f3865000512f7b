# Die Fragen in einem Terminal, und was geantwortet wird. Was in eckigen Klammern steht, wird getippt: Es ist in jeder Sprache dasselbe.

ask-account = { NAME($agent) } möchte { $host } in { $folder } nutzen, und dieser Ordner hat kein eigenes Konto.
ask-account-of = { NAME($agent) } möchte { NAME($server) } ({ $host }) in { $folder } nutzen, wofür dieses Konto nicht da ist.
ask-account-which = Welches Konto darf es dort nutzen, bis mcp-valetd endet?
ask-account-that = Darf es dieses Konto dort nutzen, bis mcp-valetd endet?
ask-account-always = „always NUMMER“: Dieses Konto ist von nun an für diesen Ordner da; so steht es dann in der Konfiguration.
ask-account-always-that = „always“: Es ist von nun an für diesen Ordner da; so steht es dann in der Konfiguration.
ask-account-unread = Konto noch nicht gelesen
ask-account-as = als { $account }
ask-account-for = für { $folders }
ask-account-number = Die [Nummer] von einem   [n]ein, keins
ask-account-n = Nichts wurde beantwortet. Bitte eine Nummer oder n eingeben.
ask-account-chosen = Es nutzt { NAME($server) } in diesem Ordner, bis mcp-valetd endet, soweit es das darf.
ask-account-given = Von nun an ist { NAME($server) } das Konto für diesen Ordner.
ask-account-none = Keins. Für diesen Ordner wird nicht wieder gefragt, bis mcp-valetd endet.
ask-use-as = als { $account }
ask-use-in = in { $folder }
ask-add = { NAME($agent) } möchte { NAME($server) } hinzufügen.
ask-add-brings = Es sagt, wie die Anmeldung dort geschieht:
ask-add-it = Hinzufügen?
ask-address = Adresse: { $address }
ask-program = Programm: { $program }
ask-yes-no = [y] ja   [n] nein
ask-secret = (ein Geheimnis, nicht gezeigt)
ask-replace = { NAME($agent) } hat sich bei { NAME($server) } neu angemeldet. Soll das die Anmeldung ersetzen, die jetzt funktioniert?
ask-sign-in-address = Die Anmeldung bei { NAME($server) } läuft über { $issuer }, aber was zu { $address } zurückkommt, gehört zu { $other }.
ask-give-address = Diese Adresse { $issuer } überlassen? { $other } braucht dann eine andere.
ask-sign-in-page = Die Anmeldung bei { NAME($server) } läuft über { $issuer }, führt aber zu { $address }, wo { $other } seine Seiten hat.
ask-go-on = Was dort geschieht, könnte { $issuer } ausnutzen. Fortsetzen?
ask-configuration = Die Konfiguration wurde bearbeitet und würde mehr erlauben als zuvor:
ask-accept = Annehmen?
ask-y-or-n = Nichts wurde beantwortet. Bitte y oder n tippen.
ask-not-added = Nicht hinzugefügt; danach wird nicht wieder gefragt, bis mcp-valetd endet.
ask-being-added = Gut: Er wird hinzugefügt. Misslingt das, steht es hier.
ask-not-replaced = Die Anmeldung, die funktioniert, bleibt.
ask-replaced = Gut: Die neue Anmeldung tritt an ihre Stelle.
ask-sign-in-stopped = Die Anmeldung geht nicht weiter.
ask-sign-in-goes-on = Die Anmeldung geht weiter.
ask-configuration-kept = Was vorher galt, gilt weiter.
ask-configuration-taken = Gut: Die Änderung tritt in Kraft.
ask-use = { NAME($agent) } möchte { NAME($server) } ({ $host }) nutzen.
ask-use-several = { NAME($agent) } möchte { $count } Server nutzen.
ask-resource = Tokens gelten für { $resource }, nicht für diesen Server allein
ask-form-proxied = es geht über MCP Valet und sieht kein Token
ask-form-token-hours = es bekommt ein Token, gültig für etwa { $hours } Stunden
ask-form-token = es bekommt ein kurzlebiges Token
ask-form-lasting-days = es bekommt ein Token, das { $days } Tage gilt und das niemand zurückholen kann
ask-form-lasting = es bekommt ein Token, das nie abläuft und das niemand zurückholen kann
ask-scopes-unknown = Berechtigungen: was die Anmeldung erlaubt
ask-scopes = Berechtigungen: { $scopes }
ask-also = bisher war weniger erlaubt; neu dazu: { $scopes }
ask-new-form = bisher war ein solches Token nicht erlaubt
ask-scopes-too-long = { $more }, zu lang zum Zeigen
ask-scopes-more = { $scopes } und { $more } weitere
ask-some = Nur für einige davon ihre Nummern anfügen, etwa: o 1 2
ask-once-or-not = Erlauben: [o] einmal   [d] nicht erlauben   (von anderen Programmen nicht zu unterscheiden)
ask-proxy = Ohne Token, nur über MCP Valet: proxy anfügen
ask-how-long = Erlauben: [o] einmal   [q] Viertelstunde   [h] Stunde   [t] heute   [f] vorerst      [d] nicht erlauben
ask-how-long-or-always = Erlauben: [o] einmal   [q] Viertelstunde   [h] Stunde   [t] heute   [f] vorerst   [always] immer      [never] nie   [d] nicht erlauben
ask-no-such-number = Diese Nummer gibt es nicht.
ask-o-or-d = Nichts wurde beantwortet. Bitte o oder d tippen.
ask-o-to-d = Nichts wurde beantwortet. Bitte o, q, h, t, f oder d tippen.
ask-o-to-never = Nichts wurde beantwortet. Bitte o, q, h, t, f oder d tippen, always oder never.
ask-decided-once = { $what ->
    [denied] Nicht erlaubt, einmal; beim nächsten Mal fragt es wieder.
    [proxy] Nur über MCP Valet erlaubt, einmal; beim nächsten Mal fragt es wieder.
    [reads] Nur Lesen ist erlaubt, einmal; beim nächsten Mal fragt es wieder.
   *[allowed] Erlaubt, einmal; beim nächsten Mal fragt es wieder.
}
ask-decided-quarter-hour = { $what ->
    [denied] Nicht erlaubt für eine Viertelstunde; `who` zeigt es, `forget N` nimmt es zurück.
    [proxy] Nur über MCP Valet erlaubt für eine Viertelstunde; `who` zeigt es, `forget N` nimmt es zurück.
    [reads] Nur Lesen ist erlaubt für eine Viertelstunde; `who` zeigt es, `forget N` nimmt es zurück.
   *[allowed] Erlaubt für eine Viertelstunde; `who` zeigt es, `forget N` nimmt es zurück.
}
ask-decided-hour = { $what ->
    [denied] Nicht erlaubt für eine Stunde; `who` zeigt es, `forget N` nimmt es zurück.
    [proxy] Nur über MCP Valet erlaubt für eine Stunde; `who` zeigt es, `forget N` nimmt es zurück.
    [reads] Nur Lesen ist erlaubt für eine Stunde; `who` zeigt es, `forget N` nimmt es zurück.
   *[allowed] Erlaubt für eine Stunde; `who` zeigt es, `forget N` nimmt es zurück.
}
ask-decided-today = { $what ->
    [denied] Nicht erlaubt bis Mitternacht; `who` zeigt es, `forget N` nimmt es zurück.
    [proxy] Nur über MCP Valet erlaubt bis Mitternacht; `who` zeigt es, `forget N` nimmt es zurück.
    [reads] Nur Lesen ist erlaubt bis Mitternacht; `who` zeigt es, `forget N` nimmt es zurück.
   *[allowed] Erlaubt bis Mitternacht; `who` zeigt es, `forget N` nimmt es zurück.
}
ask-decided-for-now = { $what ->
    [denied] Nicht erlaubt bis mcp-valetd endet; `who` zeigt es, `forget N` nimmt es zurück.
    [proxy] Nur über MCP Valet erlaubt bis mcp-valetd endet; `who` zeigt es, `forget N` nimmt es zurück.
    [reads] Nur Lesen ist erlaubt bis mcp-valetd endet; `who` zeigt es, `forget N` nimmt es zurück.
   *[allowed] Erlaubt bis mcp-valetd endet; `who` zeigt es, `forget N` nimmt es zurück.
}
ask-decided-always = { $what ->
    [denied] Nicht erlaubt bis zum Widerruf; `who` zeigt es, `forget N` nimmt es zurück.
    [proxy] Nur über MCP Valet erlaubt bis zum Widerruf; `who` zeigt es, `forget N` nimmt es zurück.
    [reads] Nur Lesen ist erlaubt bis zum Widerruf; `who` zeigt es, `forget N` nimmt es zurück.
   *[allowed] Erlaubt bis zum Widerruf; `who` zeigt es, `forget N` nimmt es zurück.
}
ask-sign-in = { NAME($agent) } wartet auf die Anmeldung bei { NAME($server) }.
ask-sign-in-or-not = [s] jetzt anmelden   [n] nicht jetzt   [a] nicht mehr fragen
ask-unlock = MCP Valet ist gesperrt. Enter entsperrt es
ask-unlocked = (entsperrt)
ask-answered-elsewhere = (anderswo beantwortet)
ask-too-soon = Das wurde getippt, bevor dies zu lesen war, und zählt nicht:
ask-note = Hinweis: { $note }
ask-enter-alone = Nichts wurde beantwortet: MCP Valet ist gesperrt. Enter allein entsperrt es.
ask-declined = Nach { NAME($server) } wird nicht mehr gefragt, bis Sie MCP Valet wieder starten.
ask-declined-for-good = Nach { NAME($server) } wird nicht mehr gefragt. `ask { $server }` nimmt das zurück.
ask-s-n-or-a = Bitte s, n oder a antworten.
ask-key = { $agent } bringt einen API-Schlüssel für „{ $server }“. Ihn nehmen?
ask-key-replace = { $agent } bringt einen anderen API-Schlüssel für „{ $server }“, an der Stelle dessen, der da ist. Ihn nehmen?
ask-key-goes = Der Schlüssel geht in jede Anfrage als: { $headers } ({ $key })
ask-key-not-set = Der Schlüssel wird nicht genommen.
ask-key-being-set = Der Schlüssel wird gespeichert.
ask-reads = Damit es nur liest und du vor dem Rest gefragt wirst, dazu: reads
ask-call = { NAME($agent) } will { $tool } bei { NAME($server) } ({ $host }) aufrufen.
ask-call-account = als { $account }
ask-call-title = heißt: { $title }
ask-call-class = was es tut, soweit bekannt: { $class }
ask-call-looks-like = sein Name sieht aus wie der eines anderen Werkzeugs: { $other }
ask-call-new = dieses Werkzeug kam dazu, nachdem du den Server erlaubt hast, und du hast es noch nicht gesehen
ask-call-changed = dieses Werkzeug ist nicht mehr, was du gesehen hast:
ask-call-unlisted = der Server hat kein solches Werkzeug aufgezählt
ask-call-unknown = MCP Valet weiß nicht, was diese Methode tut
ask-call-says-else = es sagt anderes von sich als vorher
ask-call-count = { $count } Aufrufe, die Wort für Wort gleich sind, warten auf deine Antwort
ask-call-no-arguments = ihm wird nichts gesagt
ask-call-arguments = ihm wird gesagt:
ask-call-other-class = es sagte „{ $was }“ und sagt jetzt „{ $is }“
ask-call-added = es nimmt { $name }, was es nicht nahm
ask-call-removed = es nimmt { $name } nicht mehr
ask-call-other = es nimmt { $name } in anderer Form
ask-call-schema = was es nimmt oder gibt, ist im Ganzen anders
ask-call-once-or-not = Diesen Aufruf erlauben [o]   nicht erlauben [d]
ask-call-how-long = Diesen Aufruf erlauben [o]   das Werkzeug eine Viertelstunde [q], eine Stunde [h], heute [t], vorerst [f]   nie: never   nicht erlauben [d]
ask-call-how-long-or-always = Diesen Aufruf erlauben [o]   das Werkzeug eine Viertelstunde [q], eine Stunde [h], heute [t], vorerst [f], immer: always   nie: never   nicht erlauben [d]
ask-call-o-or-d = Nichts wurde beantwortet. Bitte o oder d tippen.
ask-call-o-to-never = Nichts wurde beantwortet. Bitte o für diesen Aufruf tippen, q, h, t oder f für das Werkzeug, d oder never.
ask-call-allowed = Dieser Aufruf ist erlaubt.
ask-tool-allowed = Dieses Werkzeug ist so lange erlaubt; `who` zählt das Programm auf, `forget N` nimmt alles davon zurück.
ask-call-denied = Dieser Aufruf ist nicht erlaubt.
ask-tool-denied = Dieses Werkzeug ist nicht erlaubt; `who` zählt das Programm auf, `forget N` nimmt alles davon zurück.
ask-files = { $agent } möchte, dass andere Programme durch ihre eigenen Dateien hierher geführt werden:
ask-files-back = { $agent } möchte, dass andere Programme nicht mehr hierher geführt werden:
ask-files-change = Diese Dateien ändern?
ask-files-link = sie wird über einen Link erreicht und ist eigentlich { $to }
ask-files-project = sie gehört zu einem Projekt: wer sonst daran arbeitet, bekommt diese Zeilen auch
ask-files-new = diese Datei gibt es noch nicht
ask-files-gone = diese Datei gab es vorher nicht, und es wird sie nicht geben
ask-files-line = Zeile { $line }:
ask-files-kept = Die Dateien bleiben, wie sie sind.
ask-files-being-changed = Die Dateien werden geändert.
ask-forget = { $agent } möchte vergessen, wie diese Dateien zurückzulegen wären:
ask-forget-keys = bleibt im Tresor: { $keys }
ask-forget-note = In sie wird nichts geschrieben, und kein Schlüssel wird gelöscht oder herausgegeben.
ask-forget-it = Das vergessen?
ask-adopt = { $agent } möchte, dass MCP Valet holt, was andere Programme aufführen, auch Geheimnisse:
ask-adopt-change = Das holen und diese Dateien ändern?
ask-adopt-signs-in = „{ $server }“: { $place } – hier einmal anmelden ({ $programs })
ask-adopt-keeps = „{ $server }“: { $place } – in den Tresor kommt, was hier steht: { $secrets } ({ $programs })
ask-adopt-stays = „{ $entry }“ von { $program } ({ $file }) bleibt: { $why }
ask-adopt-secret-stays = „{ $entry }“ von { $program } ({ $file }) bleibt, mit einem Geheimnis im Klartext: { $why }
ask-adopt-copied = { $file } hat weiter solche Geheimnisse ({ $secrets })
ask-returns = der Schlüssel { $key } von „{ $server }“ geht im Klartext zurück an { $program }
ask-returns-gone = der Schlüssel { $key } von „{ $server }“ ist gelöscht und kann nicht zurück: für { $program } wird FILL IN geschrieben
ask-returns-another = der Schlüssel { $key } von „{ $server }“ ist ein anderer, als dort herausgenommen wurde, und bleibt: für { $program } wird FILL IN geschrieben
ask-starts = startet: { $command }
ask-add-starts = Es ist ein Programm, das hier unter dem eigenen Konto läuft, gestartet als:
ask-key-goes-here = Der Schlüssel geht in dieses Programm als: { $variables } ({ $key })
ask-forward = { NAME($agent) } möchte die Server von { $host } aus nutzbar machen.
ask-forward-servers = Programme dort könnten bitten um:
ask-forward-runs-here = läuft auf diesem Rechner und tut hier, worum Programme dort bitten
ask-forward-note = Vor jeder Nutzung wird gefragt. Auf { $host } ist niemand von anderen dort zu unterscheiden, und keiner bekommt ein Token.
ask-forward-begin = Weiterleiten?
ask-forward-not-begun = Es wird nicht weitergeleitet.
ask-forward-being-begun = Zugestimmt: Es wird jetzt hierher geführt. Misslingt es, steht es hier.
