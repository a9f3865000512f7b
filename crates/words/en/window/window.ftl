# The window as a whole.

window-app = MCP Valet
window-back = Back
window-servers = Servers
window-add = Add server
window-settings = Settings
window-copy = Copy
window-copied = Copied
window-not-copied = Select and copy it yourself
window-cancel = Cancel
window-try-again = Try again
window-connecting = Connecting…
window-lost-line = MCP Valet does not answer. Trying again…
window-lost-detail = MCP Valet does not answer
window-lost-advice = Nothing was changed. Open MCP Valet again if this stays.
window-unclear-detail = The answer was not understood
window-unclear-advice = Restart MCP Valet; its parts may have different versions.
window-about = About
window-quit = Quit
window-connected = { $more ->
    [0] { NAME($program) } is connected
   *[other] { NAME($program) } and { $more } more are connected
}
