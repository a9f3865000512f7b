# What programs did that the person should know of.

deed-revoked = "{ $agent }" revoked "{ $server }"
deed-removed = "{ $agent }" removed "{ $server }"
deed-declined = "{ $agent }" said "not now" to signing in to "{ $server }"
deed-signed-in = "{ $agent }" signed in to "{ $server }", to which you had said "not now"
deed-revoked-all = "{ $agent }" revoked everything
deed-locked = "{ $agent }" locked MCP Valet
deed-key-wiped = "{ $agent }" wiped the key of "{ $server }"
deed-forward-ended = "{ $agent }" ended the forward to { $host }
