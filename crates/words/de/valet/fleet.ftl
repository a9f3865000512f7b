# Die Flotte: Rechner, die einen Tresor teilen.

fleet-error-no-keys = dieser Rechner ist keiner Flotte beigetreten
fleet-error-there = es gibt schon eine Flotte
fleet-error-there-advice = Um zu ihr zu gehören, führen Sie hier "mcp-valetd fleet join" aus. Für eine andere nennen Sie in der Konfiguration einen anderen "prefix", und einen anderen Ordner des Zustands.
fleet-error-words = das ist nicht, was ein Rechner oder eine Flotte von sich sagt
fleet-error-words-advice = Kopieren Sie das ganze Wort, das der andere Rechner schrieb, von "mcp-valet-" bis zum Ende.
fleet-error-other = die Flotte in der Ablage ist nicht die, die genannt wurde
fleet-error-other-advice = Sehen Sie nach Endpunkten und Präfix in der Konfiguration, und fragen Sie ein Mitglied erneut mit "mcp-valetd fleet members".
fleet-error-name = { $name } geht nicht
fleet-error-name-advice = Namen bestehen aus Buchstaben, Ziffern, "-", "_" und ".", und jeder gehört einem Rechner. "mcp-valetd fleet members" listet sie.
fleet-error-last = das letzte Mitglied kann nicht hinausgenommen werden
fleet-error-last-advice = Um die Flotte zu beenden, widerrufen Sie alles und löschen Sie den Präfix in etcd.
fleet-error-setting = { $name } ist nicht verwendbar: { $why }
fleet-error-setting-advice = Sehen Sie nach "vault" in der Konfiguration und nach den Dateien und Credentials, die dort stehen.
fleet-error-no-password = weder ein Credential noch ein Schlüsselbund hat es
fleet-error-pair = "cert" und "key" gehören zusammen
fleet-error-damaged = es ist nicht, was geschrieben wurde
fleet-error-readable = andere können es lesen
fleet-error-headless = einen gemeinsamen Tresor hat nur mcp-valetd
fleet-error-headless-advice = Nennen Sie in der Konfiguration einen anderen "vault", oder starten Sie mcp-valetd.
fleet-notice-clock = Die Uhr dieses Rechners und die der Ablage des gemeinsamen Tresors gehen um { $seconds } Sekunden auseinander: Token gelten hier womöglich zu lang oder zu kurz. Stellen Sie die Uhr.
fleet-notice-away = Der gemeinsame Tresor ist nicht da: { $why }. Was im Arbeitsspeicher ist, dient noch eine Weile; nichts wird erneuert.
fleet-made = Dieser Rechner, { $name }, ist das erste Mitglied der Flotte.
fleet-ask = Führen Sie das auf einem Rechner aus, der Mitglied ist:
fleet-fingerprint = Fingerabdruck von { $name }: { $print }
fleet-is-it-the-same = Zeigt jener Rechner denselben Fingerabdruck?
fleet-not-the-same = er wurde nicht aufgenommen
fleet-not-the-same-advice = Kopieren Sie, was "mcp-valetd fleet join" dort sagt, auf einem Weg, auf den sonst niemand schreibt, und vergleichen Sie die Fingerabdrücke.
fleet-admitted = { $name } ist jetzt Mitglied. Führen Sie dort das aus:
fleet-joined = Dieser Rechner ist Mitglied der Flotte.
fleet-removed = { $name } ist kein Mitglied mehr.
fleet-left-grants = { $count ->
    [0] Er hatte keine Anmeldung gekannt.
    [one] Er hatte eine Anmeldung gekannt; die anderen Rechner erneuern sie, sobald sie laufen.
   *[other] Er hatte { $count } Anmeldungen gekannt; die anderen Rechner erneuern sie, sobald sie laufen.
}
fleet-left-ending = Er hatte diese Anmeldungen gekannt, die niemand erneuern kann: { $servers }. Widerrufen Sie jede, und melden Sie sich neu an.
fleet-left-registrations = { $count ->
    [one] Ein Client bei einem Aussteller wird mit der nächsten Anmeldung dort neu registriert.
   *[other] { $count } Clients bei Ausstellern werden mit der nächsten Anmeldung dort neu registriert.
}
fleet-left-keys = Er hatte diese Schlüssel gekannt, die nur Sie bei ihren Anbietern ersetzen können: { $servers }.
fleet-left-secrets = Er hatte die Client-Geheimnisse von diesen gekannt, die nur Sie dort ersetzen können, wo der Client registriert ist: { $servers }.
fleet-member-here = { $name }  verbunden
fleet-member-away = { $name }  nicht zu hören
fleet-pin = Diese Flotte ist: { $pin }
fleet-not-named = Die Konfiguration nennt keinen gemeinsamen Tresor.
fleet-not-named-advice = Schreiben Sie "vault": {"{"}"etcd": {"{"}"endpoints": ["https://…"]{"}"}{"}"} in "valet" von { $path }.
fleet-notice-tampered = Der gemeinsame Tresor hat für { $server } etwas, das kein Mitglied dort hinterließ: Es wird nicht verwendet.
fleet-notice-known = Ein Rechner, der aus der Flotte genommen wurde, kennt die Anmeldung bei { $server }, und sie war nicht zu erneuern. Widerrufen Sie sie, und melden Sie sich neu an.
fleet-notice-known-keys = Ein Rechner, der aus der Flotte genommen wurde, kennt die Schlüssel von { $server }. Ersetzen Sie sie bei ihrem Anbieter und dann hier.
fleet-notice-known-client = Ein Rechner, der aus der Flotte genommen wurde, kennt ein Client-Geheimnis von { $server }. Ersetzen Sie es dort, wo der Client registriert ist, und dann hier.
