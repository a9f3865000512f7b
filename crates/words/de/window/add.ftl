# Einen Server hinzufügen, oder viele auf einmal.

add-label = Adresse, oder eine Konfiguration zum Übernehmen
add-placeholder = https://mcp.example.com/mcp
add-hint = Die Adresse des Servers einfügen, oder einen ganzen „mcpServers“-Abschnitt eines anderen Programms.
add-look = Weiter
add-looking = Sehe nach…
add-looking-at = Frage { $host }…
add-found = Gefunden
add-name = Name
add-name-note = so, wie Programme ihn nennen
add-there = Diese Adresse gibt es hier schon, als { $name }. Unter einem anderen Namen kann sie ein anderes Konto haben.
add-open = { $name } öffnen
add-signs-in-at = Anmeldung bei
add-signs-in-choice = Anmeldung bei einem von
add-scopes = Verlangt
add-no-scopes = keine benannten Berechtigungen
add-registers = Keine Vorbereitung nötig: Die Anmeldung kann sofort beginnen.
add-needs-client = Braucht eine Client-ID
add-save = Hinzufügen
add-save-many = { $count ->
    [one] 1 Server hinzufügen
   *[other] { $count } Server hinzufügen
}
add-save-anyway = Trotzdem hinzufügen
add-saving = Füge hinzu…
add-change = Ändern
add-choose-many = Server in diesem Abschnitt
add-already = Schon hier
add-added = { $count ->
    [one] 1 Server wurde hinzugefügt.
   *[other] { $count } Server wurden hinzugefügt.
}
add-skipped-local = läuft auf diesem Computer und braucht keine Anmeldung
add-skipped-address = hat keine Adresse
add-headers = Seine Header werden übernommen. Ein Schlüssel darin kommt in den Tresor.
add-later = Jetzt hinzufügen, das hier später eintragen
add-wrong-empty = Bitte eine Adresse oder einen Abschnitt einfügen.
add-wrong-address = Das ist keine Adresse. Sie beginnt mit https://.
add-wrong-json = Das sieht nach einem Abschnitt aus, ist aber nicht vollständig. Bitte vom ersten { "{" } bis zum letzten { "}" } kopieren.
add-wrong-none = In diesem Abschnitt ist kein Server mit einer Adresse.
