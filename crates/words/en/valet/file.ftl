# What is wrong with a file.

file-circle = it is a link that leads nowhere, in a circle
file-no-folder = neither { $variable } nor HOME names a folder
file-in-its-place = there is { $what } in its place, which is left alone
file-pipe = a named pipe
file-something = something else than a file
file-folder = a folder
file-socket = a socket
file-device = a device
