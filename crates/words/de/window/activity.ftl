# Was getan wurde, und von wem.

activity-title = Verlauf
activity-unknown = { $who }: { $what } { $server }
activity-server = einen Server
activity-program = Programm
activity-every-program = Alle Programme
activity-server-label = Server
activity-every-server = Alle Server
activity-kind = Art
activity-every-kind = Alle Arten
activity-kinds-use = Nutzung
activity-kinds-refusal = Ablehnungen
activity-kinds-answer = Antworten
activity-kinds-sign_in = Anmeldungen
activity-kinds-other = Anderes
activity-find = Suchen
activity-none = Noch ist nichts geschehen.
activity-no-match = Nichts passt.
activity-more = Ältere zeigen
activity-loading = Suche…
activity-days = 7 Tage
activity-hours = 24 Stunden
activity-span = Zeitraum des Diagramms
activity-uses = Nutzungen
activity-chart = { $what }, letzte { $span }: { $sums }
activity-bar = { $label } { $count }
activity-scopes = Berechtigungen: { $scopes }
activity-check = Neu prüfen
activity-checking = Prüfe die Aufzeichnung…
activity-intact = { $count ->
    [one] Nichts wurde geändert oder entfernt: 1 Eintrag geprüft.
   *[other] Nichts wurde geändert oder entfernt: { $count } Einträge geprüft.
}
activity-intact-except = { $count ->
    [one] Keine Änderung gefunden, aber { $unproven } von 1 Eintrag lässt sich nicht belegen.
   *[other] Keine Änderung gefunden, aber { $unproven } von { $count } Einträgen lassen sich nicht belegen.
}
activity-proxy-only = Nur über MCP Valet
activity-through = Über { $program }
activity-broken = Diese Aufzeichnung wurde von außen geändert.
activity-broken-when = Geschrieben { $when }.
activity-unchained = { $count ->
    [one] 1 Eintrag stammt aus der Zeit, als sich noch nichts prüfen ließ.
   *[other] { $count } Einträge stammen aus der Zeit, als sich noch nichts prüfen ließ.
}
activity-torn = { $count ->
    [one] 1 Eintrag blieb durch einen Absturz unvollendet.
   *[other] { $count } Einträge blieben durch einen Absturz unvollendet.
}
activity-summed = { $count ->
    [one] 1 älterer Eintrag wird nicht mehr aufbewahrt; spätere fassen zusammen, was sich beweisen ließ.
   *[other] { $count } ältere Einträge werden nicht mehr aufbewahrt; spätere fassen zusammen, was sich beweisen ließ.
}
activity-count = { $count }-mal
activity-times = { $count }-mal seit { $since }
activity-unvouched = MCP Valet fand sie beim Start vor, und nichts zeigt, dass sie von ihm sind: Vielleicht war es damals gesperrt oder hatte keinen Schlüsselbund.

# Was ein Eintrag sagt; $by ist „person“ oder „program“, $who der Name des Programms.

activity-done-hand_out = { $who } bekam ein Token für { $server }
activity-done-proxied = { $who } hat { $server } genutzt
activity-done-refused = { $who } bekam nichts für { $server }
activity-done-allow_once = Einmal erlaubt: { $who } nutzt { $server }
activity-done-allow_session = Vorerst erlaubt: { $who } nutzt { $server }
activity-done-allow_until = Erlaubt bis { $until }: { $who } nutzt { $server }
activity-done-allow_always = Immer erlaubt: { $who } nutzt { $server }
activity-done-deny = Nicht erlaubt: { $who } nutzt { $server }
activity-done-deny_once = Dieses Mal nicht erlaubt: { $who } nutzt { $server }
activity-done-deny_until = Nicht erlaubt bis { $until }: { $who } nutzt { $server }
activity-done-deny_always = Nie erlaubt: { $who } nutzt { $server }
activity-done-forget_answer = { $by ->
    [person] Antwort zurückgenommen: { $server }
   *[program] Antwort zurückgenommen: { $who } und { $server }
}
activity-done-set_agents = Eingestellt, was neue Programme dürfen
activity-done-sign_in = { $by ->
    [person] Angemeldet: { $server }
   *[program] Angemeldet: { $server }, auf Wunsch von { $who }
}
activity-done-obtain = Von MCP Valet selbst angemeldet: { $server }
activity-done-decline = { $by ->
    [person] „Nicht jetzt“ gesagt: { $server }
   *[program] { $who } hat „Nicht jetzt“ gesagt: { $server }
}
activity-done-decline_for_good = Keine Fragen mehr nach der Anmeldung: { $server }
activity-done-undecline = Wieder Fragen nach der Anmeldung: { $server }
activity-done-revoke = { $by ->
    [person] Widerrufen: { $server }
   *[program] { $who } hat { $server } widerrufen
}
activity-done-revoke_all = { $by ->
    [person] Alles widerrufen
   *[program] { $who } hat alles widerrufen
}
activity-done-remove = { $by ->
    [person] Entfernt: { $server }
   *[program] { $who } hat { $server } entfernt
}
activity-done-add = { $by ->
    [person] Hinzugefügt: { $server }
   *[program] { $who } hat { $server } hinzugefügt
}
activity-done-add-agreed = { $by ->
    [person] Hinzugefügt, wie bestätigt: { $server }
   *[program] { $who } hat { $server } hinzugefügt, wie bestätigt
}
activity-done-add_refused = Nicht zugelassen: { $who } fügt { $server } hinzu
activity-done-set_client = Client-ID eingetragen: { $server }
activity-done-edit = Geändert: { $server }
activity-done-set_lock = Eingestellt, wann MCP Valet sperrt
activity-done-configuration = Die Konfigurationsdatei wurde geändert
activity-done-configuration_raised = Die Konfigurationsdatei erlaubte mehr als beim letzten Start
activity-done-lock = { $by ->
    [person] MCP Valet gesperrt
   *[program] { $who } hat MCP Valet gesperrt
}
activity-done-lock-because = MCP Valet wurde gesperrt: { $why }
activity-done-unlock = { $by ->
    [person] MCP Valet entsperrt
   *[program] { $who } hat MCP Valet entsperrt
}
activity-done-unlock-because = MCP Valet wurde entsperrt: { $why }
activity-done-move_vault = Anmeldungen an einen anderen Ort gebracht
activity-done-change_passphrase = Passphrase geändert
activity-done-mend_vault = Verschlüsselte Datei repariert
activity-done-torn = Ein Absturz ließ hier einen Eintrag unvollendet
activity-done-audit_damaged = Die Aufzeichnung davor wurde von außen geändert
activity-done-unproven = Einträge davor lassen sich nicht belegen
activity-done-unproven-which = Davor nicht zu belegen: { $why }

# Was er von einer Ablehnung sagt, nach ihrem Grund.

activity-refused-denied = { $who } durfte { $server } nicht nutzen
activity-refused-declined = { $who } wollte { $server }, mit „Nicht jetzt“ beantwortet
activity-refused-consent_required = { $who } wollte { $server }, und niemand war zu fragen
activity-refused-timeout = { $who } wollte { $server }, und die Antwort kam nicht rechtzeitig
activity-refused-locked = { $who } wollte { $server }, während MCP Valet gesperrt war
activity-refused-sign_in_under_way = { $who } wollte sich anmelden, während es schon jemand tat: { $server }
activity-refused-busy = { $who } wollte sich anmelden, neben zu vielen anderen: { $server }

# Was mit der Aufzeichnung nicht stimmt, und wo.

activity-broken-changed = { $count ->
    [one] Eintrag { $seq } wurde geändert.
   *[other] Die Einträge { $seq } bis { $through } wurden geändert.
}
activity-broken-missing = { $count ->
    [one] Eintrag { $seq } fehlt.
   *[other] Die Einträge { $seq } bis { $through } fehlen.
}
activity-broken-moved = { $count ->
    [one] Eintrag { $seq } wurde verschoben.
   *[other] Die Einträge { $seq } bis { $through } wurden verschoben.
}
activity-broken-inserted = Bei Eintrag { $seq } wurde etwas eingefügt.
activity-broken-seal = { $count ->
    [one] Eintrag { $seq } lässt sich nicht belegen: Der Schlüssel im Schlüsselbund ist ein anderer.
   *[other] Die Einträge { $seq } bis { $through } lassen sich nicht belegen: Der Schlüssel im Schlüsselbund ist ein anderer.
}
activity-done-set_key = { $by ->
    [person] API-Schlüssel eingetragen: { $server }
   *[program] { $who } hat den API-Schlüssel von { $server } eingetragen
}
activity-done-set_key_refused = Nicht zugelassen: { $who } trägt den API-Schlüssel von { $server } ein
activity-done-wipe_key = { $by ->
    [person] API-Schlüssel gelöscht: { $server }
   *[program] { $who } hat den API-Schlüssel von { $server } gelöscht
}
activity-done-allow_call = Erlaubt: ein Aufruf von { $who } bei { $server }
activity-done-allow_tool = Erlaubt: { $who } ruft ein Werkzeug bei { $server } auf
activity-done-deny_call = Nicht erlaubt: ein Aufruf von { $who } bei { $server }
activity-done-deny_tool = Nicht erlaubt: { $who } ruft ein Werkzeug bei { $server } auf
activity-done-set_rules = { $by ->
    [person] Regeln für neue Programme gesetzt
   *[program] Regeln für { $who } bei { $server } gesetzt
}
activity-done-set_classes = Gesagt, was Werkzeuge von { $server } tun
activity-tool = Werkzeug: { $tool }
activity-rule = Regel: { $rule }
activity-done-choose_account = Als Konto von { $who } für einen Ordner genannt: { $server }
activity-done-choose_no_account = Für einen Ordner kein Konto genannt: { $who }
activity-account = Als { $account }
activity-folder = In { $folder }
activity-done-set_up = { $by ->
    [person] Ein anderes Programm wurde hierher geführt
   *[program] { $who } hat ein anderes Programm hierher geführt, wie zugestimmt
}
activity-done-put_back = { $by ->
    [person] Ein anderes Programm wurde zurückgeführt
   *[program] { $who } hat ein anderes Programm zurückgeführt, wie zugestimmt
}
activity-done-set_up_refused = { $who } durfte Dateien anderer Programme nicht ändern
activity-done-forget_file = { $by ->
    [person] Vergessen ist, wie eine Datei eines anderen Programms zurückzulegen war
   *[program] { $who } ließ vergessen, wie eine Datei eines anderen Programms zurückzulegen war, mit Zustimmung
}
activity-done-forward = { $by ->
    [person] Ein Rechner wurde hierher geführt
   *[program] { $who } hat einen Rechner hierher geführt, wie zugestimmt
}
activity-done-forward_ended = Eine Weiterleitung ist beendet
activity-done-forward_refused = { $who } durfte einen Rechner nicht hierher führen
activity-done-stop_program = { $server } angehalten
activity-done-let_in = Ein Web-Client wurde eingelassen
activity-done-let_in_ended = Ein Web-Client ist nicht mehr eingelassen
activity-done-back_up = Alles gesichert
activity-done-restore = Eine Sicherung wiederhergestellt
