# Was bei einzelnen Anbietern hilft.

quirk-entra-scopes-with-api = Jeden Scope in oauth.scopes mit der API schreiben, zu der er gehört, wie api://APP-ID/access.
quirk-entra-scopes = oauth.scopes auf das setzen, was dieser Server braucht, wie api://APP-ID/access.
quirk-entra-resource = oauth.resource herausnehmen, oder genau auf die Kennungs-URI der API setzen: Ein Schrägstrich am Ende macht eine andere daraus.
quirk-entra-resource-unknown = oauth.resource herausnehmen: Sie ist hier nicht bekannt.
quirk-entra-with-secret = Diese App ist als eine mit Secret registriert: oauth.clientSecret ergänzen, oder in ihrer Registrierung öffentliche Client-Flows erlauben.
quirk-entra-without-secret = Diese App ist als eine ohne Secret registriert: oauth.tokenEndpointAuthMethod auf "none" setzen.
quirk-github-client = oauth.clientId und oauth.clientSecret prüfen: GitHub verlangt beide.
quirk-github-callback = Die Callback-URL der App bei GitHub auf die Redirect-URI dieses Servers setzen.
quirk-again = Neu anmelden.
quirk-slack-redirect = Die Redirect-URI dieses Servers genau so, mit ihrem Port, in der Slack-App registrieren; oder oauth.callbackPort, oauth.callbackPath und oauth.redirectHost auf das Registrierte setzen.
quirk-slack-secret = oauth.clientSecret mit der Slack-App vergleichen.
quirk-slack-client = oauth.clientId mit der Slack-App vergleichen.
quirk-google-secret = oauth.clientSecret ergänzen: Bei Google haben auch Desktop-Apps eines.
