# What programs did that the person should know of.

deed-says-revoked = { $agent } revoked { $server }.
deed-says-removed = { $agent } removed { $server }.
deed-says-declined = { $agent } said “not now” to signing in to { $server }.
deed-says-signed_in = { $agent } signed in to { $server }, to which you had said “not now”.
deed-says-revoked_all = { $agent } revoked everything.
deed-says-locked = { $agent } locked MCP Valet.
deed-seen = OK
deed-says-key_wiped = { $agent } wiped the API key of { $server }.
deed-says-forward_ended = { $agent } ended the forward to { $server }.
