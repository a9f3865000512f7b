# Was Programme getan haben und man wissen sollte.

deed-says-revoked = { $agent } hat { $server } widerrufen.
deed-says-removed = { $agent } hat { $server } entfernt.
deed-says-declined = { $agent } hat zur Anmeldung bei { $server } „Nicht jetzt“ gesagt.
deed-says-signed_in = { $agent } hat sich bei { $server } angemeldet, wozu „Nicht jetzt“ gesagt war.
deed-says-revoked_all = { $agent } hat alles widerrufen.
deed-says-locked = { $agent } hat MCP Valet gesperrt.
deed-seen = OK
deed-says-key_wiped = { $agent } hat den API-Schlüssel von { $server } gelöscht.
deed-says-forward_ended = { $agent } hat die Weiterleitung zu { $server } beendet.
