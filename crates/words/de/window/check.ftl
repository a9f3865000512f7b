# Die Prüfung eines Servers, Schritt für Schritt.

check-title = Prüfung
check-note = Sieht sich den Server und den Ort der Anmeldung an, Schritt für Schritt. Nichts wird geändert.
check-verb = Diesen Server prüfen
check-busy = Prüfe…
check-change = Was zu ändern ist
check-steps = Jeder Schritt
check-rule = { $says } ({ $source })
check-concluded-works = Eine Anmeldung gelingt, soweit sich das von außen sagen lässt.
check-concluded-no_sign_in = Dieser Server verlangt keine Anmeldung.
check-concluded-needs_client_id = Eine Anmeldung gelingt, sobald dort von Hand ein Client registriert ist.
check-concluded-trouble = So gelingt keine Anmeldung.
check-who-person = Hier
check-who-server_operator = Wer den Server betreibt
check-who-issuer_operator = Wer den Autorisierungsserver betreibt
check-verdict-ok = Gut:
check-verdict-note = Hinweis:
check-verdict-trouble = Falsch:
check-concluded-key_stands = Gegen seinen API-Schlüssel spricht nichts.
check-concluded-key_needed = Er braucht einen anderen API-Schlüssel.
