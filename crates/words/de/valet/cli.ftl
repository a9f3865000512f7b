# Was `mcp-valet` sagt.

cli-started-detached = MCP Valet im Hintergrund gestartet, ohne Bildschirm, da keine Dienstverwaltung es kennt
cli-connect-too-long = eine Nachricht ist länger als 1 GiB
cli-connect-no-message = das ist keine JSON-RPC-Nachricht
cli-connect-long-line = diese Nachricht ist länger als die 64 MiB, die in einer Zeile genommen werden
cli-connect-long-line-advice = Weniger auf einmal senden.
cli-connect-refused = der Server hat abgelehnt
cli-connect-sign-in = Bei { $server } anmelden: MCP Valet bewahrt die Anmeldung auf, und dieses Programm sieht nichts davon.
cli-connect-the-server = der Server
cli-exec-variable = der Name einer Variablen hat nur Buchstaben, Ziffern und _
cli-exec-nothing = kein Befehl ist genannt
cli-exec-nothing-advice = Ihn nach `--` schreiben.
cli-exec-failed = { $name } ließ sich nicht ausführen ({ $error })
cli-exec-failed-advice = Den Befehl nach `--` prüfen.
cli-output-advice = Das Terminal oder die Pipe prüfen, wohin die Ausgabe geht.
cli-locked = Gesperrt: Kein Token ist im Arbeitsspeicher. MCP Valet dort entsperren, wo es läuft.
cli-add-nothing = kein Server ist genannt
cli-add-nothing-advice = `mcp-valet add [NAME] URL` schreiben.
cli-add-no-secret = von der Standardeingabe kam kein Geheimnis
cli-add-no-secret-advice = Es so übergeben: `mcp-valet add … --client-secret-stdin < FILE`.
cli-add-asked = MCP Valet fragt, ob { $server } mit diesen Einstellungen hinzugefügt werden soll. Die Antwort dort wird erwartet…
cli-list-none = Noch keine Server. Einen hinzufügen mit `mcp-valet add URL`.
cli-show-other-resource = { $resource } (nicht für diesen Server allein)
cli-show-renews = erneuert sich selbst
cli-show-then-again = dann neu anmelden
cli-show-unsaved = der Tresor nahm das Token nicht; es wird wieder versucht
cli-added = „{ $server }“ ist hinzugefügt. Anmelden mit { $command }.
cli-added-before = „{ $server }“ war schon da.
cli-ready = „{ $server }“ ist bereit.
cli-declined = Bis MCP Valet endet, bekommt kein Programm „{ $server }“, und nach der Anmeldung wird nicht gefragt.
cli-server = „{ $server }“
cli-server-at = „{ $server }“ auf { $host }
cli-mistake-nothing = { $who } hat mit gar nichts geantwortet
cli-mistake-again-advice = Noch einmal versuchen. Geschieht es wieder, es dem Betreiber des Servers sagen.
cli-mistake-broke-off = { $who } hat seine Antwort vor ihrem Ende abgebrochen
cli-mistake-page = { $who } hat mit einer Webseite statt mit einer MCP-Nachricht geantwortet, wie es die Anmeldeseite eines Netzes tut
cli-mistake-page-advice = Irgendeine Seite in einem Browser öffnen: Verlangt das Netz eine Anmeldung, sie dort erledigen. Sonst die Adresse des Servers prüfen.
cli-mistake-no-message = { $who } hat mit etwas geantwortet, das keine MCP-Nachricht ist
cli-mistake-address-advice = Die Adresse des Servers prüfen; stimmt sie, es seinem Betreiber sagen.
cli-mistake-too-long = { $who } hat mehr als { $sent } MB in einer Nachricht gesendet, und Programme nehmen { $most } MB
cli-mistake-too-long-advice = Weniger auf einmal verlangen, etwa eine Seite, einen Bereich oder ein kleineres Bild.
cli-mistake-overloaded = { $who } hat { $status } geantwortet: gestört oder überlastet
cli-mistake-later-advice = Später noch einmal versuchen. Bleibt es so, es dem Betreiber des Servers sagen.
cli-mistake-too-many = { $who } hat { $status } geantwortet: weniger Anfragen auf einmal erwünscht
cli-mistake-wait-advice = Vor der nächsten eine Weile warten.
cli-mistake-status = { $who } hat { $status } geantwortet
cli-mistake-event-id = { $who } gab einem Ereignis eine ID, die sich nicht zurücksenden lässt
cli-mistake-operator-advice = Es dem Betreiber des Servers sagen.
cli-row-careful = Vorsicht
cli-row-state = Zustand
cli-row-signs-in-at = Anmeldung bei
cli-row-as = als
cli-row-tokens-for = Tokens gelten für
cli-row-may-sign-in-at = möglich bei
cli-row-wanted = Scopes gewünscht
cli-row-granted = Scopes erhalten
cli-row-token-until = Token bis
cli-row-not-saved = nicht gespeichert
cli-row-redirect-uri = Redirect-URI
cli-row-register-at = registrieren bei
cli-row-consent = Erlaubnis
cli-row-added-by = hinzugefügt von
cli-row-problem = Problem
cli-row-remedy = Abhilfe
cli-show-look-alike = der Name { $how }
cli-show-since = { $answer }, seit { $since }
cli-show-used = { $count -> 
    [one] einmal genutzt, zuletzt { $last }
   *[other] { $count }-mal genutzt, zuletzt { $last }
}
cli-audit-since = 2026-01-31, 2026-01-31T12:00:00Z, 2h oder 3d schreiben
cli-audit-nothing = Für dieses Programm wurde noch nichts getan.
cli-audit-nothing-then = Für dieses Programm wurde in dieser Zeit nichts getan.
cli-audit-through = durch { $through }
cli-audit-until = bis { $end }
cli-audit-proxy-only = nur über MCP Valet
cli-audit-intact-none = Unversehrt: noch keine Einträge.
cli-audit-intact = { $entries ->
    [one] Unversehrt: { $entries } Eintrag von { $first } bis { $last }.
   *[other] Unversehrt: { $entries } Einträge von { $first } bis { $last }.
}
cli-audit-intact-except = Unversehrt, bis auf { $unproven ->
    [one] { $unproven } Eintrag, der sich nicht beweisen lässt
   *[other] { $unproven } Einträge, die sich nicht beweisen lassen
}: { $entries ->
    [one] { $entries } Eintrag von { $first } bis { $last }.
   *[other] { $entries } Einträge von { $first } bis { $last }.
}
cli-audit-broken = NICHT UNVERSEHRT: { $fault }
cli-audit-nothing-before = Von dem, was noch da ist, liegt nichts davor.
cli-audit-before = { $entries ->
    [one] Es liegt bei oder nach { $time }. Der Eintrag davor ist gut.
   *[other] Es liegt bei oder nach { $time }. Die { $entries } Einträge davor sind gut.
}
cli-audit-unchained = { $count ->
    [one] { $count } Eintrag stammt aus der Zeit vor der Kette.
   *[other] { $count } Einträge stammen aus der Zeit vor der Kette.
}
cli-audit-torn = { $count ->
    [one] { $count } Zeile blieb nach einem Absturz unvollständig; wovon sie berichtet hätte, ist nicht geschehen.
   *[other] { $count } Zeilen blieben nach einem Absturz unvollständig; wovon sie berichtet hätten, ist nicht geschehen.
}
cli-audit-summed = { $count ->
    [one] { $count } älterer Eintrag wird nicht mehr aufbewahrt; spätere fassen zusammen, was sich beweisen ließ.
   *[other] { $count } ältere Einträge werden nicht mehr aufbewahrt; spätere fassen zusammen, was sich beweisen ließ.
}
cli-audit-times = { $count }-mal seit { $since }
cli-audit-again = von früher
cli-audit-unproven = { $count ->
    [one] { $count } Eintrag war da, als MCP Valet startete, und nichts zeigt, dass er von ihm stammt: Es war wohl gesperrt oder ohne Schlüsselbund.
   *[other] { $count } Einträge waren da, als MCP Valet startete, und nichts zeigt, dass sie von ihm stammen: Es war wohl gesperrt oder ohne Schlüsselbund.
}
cli-authorize-resource = Die Tokens gelten für { $resource }, nicht für diesen Server allein.
cli-authorize-opened = Der Browser ist offen für die Anmeldung bei { $server }. Warte auf die Rückkehr…
cli-authorize-open = Zur Anmeldung bei { $server } diese Adresse in einem Browser öffnen:
cli-authorize-paste = Ist der Browser auf einem anderen Computer, lädt seine letzte Seite nicht, und das macht nichts: ihre Adresse, die mit { $begin } beginnt, kopieren, hier einfügen und Enter drücken.
cli-authorize-device = Zur Anmeldung bei { $server } diese Seite auf irgendeinem Gerät öffnen:
cli-authorize-device-code = und dort diesen Code eingeben:
cli-authorize-waiting = Warte weiter.
cli-authorize-page = das ist die Seite zum Öffnen
cli-authorize-page-advice = Dort anmelden; danach ändert sich ihre Adresse.
cli-authorize-try-again = Warte weiter: die richtige Adresse einfügen, oder Strg-C zum Beenden.
cli-revoke-nothing = Nichts wurde widerrufen.
cli-revoke-silently = alles zu widerrufen braucht eine Zustimmung, und es gibt kein Terminal, um zu fragen
cli-revoke-silently-advice = `mcp-valet revoke --all --yes` schreiben.
cli-revoke-sure = Jede Anmeldung widerrufen und zurücknehmen, was Programmen erlaubt wurde?
cli-revoke-not-wiped = der Tresor hat noch seine Kopie dessen, was „{ $server }“ bekam
cli-revoke-some-not-wiped = der Tresor hat noch seine Kopie dessen, was einige Server bekamen
cli-revoke-not-wiped-advice = Ihn wieder beschreibbar machen (gesperrt, oder die Festplatte voll), dann noch einmal widerrufen.
cli-revoke-in-file = die Konfiguration hat noch den Schlüssel von { $servers }
cli-revoke-in-file-advice = Die Datei beschreibbar machen und noch einmal widerrufen, oder den Schlüssel selbst herausnehmen.
cli-revoke-removed = „{ $server }“ steht nicht mehr in der Konfiguration.
cli-revoke-asks = Alle erlaubten Programme fragen wieder. Was abgelehnt wurde, bleibt abgelehnt.
cli-revoke-asks-but = Erlaubte Programme fragen wieder, aber der Tresor hat noch die, die für immer erlaubt wurden.
cli-revoke-nothing-for = Für „{ $server }“ gab es nichts zu widerrufen.
cli-revoke-unread = „{ $server }“ ist nicht widerrufen: Der Tresor lässt es nicht lesen.
cli-revoke-done = „{ $server }“ ist widerrufen: { $how }.
cli-revoke-pending = Der Aussteller wurde nach neuen Tokens gefragt und hat noch nicht geantwortet: Was kommt, wird sofort beendet.
cli-revoke-unreached = Diese Rechner der Flotte waren nicht zu hören und erfahren es, sobald sie zurück sind: { $machines }. Was sie im Arbeitsspeicher haben, dient dort, bis es veraltet ist.
cli-revoke-confirmed-until = der Aussteller hat es bestätigt; Server, die das letzte Access-Token prüfen, ohne ihn zu fragen, nehmen es vielleicht bis { $end }
cli-revoke-confirmed-endless = der Aussteller hat es bestätigt; Server, die das letzte Access-Token prüfen, ohne ihn zu fragen, nehmen es vielleicht ohne Ende
cli-revoke-unconfirmed = der Aussteller hat es nicht bestätigt; was er ausgestellt hat, gilt dort vielleicht, bis es abläuft
cli-revoke-not-offered = der Aussteller bietet keinen Widerruf; was er ausgestellt hat, gilt dort, bis es abläuft
cli-revoke-last-token = der Aussteller hat es bestätigt; das letzte Access-Token gilt dort vielleicht, bis es abläuft
cli-revoke-vault-shut = der Tresor lässt es nicht lesen
cli-revoke-confirmed = der Aussteller hat es bestätigt
cli-revoke-client-deleted = Die Registrierung von MCP Valet dort ist gelöscht.
cli-revoke-client-stays = MCP Valet bleibt dort registriert: Der Aussteller löscht keine Registrierungen.
cli-revoke-client-kept = MCP Valet bleibt dort registriert, für eine neue Anmeldung.
cli-revoke-client-unconfirmed = MCP Valet ist dort vielleicht noch registriert: Der Aussteller hat das Ende nicht bestätigt.
cli-import-how = Nichts wurde hinzugefügt. Ohne --dry-run in einem Terminal wählen, oder mit --yes.
cli-import-no-home = niemand weiß, wo das Home-Verzeichnis ist
cli-import-no-home-advice = `HOME` setzen.
cli-import-none = Kein anderes Programm führt hier Server auf.
cli-import-nothing-new = Es gibt nichts hinzuzufügen.
cli-import-listed = Server, die andere Programme aufführen:
cli-import-switched-off = ist dort ausgeschaltet, also nur über die Nummer
cli-import-older = spricht die ältere Übertragung (HTTP+SSE): Programme mit `mcp-valet connect` hierher führen
cli-import-here = Schon hier:
cli-import-others = Nichts für MCP Valet:
cli-import-notice = { $file } { $trouble }: Was { $program } dort aufführt, wird nicht gezeigt.
cli-import-which = Welche hinzufügen? Nummern, oder Enter für keine:
cli-import-sure = { $count ->
    [one] 1 Server hinzufügen? [y/N], oder die Nummern einiger:
   *[other] Diese { $count } Server hinzufügen? [y/N], oder die Nummern einiger:
}
cli-import-answer = y, n oder Nummern von 1 bis { $count } antworten, mit Leerzeichen dazwischen.
cli-import-nothing-added = Nichts wurde hinzugefügt.
cli-import-added = „{ $server }“ ist hinzugefügt.
cli-import-done = Anmelden mit `mcp-valet authorize NAME`. Die anderen Programme machen weiter wie bisher, bis ihre Einträge hierher führen: Die Seite jedes Servers im Fenster hat die Zeilen zum Einfügen, und docs/clients.md ebenso.
cli-authorize-locked = MCP Valet wurde gesperrt, während die Anmeldung bei „{ $server }“ wartete
cli-authorize-locked-advice = Es dort entsperren, wo es läuft, dann neu anmelden.
cli-authorize-unfinished = die Anmeldung bei „{ $server }“ wurde nicht abgeschlossen
cli-authorize-unfinished-advice = { $command } noch einmal ausführen.
cli-authorize-unfinished-registered = { $command } noch einmal ausführen. Zeigte die Seite statt einer Anmeldung einen Fehler, prüfen, ob die App dort genau die Redirect-URI { $uri } hat.
cli-key-prompt = Schlüssel für „{ $server }“ (er wird nicht angezeigt):
cli-key-none = es kam kein Schlüssel
cli-key-none-advice = Ihn auf Nachfrage eintippen, oder über die Standardeingabe schicken: `mcp-valet key set NAME < DATEI`.
cli-key-seen = was hier getippt wird, wäre zu sehen
cli-key-seen-advice = Den Schlüssel über die Standardeingabe schicken: `mcp-valet key set NAME < DATEI`.
cli-key-asked = MCP Valet fragt nach dem Schlüssel für „{ $server }“: dort antworten.
cli-key-set = Der Schlüssel von „{ $server }“ ist eingetragen.
cli-key-removed = Der Schlüssel von „{ $server }“ ist gelöscht.
cli-key-end-at = Er gilt, bis er unter { $page } beendet wird
cli-key-end = Er gilt, bis er beim Anbieter beendet wird.
cli-key-takes-none = „{ $server }“ nimmt keinen Schlüssel
cli-key-takes-none-advice = Ihm einen Header geben, der sagt, wo der Schlüssel hingehört; siehe „API keys“ in der Dokumentation.
cli-key-several = „{ $server }“ nimmt mehrere Schlüssel
cli-key-several-advice = Sagen, welcher gemeint ist: { $names }.
cli-key-missing = nicht da, oder gesperrt und nicht bekannt
cli-key-since = seit { $at }
cli-key-since-by = seit { $at }, gebracht von { $agent }
cli-row-key = Schlüssel
cli-row-folders = für Ordner
cli-rules-account = { $server } ist angemeldet als { $account }.
cli-row-header = Header
cli-added-with-key = „{ $server }“ ist hinzugefügt, mit seinem Schlüssel.
cli-add-header = das ist kein Header
cli-add-header-advice = NAME: WERT schreiben, wie '{ $header }'.
cli-add-folder = es gibt keinen Ordner { $folder }
cli-add-folder-advice = Einen nennen, den es gibt, oder einen ganzen Pfad wie ~/work/acme.
cli-rules-not-allowed = Dieses Programm darf { $server } nicht nutzen: erst wird nach ihm gefragt.
cli-rules-everything = Dieses Programm darf bei { $server } alles.
cli-rules-until = , bis { $end }
cli-rules-no-tools = { $server } hat seine Werkzeuge noch nicht aufgezählt.
cli-rules-tools = Nach Werkzeug:
cli-rules-unlisted = { $server } hat kein solches Werkzeug aufgezählt, also zählt es als eines, das löscht.
cli-rules-by-person = Du sagst, was es tut: { $class }.
cli-rules-by-server = Sein Server sagt, was es tut: { $class }.
cli-rules-by-nobody = Niemand sagt, was es tut, also zählt es als eines, das löscht.
cli-rules-because-everything = Das Programm darf dort alles.
cli-rules-because-tool = Es gibt eine Regel für dieses Werkzeug.
cli-rules-because-new = Es kam nach der ersten Liste dazu, und du hast es noch nicht gesehen.
cli-rules-because-changed = Es ist nicht mehr, was du gesehen hast.
cli-rules-because-unlisted = Nach dem, was nicht aufgezählt ist, wird gefragt.
cli-rules-because-class = Es gilt die Regel für alles, was { $class }.
cli-rules-explained = { $tool }: { $rule }.
cli-setup-asked = MCP Valet zeigt, was sich ändern würde. Die Antwort wird abgewartet …
cli-setup-project = Dateien eines Projekts liest, wer daran arbeitet: auf anderen Computern kann mcp-valet anderswo sein oder fehlen.
cli-setup-none = Kein Programm wurde gefunden, das MCP-Server aufführt.
cli-setup-not-led = wird nicht hierher geführt
cli-setup-led = wird hierher geführt für { $servers }
cli-setup-trouble = seine Datei { $trouble }
cli-setup-nothing = Nichts zu ändern.
cli-setup-done = { $program } wird hierher geführt für { $servers } ({ $file }).
cli-setup-undone = { $program } ist, wie es war ({ $file }).
cli-setup-forgotten = { $program } ist vergessen ({ $file }): dort wird nichts mehr zurückgelegt.
cli-setup-left = { $file } ({ $program }) { $trouble }.
cli-setup-restart = Laufende Programme lesen es bei ihrem nächsten Start.
cli-adopt-nothing = Nichts zu holen.
cli-adopt-signs-in = { $server }: { $place } (hier einmal anmelden)
cli-adopt-keeps = { $server }: { $place } (im Tresor: { $secrets })
cli-adopt-entry = „{ $entry }“ von { $program } ({ $file })
cli-adopt-stays = { $entry } bleibt: { $why }
cli-adopt-secret-stays = { $entry } bleibt im Klartext ({ $secrets }): { $why }
cli-adopt-copied = { $secrets ->
        [one] { $file } hat noch eines dieser Geheimnisse: löschen, sobald nichts sie braucht
       *[other] { $file } hat noch { $secrets } dieser Geheimnisse: löschen, sobald nichts sie braucht
    }
cli-add-program = ein Programm braucht einen Namen und keine Adresse
cli-add-program-advice = `mcp-valet add NAME -- PROGRAMM ARGUMENT…` schreiben.
cli-add-variable = eine Variable ist NAME=WERT
cli-runs-here = { $running ->
    [0] läuft hier, nicht gestartet
    [1] läuft hier, gestartet
   *[other] läuft hier, { $running } Mal gestartet
}
cli-row-variable = Variable
cli-row-program = Programm
cli-row-folder = im Ordner
cli-added-program = „{ $server }“ ist hinzugefügt. Verwenden mit { $command }.
cli-add-variable-advice = NAME=WERT schreiben, wie '{ $variable }'.
cli-forward-asked = MCP Valet fragt, ob die Server von { $host } aus genutzt werden dürfen. Die Antwort wird abgewartet …
cli-forward-open = { $host } führt hierher: Programme dort finden { $servers } bei { $socket }.
cli-forward-use = Dort: mcp-valet connect SERVER, oder curl --unix-socket { $socket } http://localhost/mcp/SERVER
cli-forward-line = { $number }  { $host }  offen  { $servers }
cli-forward-line-lost = { $number }  { $host }  unterbrochen: { $trouble }
cli-forward-refused = { $count ->
        [one] 1 Verbindung eines anderen Programms wurde abgewiesen
       *[other] { $count } Verbindungen anderer Programme wurden abgewiesen
    }
cli-forward-none = Nichts wird weitergeleitet.
cli-forward-closed = { $host } führt nicht mehr hierher.
cli-door-line = { $number }  { $name }  { $server }  { $redirect }
cli-door-none = Kein Web-Client ist eingelassen.
cli-door-taken-back = { $name } wird bei { $server } nicht mehr eingelassen.
cli-backup-name = der Name der Datei ist kein Text
cli-backup-name-advice = Einen Namen in UTF-8 wählen.
cli-backup-in-window = Im Fenster von MCP Valet geht es weiter: Dort wird die Passphrase eingegeben.
