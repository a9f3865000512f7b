# Die Seiten der Tür für Web-Clients.

door-closed = Die Adresse für Web-Clients, { $address }, lässt sich nicht öffnen: { $why }
door-ask-heading = { $client } möchte { $server } benutzen
door-ask-text = Diesen Namen hat es sich selbst gegeben. Geht es weiter, fragt MCP Valet in seinem eigenen Fenster oder Terminal, ob es eingelassen werden soll. Bis jetzt wurde nichts gefragt und nichts geöffnet.
door-ask-redirect = Seine Antwort geht an { $redirect }
door-ask-stop = Abbrechen
door-ask-go-on = Weiter
door-waits-heading = Bitte in MCP Valet antworten
door-waits-text = MCP Valet fragt in seinem eigenen Fenster oder Terminal, ob { $server } benutzt werden darf. Diese Seite geht von selbst weiter.
door-waits-code = Nur erlauben, wenn die Frage diesen Code zeigt:
door-waits-sign-in-heading = Bitte von MCP Valet aus anmelden
door-waits-sign-in-text = MCP Valet braucht eine Anmeldung bei { $server } und beginnt sie nur in seinem eigenen Fenster oder Terminal. Diese Seite geht von selbst weiter.
door-stopped-heading = Nichts wurde erlaubt
door-stopped-text = Diese Seite kann geschlossen werden.
door-refused-heading = Das hat nicht geklappt
door-no-client-text = Die Anfrage sagt nicht, wer fragt. Bitte im Programm von vorn beginnen.
door-unknown-client-text = Dieses Programm ist hier nicht mehr registriert. Bitte dort die Registrierung entfernen und neu anmelden.
door-no-document-text = Was { $host } über dieses Programm sagt, ist nicht zu lesen. Nichts wurde erlaubt.
door-foreign-redirect-text = Das Programm will seine Antwort dorthin, wohin sie nicht gehen darf. Nichts wurde erlaubt.
door-foreign-form-text = Das kam nicht von der Seite von MCP Valet. Nichts wurde erlaubt.
door-over-text = Diese Seite wurde schon beantwortet oder hat zu lange gewartet. Bitte im Programm von vorn beginnen.
door-another-browser-text = Diese Seite wurde einem anderen Browser gezeigt. Nichts wurde erlaubt.
door-busy-text = Zu viele Anmeldungen sind im Gange. Bitte die wartenden in MCP Valet beantworten und im Programm von vorn beginnen.
door-nothing-text = Hier ist nichts.
