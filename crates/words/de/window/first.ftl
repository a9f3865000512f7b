# Die erste Seite, solange es keinen Server gibt.

first-title = Ein Ort für alle MCP-Anmeldungen
first-lines-1 = Bei jedem Server einmal anmelden, im Browser.
first-lines-2 = Programme fragen hier, bevor sie ihn nutzen.
first-lines-3 = Alles lässt sich jederzeit zurücknehmen.
first-demo = Demo ausprobieren
first-demo-note = Die Demo ist ein kleiner Server auf diesem Computer. Ein Konto ist nicht nötig. Sie endet mit MCP Valet.
