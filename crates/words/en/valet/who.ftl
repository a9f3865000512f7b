# What is said of a program beside its name.

who-foreign = in a container or a sandbox
who-orphan = what started it has ended
who-hidden = it hides what it is
who-changed = it is not the program any more that connected
who-app-image = an AppImage, which names itself
who-through-from = through { $file }, in { $place }, from { $folder }
who-through = through { $file }, in { $place }
who-without-file = A program without a file
who-program-in = A program in { $place }
who-unknown = An unknown program
who-in = { $name } in { $place }
who-local-server = local server { $server }
who-says-on = { $name }, it says, on { $host }
who-on = A program on { $host }
who-forwarded = by a forward; the place is known, and not the program
who-says-by-door = { $name }, it says
who-of-host-by-door = { $host } ({ $name }, it says)
who-by-door = with the code { $code }, by the address for web clients; its answer goes there
who-by-door-from-elsewhere = with the code { $code }, by the address for web clients; its answer goes there, on the machine of whoever asks
who-container = container { $name }
who-container-of = container { $name } (image { $image })
who-container-by = a container of this machine, { $id }, as { $engine } says; all programs in it together
