# What helps with single providers.

quirk-entra-scopes-with-api = Write each scope in oauth.scopes with the API that it belongs to, such as api://APP-ID/access.
quirk-entra-scopes = Set oauth.scopes to what this server needs, such as api://APP-ID/access.
quirk-entra-resource = Take oauth.resource out, or set it to the identifier URI of the API, exactly: a slash at its end makes another.
quirk-entra-resource-unknown = Take oauth.resource out: it is not known here.
quirk-entra-with-secret = This app is registered as one with a secret: add oauth.clientSecret, or allow public client flows in its registration.
quirk-entra-without-secret = This app is registered as one without a secret: set oauth.tokenEndpointAuthMethod to "none".
quirk-github-client = Check oauth.clientId and oauth.clientSecret: GitHub wants both.
quirk-github-callback = Set the callback URL of the app at GitHub to the redirect URI of this server.
quirk-again = Authorize again.
quirk-slack-redirect = Register the redirect URI of this server in the Slack app, exactly, with its port; or set oauth.callbackPort, oauth.callbackPath and oauth.redirectHost to what is registered.
quirk-slack-secret = Check oauth.clientSecret against the Slack app.
quirk-slack-client = Check oauth.clientId against the Slack app.
quirk-google-secret = Add oauth.clientSecret: at Google, apps for the desktop have one as well.
