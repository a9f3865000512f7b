# Was an einer Adresse falsch ist.

url-bad = { $what } ist keine URL, die sich verwenden lässt: { $problem }
url-issuer = der Autorisierungsserver
url-server = die URL des Servers
url-document = das Metadaten-Dokument des Clients
url-issuer-advice = Es dem Betreiber des Servers sagen.
url-own-advice = Sie in der Konfiguration berichtigen.
url-no-https = sie muss mit https:// beginnen
url-no-path = sie braucht einen Pfad wie /client.json und keine Query
url-unusual = sie ist nicht in der üblichen Form geschrieben
url-query = sie hat eine Query
url-too-long = sie ist zu lang
url-white-space = sie enthält Leer- oder Steuerzeichen
url-hidden = sie enthält Zeichen, die nicht zu sehen sind
url-not-absolute = sie ist keine absolute URL
url-user = sie hat einen Benutzernamen oder ein Passwort
url-fragment = sie hat ein Fragment
