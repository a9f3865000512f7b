# Das Fenster als Ganzes.

window-app = MCP Valet
window-back = Zurück
window-servers = Server
window-add = Server hinzufügen
window-settings = Einstellungen
window-copy = Kopieren
window-copied = Kopiert
window-not-copied = Bitte von Hand markieren und kopieren
window-cancel = Abbrechen
window-try-again = Noch einmal
window-connecting = Verbinde…
window-lost-line = MCP Valet antwortet nicht. Neuer Versuch läuft…
window-lost-detail = MCP Valet antwortet nicht
window-lost-advice = Nichts wurde geändert. Wenn das so bleibt, MCP Valet neu öffnen.
window-unclear-detail = Die Antwort war nicht zu verstehen
window-unclear-advice = MCP Valet neu starten: Seine Teile haben vielleicht verschiedene Versionen.
window-about = Über
window-quit = Beenden
window-connected = { $more ->
    [0] { NAME($program) } ist verbunden
   *[other] { NAME($program) } und { $more } weitere sind verbunden
}
