# Dateien anderer Programme.

file-link = Über einen Link erreicht; eigentlich ist sie { $to }.
file-project = Sie gehört zu einem Projekt: wer sonst daran arbeitet, bekommt diese Zeilen auch.
file-new = Diese Datei gibt es noch nicht.
file-gone = Diese Datei gab es vorher nicht; sie verschwindet.
file-line = Zeile { $line }
file-comes = kommt
file-goes = geht
file-left = { $program }: { $trouble }.
