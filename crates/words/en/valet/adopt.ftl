# Moving secrets out of the files of other programs.

adopt-unused = its program does not use it: it is switched off there, or not approved yet
adopt-folder = it needs the folder of its project
adopt-variables = it has parts that only its program can fill in
adopt-argument = a secret is an argument, which every user of this computer can read: give it in a variable there, or agree to that with --with-arguments
adopt-address = a secret is a part of its address, and has no other place
adopt-older = it is of the older transport (HTTP+SSE)
adopt-client = it has a client that was registered by hand: add it with mcp-valet import, and give its secret to MCP Valet
adopt-more = it has something beside that would be missed: { $names }
adopt-excepted = you want it to stay
adopt-file = its file { $trouble }
adopt-in-header = header { $name }
adopt-in-variable = variable { $name }
adopt-in-argument = argument { $number }
adopt-in-address = the address
adopt-in-client = the secret of its client
adopt-beside = has something beside that was not read, such as a comment, or what looks like a secret
adopt-not-ours = has its own entry for "{ $entry }" by now: the key of "{ $server }" stays here
adopt-not-ours-advice = To have it there again, copy the key by hand; what is needed to put it back is kept until `mcp-valet adopt --forget` with its program forgets it.
adopt-gets-key = gets its key by this
