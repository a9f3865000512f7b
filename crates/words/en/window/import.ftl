# The servers of other programs.

import-title = Import
import-from = Import from other programs
import-under = Servers that other programs on this computer list. Nothing there is changed.
import-looking = Reading their lists…
import-nothing = No other program lists any servers here.
import-nothing-new = Everything that can be added is here already.
import-choose = Choose what to add
import-add = { $count ->
    [one] Add 1 server
   *[other] Add { $count } servers
}
import-adding = Adding…
import-added = Added
import-called = called { $name } there
import-disabled = Switched off there
import-older = Speaks the older transport (HTTP+SSE). Lead your programs here by “mcp-valet connect”.
import-client = Its client ID is taken over.
import-left-authorization = Has its own Authorization header; MCP Valet would sign in instead.
import-left-headers = Its own headers are not copied.
import-left-client_secret = Its client secret is not copied; fill it in under Details.
import-left-client = Its client ID is kept elsewhere and is not copied.
import-here = Already here
import-others = { $count ->
    [one] 1 entry not for MCP Valet
   *[other] { $count } entries not for MCP Valet
}
import-why-local = runs on this computer and needs no sign-in
import-why-uses_valet = uses MCP Valet already
import-why-no_address = has no address that can be used
import-why-plain_http = goes over the network without https
import-why-variables = has an address that only that program can fill in
import-why-key_in_address = has a key in its address, so it needs no sign-in
import-unread = { $program }: this file
import-point = Let your programs use them
import-point-note = Each goes on signing in by itself until its own entry leads here. Put this in place of the old entry:
import-open = Open { $name }
import-left-key = Takes an API key, which is not copied: set it here once it is added.
