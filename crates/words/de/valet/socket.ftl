# Warum einem Socket nicht vertraut wird.

socket-missing = unter { $path } lauscht kein MCP Valet
socket-unsafe = { $path } wird nicht benutzt: { $why }
socket-io = { $path } lässt sich nicht ansehen: { $why }
socket-mapped = ob { $path } das eigene ist, lässt sich von hier nicht sagen: Es ist durch einen User-Namespace zu sehen, als Benutzer { $owner }, und dieses Programm ist Benutzer { $ours }
socket-no-socket = es ist kein Socket
socket-other-user = es gehört einem anderen Benutzerkonto
socket-others-open = andere Benutzerkonten dürfen es öffnen
socket-others-change = andere Benutzerkonten dürfen ändern, was darin ist
socket-other-listens = dort lauscht ein anderes Benutzerkonto
socket-container = { $path } wird nicht benutzt: es gehört einem anderen Benutzerkonto, { $owner }, und dieses Programm ist in seinem Container { $ours }
