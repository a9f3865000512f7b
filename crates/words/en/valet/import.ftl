# What other programs list, and why something of it is not taken over.

import-unknown-client = it is one of { $names }
import-local = runs on this computer and needs no sign-in
import-uses-valet = uses MCP Valet already
import-no-address = has no address that can be used
import-plain-http = goes over the network without https
import-variables = has an address that only that program can fill in
import-key-in-address = has a key in its address, so it needs no sign-in
import-left-authorization = has its own Authorization header; MCP Valet would sign in instead
import-left-headers = its own headers are not copied
import-left-secret = its client secret is not copied; you are asked for it
import-left-client = its client ID is kept elsewhere and is not copied
import-unreadable = cannot be read ({ $error })
import-no-file = is not a plain file
import-too-large = is larger than the { $limit } MiB that are looked at: it has { $size }
import-no-text = is not text in UTF-8
import-malformed-at = is not { $form } as expected (line { $line })
import-malformed = is not { $form } as expected
import-too-many = lists more servers than are looked at
import-odd-projects = has projects that are not as expected, and were left out
import-left-key = takes a key, which is not copied: give it to MCP Valet once it is added
