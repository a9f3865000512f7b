# Moving in what other programs keep in plain text.

move-title = Secrets in plain text
move-under = Programs on this computer list servers with keys and passwords in their own files, where whatever reads your files can read them.
move-looking = Looking…
move-lying = { $count ->
        [0] No secret lies in plain text
        [one] 1 secret lies in plain text
       *[other] { $count } secrets lie in plain text
    }
move-none = None of the lists that are known has one.
move-of = { $program }, { $file }
move-for-project = for the project { $project }
move-everything = Move everything in
move-planned = What would be moved in
move-planned-note = What looks like a secret goes into the vault, and is read back from there. Only then the files are changed: the programs reach their servers through MCP Valet. Take out what is to stay.
move-arguments = Also secrets that are arguments. Whoever uses this computer can go on reading those while the server runs.
move-into-vault = Into the vault: { $secrets }
move-signs-in = You sign in once, here
move-there = It is here already.
move-stays = What stays
move-copies = Copies
move-copied = { $count ->
        [one] { $file } has one of these secrets too. Delete it once nothing needs it.
       *[other] { $file } has { $count } of these secrets too. Delete it once nothing needs it.
    }
move-files = The files
move-now = Move in, and change the files
move-nothing = Nothing to move.
move-moved = What was moved in
move-done = { $count ->
        [one] Moved in. 1 file was changed.
       *[other] Moved in. { $count } files were changed.
    }
move-restart = Programs that run read their files at their next start. A key that lay in plain text may have been copied: replace it at its provider.
move-returns = The key { $key } of { NAME($server) } goes back to { $program }, in plain text.
move-returns-gone = The key { $key } of { NAME($server) } was wiped and cannot come back: FILL IN is written for { $program }.
move-returns-another = The key { $key } of { NAME($server) } is another key than was moved out of there, and stays: FILL IN is written for { $program }.
move-foot = { $count ->
        [one] 1 secret lies in plain text
       *[other] { $count } secrets lie in plain text
    }
