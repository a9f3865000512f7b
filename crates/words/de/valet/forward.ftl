# Ein Socket an einem anderen Ort, der hierher führt.

forward-host-length = das ist kein Name eines Rechners
forward-host-dash = kein Name eines Rechners beginnt mit einem Strich
forward-host-sign = ein Name eines Rechners hat nur Buchstaben, Ziffern und . - _ @ : / +
forward-fault-no-program = { $program } lässt sich nicht starten: { $why }
forward-fault-no-program-advice = Es installieren und noch einmal versuchen.
forward-fault-ended = die Verbindung ist zu Ende: { $words }
forward-fault-ended-advice = ssh muss ohne Frage dorthin kommen. Prüfen mit: ssh -o BatchMode=yes HOST true
forward-fault-not-let = der Rechner lässt keinen Socket hierher führen: { $words }
forward-fault-not-let-advice = Sein SSH-Server braucht AllowStreamLocalForwarding yes. Führt Ihre eigene Konfiguration Ports dorthin, kann ein anderes ssh sie schon benutzen.
forward-fault-silent = der Rechner antwortet nicht
forward-fault-garbled = der Rechner antwortet anderes, als gefragt war
forward-fault-garbled-advice = Dort muss /bin/sh laufen, und kein Anmeldeskript darf viel ausgeben.
forward-fault-home = der Pfad des dortigen Heimordners lässt sich ssh nicht nennen
forward-fault-home-advice = Er darf nur Buchstaben, Ziffern und . - _ + @ haben und nicht lang sein.
forward-fault-taken = eine andere Weiterleitung hat den Socket dort übernommen
forward-fault-taken-advice = Die andere beenden und diese neu beginnen.
forward-fault-near = der Socket auf dieser Seite lässt sich nicht anlegen: { $why }
forward-fault-near-advice = XDG_RUNTIME_DIR muss ein eigener Ordner mit kurzem, einfachem Namen sein.
