# Leading other programs here by their own files.

setup-no-place = has something else below { $key } than entries
setup-twice = has { $key } twice, and programs differ in which of both they take
setup-unusual = is written in a way in which nothing can be put between
setup-link = is reached by a link that may not be followed: it leads to { $to }
setup-of-another = is the file of { $program }
setup-not-own = belongs to somebody else
setup-read-only = may only be read
setup-linked = has a second name on this disk, which would go on with what was there
setup-no-folder = cannot be made: there is no folder { $folder }
setup-changed = was changed meanwhile
setup-changed-advice = Close the program that it belongs to, and try again.
setup-rights-advice = Change that, and try again; or put the lines there yourself.
setup-paste-advice = It stays as it is. Put the lines there yourself.
setup-newer = a newer MCP Valet wrote this; use that one
setup-taken = has something else by the name of { $names }
setup-taken-advice = That stays. Rename it there, or the server here, and try again.
setup-boxed = belongs to a program in a sandbox ({ $kind }), which reads files of its own and may not start programs
setup-boxed-advice = Where you let it start programs of this computer, put the lines into its own file.
setup-no-trace = is not there, and neither is anything else of this program
setup-no-trace-advice = Start the program once, then try again.
setup-lost = is not where it was when it was written
setup-lost-advice = Take the entries that start mcp-valet out yourself.
setup-overwritten = was overwritten right afterwards by its program
setup-kept = reaches { $names } by itself, with a key or a setting beside the address
setup-kept-advice = That entry stays. Give the key to MCP Valet, take the entry out there, and try again.
