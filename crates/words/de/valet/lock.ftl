# Was dem System gesagt wird.

lock-inhibits = Entfernt Schlüssel aus dem Arbeitsspeicher
