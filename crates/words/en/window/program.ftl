# Programs, and all that each may do.

program-title = Programs
program-foot = { $count ->
    [one] 1 program, and what it may do
   *[other] { $count } programs, and what each may do
}
program-note = What you answered about each program, until you take it back.
program-none = No answers are remembered. A program that wants to use a server asks first.
program-gone = Nothing is remembered about this program.
program-may = It may use
program-may-not = It may not use
program-may-use = { $count ->
    [one] May use 1 server
   *[other] May use { $count } servers
}
program-may-not-use = { $count ->
    [one] 1 not allowed
   *[other] { $count } not allowed
}
program-take-back = Take everything back
program-take-back-title = Take everything back from { NAME($name) }?
program-take-back-note = It asks again before it uses a server. A key that it has already works until it expires. What you refused stays refused.
program-taking-back = Taking back…
program-taken-back = { $count ->
    [0] There was nothing to take back.
    [one] Taken back: 1 server.
   *[other] Taken back: { $count } servers.
}
