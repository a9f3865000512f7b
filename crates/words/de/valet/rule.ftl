# Die Regeln, an denen die Untersuchung einen Server misst.

rule-certificate = Ein Server mit https beweist seinen Namen durch ein Zertifikat, dem der Client vertraut.
rule-unauthorized = Ein Server, der eine Anmeldung verlangt, antwortet 401 auf eine Anfrage ohne Token.
rule-challenge = Eine 401 trägt WWW-Authenticate mit mindestens einer Challenge.
rule-resource-metadata = Die Challenge sagt in resource_metadata, wo die Metadaten des Servers sind; ohne das versuchen Clients die üblichen Orte.
rule-well-known-resource = Die Metadaten eines Servers sind JSON unter /.well-known/oauth-protected-resource, zuerst mit dem Pfad seiner URL, dann ohne.
rule-resource = Die Ressource in den Metadaten ist die URL des Servers (MCP: oder darüber); Clients verlangen Tokens für genau sie.
rule-authorization-servers = Die Metadaten nennen mindestens einen Autorisierungsserver; unter mehreren wählt der Client.
rule-fallback = Ein Server ohne Metadaten ist sein eigener Autorisierungsserver.
rule-well-known-issuer = Die Metadaten eines Autorisierungsservers sind JSON an einer dieser Adressen, in dieser Reihenfolge versucht.
rule-issuer = Der Aussteller in den Metadaten ist Byte für Byte der, aus dem die Adresse gebildet wurde.
rule-https = Alle Endpunkte sind https, außer auf diesem Computer.
rule-nearness = Was ein öffentlicher Server nennt, ist keine private Adresse.
rule-pkce = Die Metadaten nennen S256 in code_challenge_methods_supported; ohne das machen Clients nicht weiter.
rule-iss = Antworten mit iss, und Metadaten, die es ankündigen, schützen vor dem Verwechseln zweier Autorisierungsserver.
rule-registration = Eine Client-ID kommt zuerst: von Hand registriert, dann ein Metadaten-Dokument, dann dynamische Registrierung.
rule-client-document = Eine Client-ID, die eine https-URL mit Pfad ist, führt zu JSON, dessen client_id genau diese URL ist.
rule-scopes = Der scope der Challenge zählt, sonst alle Scopes der Metadaten des Servers, sonst keine; konfigurierte gehen vor.
rule-refresh = Wo offline_access bekannt ist, wird es verlangt, damit sich das Token von selbst erneuern lässt.
rule-methods = Clients weisen sich am Token-Endpunkt auf eine der genannten Weisen aus; ohne Liste durch client_secret_basic.
rule-revocation = Tokens lassen sich beenden, bevor sie ablaufen.
rule-pushed = Autorisierungsanfragen lassen sich vorab senden, oder müssen es.
rule-dpop = Tokens lassen sich an einen Schlüssel binden.
rule-device = Die Anmeldung geht auch auf einem anderen Gerät.
rule-keys = Unterschriebene Tokens lassen sich mit den Schlüsseln unter jwks_uri prüfen.
