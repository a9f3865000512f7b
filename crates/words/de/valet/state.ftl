# Wie es um Server, Antworten und das Audit steht, in wenigen Worten.

state-allowed-until = erlaubt bis { $end }
state-allowed-for-now = vorerst erlaubt
state-allowed-always = immer erlaubt
state-denied-until = nicht erlaubt bis { $end }
state-denied-for-now = vorerst nicht erlaubt
state-denied-always = nie erlaubt
state-reach-proxy-only = nur über MCP Valet, und nie ein Token
state-reach-proxied = nur über MCP Valet
state-reach-lasting = ein Token, das niemand zurückholen kann
state-reach-any-scopes = { $form }, was immer die Anmeldung erlaubt
state-waiting = Wartet auf den Browser
state-choosing = Anmeldestelle wählen
state-needs-client-id = Braucht eine Client-ID
state-not-now = Nicht jetzt
state-again = Neu anmelden
state-failed = Anmeldung gescheitert
state-looks-like = sieht aus wie „{ $server }“
state-mixes-alphabets = mischt Alphabete
state-audit-entry = { $what ->
    [changed] Eintrag { $seq } wurde geändert.
    [missing] Eintrag { $seq } fehlt.
    [moved] Eintrag { $seq } wurde verschoben.
    [inserted] Bei Eintrag { $seq } wurde etwas eingefügt.
   *[seal] Eintrag { $seq } ist nicht mit dem Schlüssel im Tresor gesiegelt.
}
state-audit-entries = { $what ->
    [changed] Die Einträge { $seq } bis { $through } wurden geändert.
    [missing] Die Einträge { $seq } bis { $through } fehlen.
    [moved] Die Einträge { $seq } bis { $through } wurden verschoben.
    [inserted] Bei Eintrag { $seq } wurde etwas eingefügt.
   *[seal] Die Einträge { $seq } bis { $through } sind nicht mit dem Schlüssel im Tresor gesiegelt.
}
state-audit-in-file = { $sentence } Es betrifft die Datei { $file }.
state-ready = Bereit
state-authorize = Anmelden
state-locked = Gesperrt
state-opening = Öffnet…
state-reach-token = ein Token
state-midnight = Mitternacht
state-key-required = Schlüssel eintragen
state-key-refused = Schlüssel abgelehnt
state-reach-by-rules = nur über MCP Valet, nach seinen Regeln
state-class-read = liest
state-class-change = ändert
state-class-destroy = löscht
state-rule-free = frei
state-rule-ask = fragt
state-rule-never = nie
