# Was `mcp-valet doctor` über MCP Valet selbst findet.

itself-secrets = Wo Geheimnisse liegen
itself-keychain = Sie liegen im Schlüsselbund, und er ist offen.
itself-file = Sie liegen in einer verschlüsselten Datei, und sie ist offen.
itself-memory = Sie liegen im Arbeitsspeicher, und sind weg, wenn MCP Valet endet.
itself-shared = Geheimnisse liegen im gemeinsamen Tresor, für die Mitglieder der Flotte versiegelt
itself-configuration = Die Konfiguration
itself-servers = { $count ->
    [0] Sie gilt und nennt keinen Server.
    [one] Sie gilt und nennt einen Server.
   *[other] Sie gilt und nennt { $count } Server.
}
itself-questions = Ob Sie gefragt werden können
itself-asks = Sie können gefragt werden, wenn ein Programm etwas will.
itself-nobody = Niemand kann gefragt werden: was ein Programm zum ersten Mal will, wird abgelehnt.
itself-nobody-advice = MCP Valet auf dem Desktop starten, oder mcp-valetd in einem Terminal.
itself-starting = MCP Valet startet noch.
itself-icon = Das Symbol ist in der Leiste.
itself-no-icon = Dieser Desktop zeigt kein Symbol von MCP Valet.
itself-no-icon-advice = das Fenster aus dem Menü öffnen
itself-network = Der Weg zu den Servern
itself-proxy = Er geht durch den Proxy { $host }.
itself-direct = In der Konfiguration steht kein Proxy.
itself-clock = Die Uhr
itself-clock-well = Sie sagt { $now }.
itself-clock-back = Sie ging vorher { $seconds } Sekunden vor: was Sie bis zu einer Zeit erlaubt haben, endete früher.
itself-clock-back-advice = Die Uhr dieses Rechners stellen.
itself-command = Dieser Befehl
itself-socket = Er spricht mit { $socket }.
itself-version = Er ist von derselben Version wie MCP Valet, { $version }.
itself-other-version = Er ist von Version { $own }, und MCP Valet von { $version }.
itself-other-version-advice = MCP Valet nach einer Aktualisierung neu starten
itself-programs = Andere Programme
itself-none-led = Keines, das gefunden wurde, führt hierher.
itself-none-led-advice = mcp-valet setup --all
itself-led = { $program } führt hierher für { $servers }.
itself-program-trouble = { $program }: { $trouble }
itself-well = Mit MCP Valet ist alles in Ordnung.
itself-unwell = Mit MCP Valet stimmt etwas nicht.
itself-door = Web-Clients finden es unter { $address }.
itself-door-advice = Beenden, was dort läuft, oder für `listen` von `door` einen anderen Port wählen.
itself-door-another = Was unter { $address } antwortet, ist nicht die Adresse für Web-Clients dieses Valets.
itself-door-outside = { $address } ist von hier nicht zu erreichen: { $why }
itself-door-outside-advice = `externalUrl` von `door` muss die Adresse dessen sein, was Anfragen an { $listen } weitergibt.
