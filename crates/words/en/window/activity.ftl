# What was done, and by whom.

activity-title = Activity
activity-unknown = { $who }: { $what } { $server }
activity-server = a server
activity-program = Program
activity-every-program = All programs
activity-server-label = Server
activity-every-server = All servers
activity-kind = Kind
activity-every-kind = All kinds
activity-kinds-use = Use
activity-kinds-refusal = Refusals
activity-kinds-answer = Your answers
activity-kinds-sign_in = Sign-ins
activity-kinds-other = Other
activity-find = Find in activity
activity-none = Nothing was done yet.
activity-no-match = Nothing matches.
activity-more = Show older
activity-loading = Looking…
activity-days = 7 days
activity-hours = 24 hours
activity-span = Span of the chart
activity-uses = Uses
activity-chart = { $what } in the last { $span }: { $sums }
activity-bar = { $label } { $count }
activity-scopes = Permissions: { $scopes }
activity-check = Check again
activity-checking = Checking the record…
activity-intact = { $count ->
    [one] Nothing was changed or removed: 1 entry checked.
   *[other] Nothing was changed or removed: { $count } entries checked.
}
activity-intact-except = { $count ->
    [one] No change was found, but { $unproven } of 1 entry cannot be proven.
   *[other] No change was found, but { $unproven } of { $count } entries cannot be proven.
}
activity-proxy-only = Through MCP Valet alone
activity-through = Through { $program }
activity-broken = This record was changed from outside.
activity-broken-when = Written { $when }.
activity-unchained = { $count ->
    [one] 1 entry from before records could be checked.
   *[other] { $count } entries from before records could be checked.
}
activity-torn = { $count ->
    [one] 1 entry was left unfinished by a crash.
   *[other] { $count } entries were left unfinished by a crash.
}
activity-summed = { $count ->
    [one] 1 older entry is not kept any more; later ones tell in short of what could be proven.
   *[other] { $count } older entries are not kept any more; later ones tell in short of what could be proven.
}
activity-count = { $count } times
activity-times = { $count } times since { $since }
activity-unvouched = MCP Valet found them when it started, and nothing shows that it wrote them: it may have been locked or had no keychain then.

# What an entry says; $by is "person" or "program", $who the name of the program.

activity-done-hand_out = { $who } got a token for { $server }
activity-done-proxied = { $who } used { $server }
activity-done-refused = { $who } got nothing for { $server }
activity-done-allow_once = You allowed { $who } to use { $server } once
activity-done-allow_session = You allowed { $who } to use { $server } for now
activity-done-allow_until = You allowed { $who } to use { $server } until { $until }
activity-done-allow_always = You allowed { $who } to use { $server } always
activity-done-deny = You did not allow { $who } to use { $server }
activity-done-deny_once = You did not allow { $who } to use { $server } this once
activity-done-deny_until = You did not allow { $who } to use { $server } until { $until }
activity-done-deny_always = You chose never to allow { $who } to use { $server }
activity-done-forget_answer = { $by ->
    [person] You took back an answer about { $server }
   *[program] You took back your answer about { $who } and { $server }
}
activity-done-set_agents = You set what new programs get
activity-done-sign_in = { $by ->
    [person] You signed in to { $server }
   *[program] You signed in to { $server }, as { $who } asked
}
activity-done-obtain = MCP Valet signed in to { $server } by itself
activity-done-decline = { $by ->
    [person] You said “not now” to { $server }
   *[program] { $who } said “not now” to { $server }
}
activity-done-decline_for_good = You are not asked to sign in to { $server } any more
activity-done-undecline = You are asked to sign in to { $server } again
activity-done-revoke = { $by ->
    [person] You revoked { $server }
   *[program] { $who } revoked { $server }
}
activity-done-revoke_all = { $by ->
    [person] You revoked everything
   *[program] { $who } revoked everything
}
activity-done-remove = { $by ->
    [person] You removed { $server }
   *[program] { $who } removed { $server }
}
activity-done-add = { $by ->
    [person] You added { $server }
   *[program] { $who } added { $server }
}
activity-done-add-agreed = { $by ->
    [person] You added { $server }, as you agreed
   *[program] { $who } added { $server }, as you agreed
}
activity-done-add_refused = You did not let { $who } add { $server }
activity-done-set_client = You filled in a client ID for { $server }
activity-done-edit = You changed { $server }
activity-done-set_lock = You set when MCP Valet locks
activity-done-configuration = The configuration file was changed
activity-done-configuration_raised = The configuration file allowed more than at the last start
activity-done-lock = { $by ->
    [person] You locked MCP Valet
   *[program] { $who } locked MCP Valet
}
activity-done-lock-because = MCP Valet was locked: { $why }
activity-done-unlock = { $by ->
    [person] You unlocked MCP Valet
   *[program] { $who } unlocked MCP Valet
}
activity-done-unlock-because = MCP Valet was unlocked: { $why }
activity-done-move_vault = You moved your sign-ins to another place
activity-done-change_passphrase = You changed the passphrase
activity-done-mend_vault = You repaired the encrypted file
activity-done-torn = A crash left an entry unfinished here
activity-done-audit_damaged = The record before this was changed from outside
activity-done-unproven = Entries before this cannot be proven
activity-done-unproven-which = Before this, { $why } cannot be proven

# What it says of a refusal, by its outcome.

activity-refused-denied = { $who } was not allowed to use { $server }
activity-refused-declined = { $who } wanted { $server }, to which you said “not now”
activity-refused-consent_required = { $who } wanted { $server }, and nobody could be asked
activity-refused-timeout = { $who } wanted { $server }, and there was no answer in time
activity-refused-locked = { $who } wanted { $server } while MCP Valet was locked
activity-refused-sign_in_under_way = { $who } wanted to sign in to { $server }, while somebody else did
activity-refused-busy = { $who } wanted to sign in to { $server }, beside too many others

# What is wrong with the record, and where.

activity-broken-changed = { $count ->
    [one] Entry { $seq } was changed.
   *[other] Entries { $seq } to { $through } were changed.
}
activity-broken-missing = { $count ->
    [one] Entry { $seq } is missing.
   *[other] Entries { $seq } to { $through } are missing.
}
activity-broken-moved = { $count ->
    [one] Entry { $seq } was moved.
   *[other] Entries { $seq } to { $through } were moved.
}
activity-broken-inserted = Something was put in at entry { $seq }.
activity-broken-seal = { $count ->
    [one] Entry { $seq } cannot be proven: the key in the keychain is another one.
   *[other] Entries { $seq } to { $through } cannot be proven: the key in the keychain is another one.
}
activity-done-set_key = { $by ->
    [person] You set the API key of { $server }
   *[program] { $who } set the API key of { $server }
}
activity-done-set_key_refused = You did not let { $who } set the API key of { $server }
activity-done-wipe_key = { $by ->
    [person] You wiped the API key of { $server }
   *[program] { $who } wiped the API key of { $server }
}
activity-done-allow_call = You allowed { $who } one call at { $server }
activity-done-allow_tool = You allowed { $who } to call a tool at { $server }
activity-done-deny_call = You did not allow { $who } a call at { $server }
activity-done-deny_tool = You did not allow { $who } to call a tool at { $server }
activity-done-set_rules = { $by ->
    [person] You set the rules for new programs
   *[program] You set the rules for { $who } at { $server }
}
activity-done-set_classes = You said what tools of { $server } do
activity-tool = Tool: { $tool }
activity-rule = Rule: { $rule }
activity-done-choose_account = You named { $server } as the account of { $who } for a folder
activity-done-choose_no_account = You let { $who } have no account for a folder
activity-account = As { $account }
activity-folder = In { $folder }
activity-done-set_up = { $by ->
    [person] You led another program here
   *[program] { $who } led another program here, as you agreed
}
activity-done-put_back = { $by ->
    [person] You led another program back
   *[program] { $who } led another program back, as you agreed
}
activity-done-set_up_refused = You did not let { $who } change files of other programs
activity-done-forget_file = { $by ->
    [person] You had it forgotten how a file of another program is put back
   *[program] { $who } had it forgotten how a file of another program is put back, as you agreed
}
activity-done-forward = { $by ->
    [person] You led a host here
   *[program] { $who } led a host here, as you agreed
}
activity-done-forward_ended = A forward ended
activity-done-forward_refused = You did not let { $who } lead a host here
activity-done-stop_program = You stopped { $server }
activity-done-let_in = A web client was let in
activity-done-let_in_ended = A web client is let in no more
activity-done-back_up = You backed everything up
activity-done-restore = You restored a backup
