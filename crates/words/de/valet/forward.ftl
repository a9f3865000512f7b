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
forward-fault-folder = ~/.mcp-valet ist dort ein Link oder der Ordner eines anderen Benutzers
forward-fault-folder-advice = Dort entfernen. Er wird neu angelegt.
forward-fault-taken = eine andere Weiterleitung hat den Socket dort übernommen
forward-fault-taken-advice = Die andere beenden und diese neu beginnen.
forward-fault-near = der Socket auf dieser Seite lässt sich nicht anlegen: { $why }
forward-fault-near-advice = XDG_RUNTIME_DIR muss ein eigener Ordner mit kurzem, einfachem Namen sein.
forward-fault-no-container = keine Engine kennt einen solchen laufenden Container: { $words }
forward-fault-no-container-advice = `podman ps` oder `docker ps` zählen die laufenden auf.
forward-fault-stopped = der Container läuft nicht
forward-fault-closed = in den Container lässt sich nicht hineinsehen: { $why }
forward-fault-closed-advice = Es geht für Container des eigenen Benutzers, etwa von podman ohne root. Andere neu starten, etwa so: docker run --mount type=bind,source="$XDG_RUNTIME_DIR/mcp-valet",target=/run/mcp-valet --env MCP_VALET_SOCK=/run/mcp-valet/agent.sock
forward-fault-other-user = was im Container läuft, ist hier Benutzer { $user }, dem der Socket nicht offen stünde
forward-fault-other-user-advice = Ihn so starten, dass sein Benutzer der eigene ist, etwa: podman run --userns=keep-id
forward-fault-not-apart = was die Engine nennt, teilt seine Dateien mit diesem Rechner
forward-fault-not-apart-advice = Es ist kein Container, der von anderen Programmen zu unterscheiden wäre. Es findet den Socket dieses Rechners.
forward-fault-replaced = ein anderer Container hat jetzt seinen Namen
forward-fault-replaced-advice = Die Weiterleitung neu beginnen, wenn dieser gemeint ist.
forward-fault-not-here = die Engine nennt keinen Prozess dieses Containers auf diesem Rechner
forward-fault-not-here-advice = Es geht für Container, die auf diesem Rechner selbst laufen, nicht in einer virtuellen Maschine oder auf einem anderen Rechner.
forward-fault-hangs = die Dateien des Containers antworten nicht
forward-fault-hangs-advice = Prüfen, woher sein Heimordner eingehängt ist.
