# Clients der Tür, die eingelassen sind.

web-title = Web-Clients
web-under = Sie kamen über die Adresse für Web-Clients und wurden eingelassen. Ihre Namen haben sie sich selbst gegeben.
web-used = Benutzt { $server }. Eingelassen { $since }, zuletzt benutzt { $when }.
web-not-used = Benutzt { $server }. Eingelassen { $since }, noch nicht benutzt.
web-redirect = Seine Antworten gehen an { $redirect }
web-take-back = Zurücknehmen
