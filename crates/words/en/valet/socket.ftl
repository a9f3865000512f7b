# Why a socket is not trusted.

socket-missing = no valet listens at { $path }
socket-unsafe = { $path } is not used: { $why }
socket-io = { $path } cannot be looked at: { $why }
socket-mapped = whether { $path } is yours cannot be told from here: it is seen through a user namespace, as user { $owner }, and this program is user { $ours }
socket-no-socket = it is not a socket
socket-other-user = it belongs to another user
socket-others-open = other users may open it
socket-others-change = other users may change what is in it
socket-other-listens = another user listens there
socket-container = { $path } is not used: it belongs to another user, { $owner }, and this program is { $ours } in its container
