# Andere Rechner, deren Programme die Server nutzen dürfen.

forward-title = Andere Rechner
forward-under = Programme auf einem Rechner, der mit SSH erreichbar ist, können die Server nutzen. Die Anmeldungen bleiben hier, und gefragt wird hier.
forward-to = Weitergeleitet zu { $host }
forward-no-servers = Keiner ihrer Server ist noch da
forward-lost = Nicht verbunden, es wird wieder versucht: { $trouble }
forward-refused = { $count ->
        [one] 1 Verbindung eines anderen Programms wurde abgewiesen.
       *[other] { $count } Verbindungen anderer Programme wurden abgewiesen.
    }
forward-end = Beenden
forward-host = Rechner, wie ssh ihn kennt
forward-servers = Server, die von dort aus genutzt werden können
forward-begin = Weiterleiten
forward-beginning = Verbinde …
forward-where = Wo
forward-kind-ssh = Auf einem Rechner, mit SSH
forward-kind-container = In einem Container auf diesem Rechner
forward-container = Name des Containers
