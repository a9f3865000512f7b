# Clients of the door that are let in.

web-title = Web clients
web-under = They came by the address for web clients, and you let them in. Their names are their own word.
web-used = Uses { $server }. Let in { $since }, last used { $when }.
web-not-used = Uses { $server }. Let in { $since }, not used yet.
web-redirect = Its answers go to { $redirect }
web-take-back = Take back
