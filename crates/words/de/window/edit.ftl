# Was an einem Server geändert wird.

edit-title = Name, Adresse oder Berechtigungen ändern
edit-name = Name
edit-url = Adresse
edit-scopes = Gewünschte Berechtigungen
edit-scopes-note = mit Leerzeichen dazwischen; leer überlässt es dem Server
edit-folders = Für Ordner
edit-folders-note = je Zeile einer, etwa ~/work/acme; leer für alle
edit-renamed = Anmeldung und Antworten bleiben. Programme, die ihn beim Namen nennen, müssen den neuen erfahren.
edit-moved = Eine andere Adresse ist ein anderer Server: Die Anmeldung bei diesem wird beendet, und erlaubte Programme fragen wieder.
edit-asked = Gilt ab der nächsten Anmeldung.
edit-save = Speichern
edit-saving = Wird gespeichert…
edit-saved = Gespeichert.
