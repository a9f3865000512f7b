# Eine eigene Client-ID.

client-intro = Die Anmeldeseite dieses Servers muss MCP Valet erst kennen. Dort eine App registrieren, mit genau dieser Redirect-URI:
client-redirect = Zu registrierende Redirect-URI
client-page = Seite dafür bei { $host } öffnen
client-then = Dann eintragen, was es dort gab:
client-id = Client-ID
client-id-missing = Die Client-ID fehlt noch.
client-secret = Client-Secret
client-secret-note = falls es eines gab; es wird verwahrt wie die Anmeldungen
client-secret-memory = falls es eines gab; es steht in der Konfigurationsdatei, da es keinen Schlüsselbund gibt
client-port = Port
client-port-wrong = Ein Port ist eine Zahl von 1 bis 65535.
client-save = Speichern
client-saved = Gespeichert. Es gilt ab der nächsten Anmeldung.
