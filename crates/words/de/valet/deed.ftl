# Was Programme getan haben und man wissen sollte.

deed-revoked = „{ $agent }“ hat „{ $server }“ widerrufen
deed-removed = „{ $agent }“ hat „{ $server }“ entfernt
deed-declined = „{ $agent }“ hat zur Anmeldung bei „{ $server }“ „Nicht jetzt“ gesagt
deed-signed-in = „{ $agent }“ hat sich bei „{ $server }“ angemeldet, wozu „Nicht jetzt“ gesagt war
deed-revoked-all = „{ $agent }“ hat alles widerrufen
deed-locked = „{ $agent }“ hat MCP Valet gesperrt
deed-key-wiped = „{ $agent }“ hat den Schlüssel von „{ $server }“ gelöscht
deed-forward-ended = „{ $agent }“ hat die Weiterleitung zu { $host } beendet
