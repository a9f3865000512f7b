# Über MCP Valet, und seine Tasten.

about-title = Über MCP Valet
about-version = Version { $version }
about-what = Verwahrt die Anmeldungen bei MCP-Servern und leiht sie den Programmen, die es dürfen.
about-collected = Was gesammelt wird
about-collected-nothing = Nichts. MCP Valet spricht mit den eigenen Servern, mit deren Anmeldestellen und mit Adressen aus der Konfiguration. Nach Updates sucht es nicht.
about-report = Wohin melden
about-report-fault = Einen Fehler: als Issue dort, wo MCP Valet her ist. Die Diagnose zum Kopieren steht in den Einstellungen.
about-report-weakness = Eine Schwachstelle: vertraulich, als Security Advisory dort oder per E-Mail an die Maintainer. SECURITY.md sagt, wie.
about-licence = Lizenz
about-licence-ours = MIT oder Apache 2.0, nach Wahl.
about-licence-texts = Beide Lizenzen lesen
about-parts = Mit { $count } Teilen von anderen
about-loading = Lädt…
about-keyboard = Tastatur
about-key-find = Server filtern
about-key-add = Server hinzufügen
about-key-activity = Aktivität
about-key-settings = Einstellungen
about-key-zoom = Größer, kleiner, übliche Größe
about-key-back = Zurück zu den Servern
about-key-about = Diese Seite
about-key-close = Fenster schließen; MCP Valet läuft weiter
about-key-quit = MCP Valet beenden
