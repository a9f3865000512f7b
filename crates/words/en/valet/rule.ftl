# The rules that the doctor holds a server against.

rule-certificate = A server by https proves its name by a certificate that the client trusts.
rule-unauthorized = A server that wants a sign-in answers 401 to a request without a token.
rule-challenge = A 401 carries WWW-Authenticate with at least one challenge.
rule-resource-metadata = The challenge says in resource_metadata where the server's metadata is; without it, clients try the well-known places.
rule-well-known-resource = A server's metadata is JSON below /.well-known/oauth-protected-resource, first with the path of its URL, then without.
rule-resource = The resource in the metadata is the server's URL (MCP: or a parent of it); clients ask tokens for exactly it.
rule-authorization-servers = The metadata names at least one authorization server; among several, the client chooses.
rule-fallback = A server without metadata is its own authorization server.
rule-well-known-issuer = An authorization server's metadata is JSON at one of these addresses, tried in this order.
rule-issuer = The issuer in the metadata is, byte for byte, the one that the address was built from.
rule-https = All endpoints are https, except on this computer.
rule-nearness = What a public server names is no private address.
rule-pkce = The metadata lists S256 in code_challenge_methods_supported; without it, clients refuse to go on.
rule-iss = Answers that carry iss, and metadata that says so, protect from mixing up two authorization servers.
rule-registration = A client ID comes first: registered by hand, then a metadata document, then dynamic registration.
rule-client-document = A client ID that is an https URL with a path leads to JSON whose client_id is exactly that URL.
rule-scopes = The challenge's scope counts, else all scopes of the server's metadata, else none; configured scopes override both.
rule-refresh = Where offline_access is known, it is asked for, so that the token can be renewed without you.
rule-methods = Clients prove themselves at the token endpoint in one of the ways listed; without a list, by client_secret_basic.
rule-revocation = Tokens can be ended before they expire.
rule-pushed = Authorization requests can be pushed, or must be.
rule-dpop = Tokens can be bound to a key.
rule-device = One can sign in on another device.
rule-keys = Signed tokens can be checked with the keys at jwks_uri.
