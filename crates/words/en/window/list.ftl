# The list of servers, and what stands above it.

list-questions = Questions
list-attention = Needs you
list-ready = Ready
list-resting = Not now
list-filter = Filter servers
list-none = No server matches “{ $text }”.
list-more = Show { $count } more
list-fewer = Show fewer
list-later = { $count } more come up as you answer these.
list-wanted = { NAME($agent) } waits for this
list-on-device = On another device
list-no-tray = This desktop shows no tray icon. MCP Valet goes on when you close this window; start it again to come back.
list-pick = Choose a server on the left.
list-summary = { $ready } ready
list-summary-waiting = { $ready } ready, { $waiting } waiting
list-answer = Answer
list-locked = Locked
list-forgets = Sign-ins are forgotten when MCP Valet ends
list-forgets-note = This computer has no keychain to keep them in.
list-trouble = The configuration needs a look
list-asleep = { NAME($server) } in your configuration starts a program. It is left alone until you agree.
list-asleep-look = Look
list-asleep-title = Have { NAME($server) } started when it is used?
list-asleep-verb = Agree
