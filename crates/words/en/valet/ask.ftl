# The questions in a terminal, and what is answered. What is in square brackets is typed: it is the same in every language.

ask-account = { NAME($agent) } wants to use { $host } in { $folder }, and that folder has no account of its own.
ask-account-of = { NAME($agent) } wants to use { NAME($server) } ({ $host }) in { $folder }, which is not what that account is for.
ask-account-which = Which account may it use there, until mcp-valetd ends?
ask-account-that = May it use that account there, until mcp-valetd ends?
ask-account-always = "always NUMBER": that account is for that folder from now on, as the configuration then says.
ask-account-always-that = "always": it is for that folder from now on, as the configuration then says.
ask-account-unread = account not read yet
ask-account-as = as { $account }
ask-account-for = for { $folders }
ask-account-number = The [number] of one   [n]o, none
ask-account-n = Nothing was answered. Please type a number, or n.
ask-account-chosen = It uses { NAME($server) } in that folder until mcp-valetd ends, as far as you allow it that.
ask-account-given = From now on { NAME($server) } is the account for that folder.
ask-account-none = None. It is not asked again for that folder until mcp-valetd ends.
ask-use-as = as { $account }
ask-use-in = in { $folder }
ask-add = { NAME($agent) } wants to add { NAME($server) }.
ask-add-brings = It says how you sign in there:
ask-add-it = Add it?
ask-address = address: { $address }
ask-program = program: { $program }
ask-yes-no = [y]es   [n]o
ask-secret = (a secret, not shown)
ask-replace = { NAME($agent) } signed in to { NAME($server) } anew. Put it in place of the sign-in that works now?
ask-sign-in-address = The sign-in to { NAME($server) } is at { $issuer }, but what comes back to { $address } belongs to { $other }.
ask-give-address = Give that address to { $issuer }? { $other } then needs another.
ask-sign-in-page = The sign-in to { NAME($server) } is at { $issuer }, but leads to { $address }, where { $other } has its pages.
ask-go-on = What you do there could be used by { $issuer }. Go on?
ask-configuration = The configuration was edited, and would allow more than before:
ask-accept = Accept it?
ask-y-or-n = Nothing was answered. Please type y or n.
ask-not-added = Not added; the same is not asked again until mcp-valetd ends.
ask-being-added = Agreed: it is being added. If that fails, it is said here.
ask-not-replaced = The sign-in that works stays.
ask-replaced = Agreed: the new sign-in is to take its place.
ask-sign-in-stopped = The sign-in goes no further.
ask-sign-in-goes-on = The sign-in goes on.
ask-configuration-kept = What was in force before stays in force.
ask-configuration-taken = Agreed: the edit is being put in force.
ask-use = { NAME($agent) } wants to use { NAME($server) } ({ $host }).
ask-use-several = { NAME($agent) } wants to use { $count } servers.
ask-resource = its tokens are for { $resource }, not for this server alone
ask-form-proxied = it goes through MCP Valet and sees no token
ask-form-token-hours = it gets a token, good for about { $hours } hours
ask-form-token = it gets a short-lived token
ask-form-lasting-days = it gets a token that is good for { $days } days, and that nobody can recall
ask-form-lasting = it gets a token that never ends, and that nobody can recall
ask-scopes-unknown = permissions: whatever your sign-in allows
ask-scopes = permissions: { $scopes }
ask-also = it was allowed less before; also: { $scopes }
ask-new-form = until now it was not allowed such a token
ask-scopes-too-long = { $more }, too long to be shown
ask-scopes-more = { $scopes }, and { $more } more
ask-some = For some of them alone add their numbers, as in: o 1 2
ask-once-or-not = Allow [o]nce   [d]on't allow   (it cannot be told from other programs)
ask-proxy = With no token, through MCP Valet alone, add: proxy
ask-how-long = Allow [o]nce   [q]uarter hour   [h]our   [t]oday   [f]or now      [d]on't allow
ask-how-long-or-always = Allow [o]nce   [q]uarter hour   [h]our   [t]oday   [f]or now   always      never   [d]on't allow
ask-no-such-number = There is no such number.
ask-o-or-d = Nothing was answered. Please type o or d.
ask-o-to-d = Nothing was answered. Please type o, q, h, t, f or d.
ask-o-to-never = Nothing was answered. Please type o, q, h, t, f or d, always or never.
ask-decided-once = { $what ->
    [denied] Not allowed once; the next time it asks again.
    [proxy] Allowed through MCP Valet alone once; the next time it asks again.
    [reads] Reads alone are allowed once; the next time it asks again.
   *[allowed] Allowed once; the next time it asks again.
}
ask-decided-quarter-hour = { $what ->
    [denied] Not allowed for a quarter of an hour; `who` lists it, `forget N` takes it back.
    [proxy] Allowed through MCP Valet alone for a quarter of an hour; `who` lists it, `forget N` takes it back.
    [reads] Reads alone are allowed for a quarter of an hour; `who` lists it, `forget N` takes it back.
   *[allowed] Allowed for a quarter of an hour; `who` lists it, `forget N` takes it back.
}
ask-decided-hour = { $what ->
    [denied] Not allowed for an hour; `who` lists it, `forget N` takes it back.
    [proxy] Allowed through MCP Valet alone for an hour; `who` lists it, `forget N` takes it back.
    [reads] Reads alone are allowed for an hour; `who` lists it, `forget N` takes it back.
   *[allowed] Allowed for an hour; `who` lists it, `forget N` takes it back.
}
ask-decided-today = { $what ->
    [denied] Not allowed until midnight; `who` lists it, `forget N` takes it back.
    [proxy] Allowed through MCP Valet alone until midnight; `who` lists it, `forget N` takes it back.
    [reads] Reads alone are allowed until midnight; `who` lists it, `forget N` takes it back.
   *[allowed] Allowed until midnight; `who` lists it, `forget N` takes it back.
}
ask-decided-for-now = { $what ->
    [denied] Not allowed until mcp-valetd ends; `who` lists it, `forget N` takes it back.
    [proxy] Allowed through MCP Valet alone until mcp-valetd ends; `who` lists it, `forget N` takes it back.
    [reads] Reads alone are allowed until mcp-valetd ends; `who` lists it, `forget N` takes it back.
   *[allowed] Allowed until mcp-valetd ends; `who` lists it, `forget N` takes it back.
}
ask-decided-always = { $what ->
    [denied] Not allowed until you take it back; `who` lists it, `forget N` takes it back.
    [proxy] Allowed through MCP Valet alone until you take it back; `who` lists it, `forget N` takes it back.
    [reads] Reads alone are allowed until you take it back; `who` lists it, `forget N` takes it back.
   *[allowed] Allowed until you take it back; `who` lists it, `forget N` takes it back.
}
ask-sign-in = { NAME($agent) } waits for you to sign in to { NAME($server) }.
ask-sign-in-or-not = [s]ign in now   [n]ot now   don't [a]sk again
ask-unlock = MCP Valet is locked. Press Enter to unlock it
ask-unlocked = (unlocked)
ask-answered-elsewhere = (answered elsewhere)
ask-too-soon = That was typed before this could be read, and counts for nothing:
ask-note = note: { $note }
ask-enter-alone = Nothing was answered: MCP Valet is locked. Enter alone unlocks it.
ask-declined = You are not asked about { NAME($server) } again until you start MCP Valet again.
ask-declined-for-good = You are not asked about { NAME($server) } again. Type `ask { $server }` to take that back.
ask-s-n-or-a = Please answer s, n or a.
ask-key = { $agent } brings an API key for "{ $server }". Use it?
ask-key-replace = { $agent } brings another API key for "{ $server }", in the place of the one that is there. Use it?
ask-key-goes = The key goes into each request as: { $headers } ({ $key })
ask-key-not-set = The key is not used.
ask-key-being-set = The key is being stored.
ask-reads = To let it read alone, and be asked before the rest, add: reads
ask-call = { NAME($agent) } wants to call { $tool } at { NAME($server) } ({ $host }).
ask-call-account = as { $account }
ask-call-title = called: { $title }
ask-call-class = what it does, as far as is known: { $class }
ask-call-looks-like = its name looks like that of another tool: { $other }
ask-call-new = this tool came after you allowed the server, and you have not seen it yet
ask-call-changed = this tool is not what it was when you saw it:
ask-call-unlisted = the server has not listed such a tool
ask-call-unknown = MCP Valet does not know what this method does
ask-call-says-else = it says something else of itself than before
ask-call-count = { $count } calls that are the same word for word wait for your answer
ask-call-no-arguments = it is told nothing
ask-call-arguments = it is told:
ask-call-other-class = it said "{ $was }", and says "{ $is }"
ask-call-added = it takes { $name }, which it did not
ask-call-removed = it does not take { $name } any more
ask-call-other = it takes { $name } in another form
ask-call-schema = what it takes or gives is another all in all
ask-call-once-or-not = All[o]w this call   [d]on't allow
ask-call-how-long = All[o]w this call   this tool for a [q]uarter hour, an [h]our, [t]oday, [f]or now   never   [d]on't allow
ask-call-how-long-or-always = All[o]w this call   this tool for a [q]uarter hour, an [h]our, [t]oday, [f]or now, always   never   [d]on't allow
ask-call-o-or-d = Nothing was answered. Please type o or d.
ask-call-o-to-never = Nothing was answered. Please type o for this call, q, h, t or f for the tool, d or never.
ask-call-allowed = This call is allowed.
ask-tool-allowed = This tool is allowed for so long; `who` lists the program, `forget N` takes all of it back.
ask-call-denied = This call is not allowed.
ask-tool-denied = This tool is not allowed; `who` lists the program, `forget N` takes all of it back.
ask-files = { $agent } wants other programs to be led here by their own files:
ask-files-back = { $agent } wants other programs to be led here no more:
ask-files-change = Change these files?
ask-files-link = it is reached by a link, and really is { $to }
ask-files-project = it belongs to a project: others who work on it get these lines too
ask-files-new = there is no such file yet
ask-files-gone = there was no such file before, and will be none
ask-files-line = line { $line }:
ask-files-kept = The files stay as they are.
ask-files-being-changed = The files are being changed.
ask-forget = { $agent } wants to forget that these files could be put back:
ask-forget-keys = stays in the vault: { $keys }
ask-forget-note = Nothing is written to them, and no key is wiped or given out.
ask-forget-it = Forget this?
ask-adopt = { $agent } wants what other programs list, secrets too, to be moved into MCP Valet:
ask-adopt-change = Move this in, and change these files?
ask-adopt-signs-in = "{ $server }": { $place } – you sign in once, here ({ $programs })
ask-adopt-keeps = "{ $server }": { $place } – into the vault goes what is in { $secrets } ({ $programs })
ask-adopt-stays = "{ $entry }" of { $program } ({ $file }) stays: { $why }
ask-adopt-secret-stays = "{ $entry }" of { $program } ({ $file }) stays, with a secret in plain text: { $why }
ask-adopt-copied = { $file } goes on having such secrets ({ $secrets })
ask-returns = the key { $key } of "{ $server }" goes back, in plain text, to { $program }
ask-returns-gone = the key { $key } of "{ $server }" was wiped and cannot come back: FILL IN is written for { $program }
ask-returns-another = the key { $key } of "{ $server }" is another key than was moved out of there, and stays: FILL IN is written for { $program }
ask-starts = starts: { $command }
ask-add-starts = It is a program that runs here as you, started as:
ask-key-goes-here = The key goes into that program as: { $variables } ({ $key })
ask-forward = { NAME($agent) } wants your servers to be used from { $host }.
ask-forward-servers = Programs there could ask for:
ask-forward-runs-here = runs on this computer, and does here what programs there ask of it
ask-forward-note = You are asked before any of them is used. Nobody at { $host } can be told from anybody else there, and none gets a token.
ask-forward-begin = Forward it?
ask-forward-not-begun = It is not forwarded.
ask-forward-being-begun = Agreed: it is led here now. If that fails, it is said here.
