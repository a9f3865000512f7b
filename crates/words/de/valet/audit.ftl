# Was am Audit falsch ist.

audit-not-compared = es wurde nicht mit dem Tresor verglichen
audit-no-file = das ist keine Datei
audit-taken-away = sie wurde wieder entfernt
audit-disk-full = die Festplatte ist voll
audit-not-written = es wurde nicht geschrieben
