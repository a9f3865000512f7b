# What `mcp-valet` says.

cli-started-detached = started MCP Valet in the background, without a screen, since no service manager knows it
cli-connect-too-long = a message is longer than 1 GiB
cli-connect-no-message = this is not a JSON-RPC message
cli-connect-long-line = this message is longer than the 64 MiB that are taken on one line
cli-connect-long-line-advice = Send less at a time.
cli-connect-refused = the server refused
cli-connect-sign-in = Sign in to { $server }: MCP Valet keeps the sign-in, and this program sees none of it.
cli-connect-the-server = the server
cli-exec-variable = a variable's name has letters, digits and _ only
cli-exec-nothing = no command is named
cli-exec-nothing-advice = Write it after `--`.
cli-exec-failed = { $name } could not be run ({ $error })
cli-exec-failed-advice = Check the command after `--`.
cli-output-advice = Check the terminal or pipe that the output goes to.
cli-locked = Locked: no token is in memory. Unlock MCP Valet where it runs.
cli-add-nothing = no server is named
cli-add-nothing-advice = Write `mcp-valet add [NAME] URL`.
cli-add-no-secret = no secret came by standard input
cli-add-no-secret-advice = Pipe it in: `mcp-valet add … --client-secret-stdin < FILE`.
cli-add-asked = MCP Valet asks you whether to add { $server } with these settings. Waiting for your answer there…
cli-list-none = No servers yet. Add one with `mcp-valet add URL`.
cli-show-other-resource = { $resource } (not for this server alone)
cli-show-renews = renews by itself
cli-show-then-again = then sign in again
cli-show-unsaved = the vault did not take the token; it is tried again
cli-added = Added "{ $server }". Sign in with { $command }.
cli-added-before = "{ $server }" was there already.
cli-ready = "{ $server }" is ready.
cli-declined = Until the valet ends, no program gets "{ $server }", and you are not asked to sign in to it.
cli-server = "{ $server }"
cli-server-at = "{ $server }" at { $host }
cli-mistake-nothing = { $who } answered with nothing at all
cli-mistake-again-advice = Try again. If it happens again, tell whoever runs the server.
cli-mistake-broke-off = { $who } ended its answer before it was complete
cli-mistake-page = { $who } answered with a web page instead of an MCP message, as the sign-in page of a network does
cli-mistake-page-advice = Open any page in a browser: if your network wants you to sign in to it, do so. Else check the address of the server.
cli-mistake-no-message = { $who } answered with something that is no MCP message
cli-mistake-address-advice = Check the address of the server; if it is right, tell whoever runs it.
cli-mistake-too-long = { $who } sent more than { $sent } MB in one message, and programs take { $most } MB
cli-mistake-too-long-advice = Ask it for less at a time, such as a page, a range or a smaller picture.
cli-mistake-overloaded = { $who } answered { $status }: it is out of order or overloaded
cli-mistake-later-advice = Try again later. If it stays so, tell whoever runs the server.
cli-mistake-too-many = { $who } answered { $status }: it wants fewer requests at a time
cli-mistake-wait-advice = Wait a while before the next one.
cli-mistake-status = { $who } answered { $status }
cli-mistake-event-id = { $who } gave an event an ID that cannot be sent back
cli-mistake-operator-advice = Tell whoever runs the server.
cli-row-careful = careful
cli-row-state = state
cli-row-signs-in-at = signs in at
cli-row-as = as
cli-row-tokens-for = tokens are for
cli-row-may-sign-in-at = may sign in at
cli-row-wanted = scopes wanted
cli-row-granted = scopes granted
cli-row-token-until = token until
cli-row-not-saved = not saved yet
cli-row-redirect-uri = redirect URI
cli-row-register-at = register at
cli-row-consent = consent
cli-row-added-by = added by
cli-row-problem = problem
cli-row-remedy = what to do
cli-show-look-alike = its name { $how }
cli-show-since = { $answer }, since { $since }
cli-show-used = { $count -> 
    [one] used once, last { $last }
   *[other] used { $count } times, last { $last }
}
cli-audit-since = write 2026-01-31, 2026-01-31T12:00:00Z, 2h or 3d
cli-audit-nothing = Nothing was done for this application yet.
cli-audit-nothing-then = Nothing was done for this application in that time.
cli-audit-through = through { $through }
cli-audit-until = until { $end }
cli-audit-proxy-only = proxy only
cli-audit-intact-none = Intact: no entries yet.
cli-audit-intact = { $entries ->
    [one] Intact: { $entries } entry from { $first } to { $last }.
   *[other] Intact: { $entries } entries from { $first } to { $last }.
}
cli-audit-intact-except = Intact, except { $unproven ->
    [one] { $unproven } entry that cannot be proven
   *[other] { $unproven } entries that cannot be proven
}: { $entries ->
    [one] { $entries } entry from { $first } to { $last }.
   *[other] { $entries } entries from { $first } to { $last }.
}
cli-audit-broken = NOT INTACT: { $fault }
cli-audit-nothing-before = Nothing of what is kept stands before it.
cli-audit-before = { $entries ->
    [one] It is at or after { $time }. The entry before it is good.
   *[other] It is at or after { $time }. The { $entries } entries before it are good.
}
cli-audit-unchained = { $count ->
    [one] { $count } entry is from before the chain.
   *[other] { $count } entries are from before the chain.
}
cli-audit-torn = { $count ->
    [one] { $count } line was left unfinished by a crash; what it would have told of did not happen.
   *[other] { $count } lines were left unfinished by a crash; what they would have told of did not happen.
}
cli-audit-summed = { $count ->
    [one] { $count } older entry is not kept any more; later ones tell in short of what could be proven.
   *[other] { $count } older entries are not kept any more; later ones tell in short of what could be proven.
}
cli-audit-times = { $count } times since { $since }
cli-audit-again = told again
cli-audit-unproven = { $count ->
    [one] { $count } entry was there when MCP Valet started, and nothing shows that it wrote it: it may have been locked or had no keychain then.
   *[other] { $count } entries were there when MCP Valet started, and nothing shows that it wrote them: it may have been locked or had no keychain then.
}
cli-authorize-resource = The tokens will be for { $resource }, not for this server alone.
cli-authorize-opened = Opened your browser to sign in to { $server }. Waiting for you to come back…
cli-authorize-open = Open this address in a browser to sign in to { $server }:
cli-authorize-paste = If that browser is on another machine, its last page does not load, and that is all right: copy the address of that page, which begins with { $begin }, paste it here, then press Enter.
cli-authorize-device = To sign in to { $server }, open this page on any device:
cli-authorize-device-code = and type this code there:
cli-authorize-waiting = Still waiting.
cli-authorize-page = this is the page to open
cli-authorize-page-advice = Sign in there; its address changes when you are done.
cli-authorize-try-again = Still waiting: paste the right address, or press Ctrl-C to stop.
cli-revoke-nothing = Nothing was revoked.
cli-revoke-silently = revoking everything needs your yes, and there is no terminal to ask in
cli-revoke-silently-advice = Write `mcp-valet revoke --all --yes`.
cli-revoke-sure = Revoke every sign-in and take back what you allowed programs?
cli-revoke-not-wiped = the vault still has its copy of what "{ $server }" was given
cli-revoke-some-not-wiped = the vault still has its copy of what some servers were given
cli-revoke-not-wiped-advice = Make it writable again (locked, or its disk full), then revoke again.
cli-revoke-in-file = the configuration still has the key of { $servers }
cli-revoke-in-file-advice = Make the file writable and revoke again, or take the key out of it yourself.
cli-revoke-removed = "{ $server }" is no longer in the configuration.
cli-revoke-asks = Every program that you allowed asks again. What you refused stays refused.
cli-revoke-asks-but = Programs that you allowed ask again, but the vault still has those that you allowed for good.
cli-revoke-nothing-for = There was nothing to revoke for "{ $server }".
cli-revoke-unread = "{ $server }" is not revoked: the vault does not let it be read.
cli-revoke-done = "{ $server }" is revoked: { $how }.
cli-revoke-pending = The issuer was asked for new tokens and has not answered yet: what comes is ended at once.
cli-revoke-unreached = These machines of the fleet were not heard of, and learn it once they are back: { $machines }. What they have in memory serves there until it is stale.
cli-revoke-confirmed-until = the issuer confirmed it; servers that check the last access token without asking may take it until { $end }
cli-revoke-confirmed-endless = the issuer confirmed it; servers that check the last access token without asking may take it without end
cli-revoke-unconfirmed = the issuer did not confirm it; what it issued may live on there until it expires
cli-revoke-not-offered = the issuer offers no revocation; what it issued lives on there until it expires
cli-revoke-last-token = the issuer confirmed it; the last access token may stay good there until it expires
cli-revoke-vault-shut = the vault does not let it be read
cli-revoke-confirmed = the issuer confirmed it
cli-revoke-client-deleted = MCP Valet's registration there is deleted.
cli-revoke-client-stays = MCP Valet stays registered there: the issuer deletes no registrations.
cli-revoke-client-kept = MCP Valet stays registered there, for signing in again.
cli-revoke-client-unconfirmed = MCP Valet may still be registered there: the issuer did not confirm the end.
cli-import-how = Nothing was added. Leave out --dry-run and choose in a terminal, or use --yes.
cli-import-no-home = nobody knows where your home is
cli-import-no-home-advice = Set `HOME`.
cli-import-none = No other program lists any servers here.
cli-import-nothing-new = There is nothing to add.
cli-import-listed = Servers that other programs list:
cli-import-switched-off = is switched off there, so add it by its number
cli-import-older = speaks the older transport (HTTP+SSE): lead programs here by `mcp-valet connect`
cli-import-here = Already here:
cli-import-others = Not for MCP Valet:
cli-import-notice = { $file } { $trouble }: what { $program } lists there is not shown.
cli-import-which = Add which? Numbers, or Enter for none:
cli-import-sure = { $count ->
    [one] Add 1 server? [y/N], or the numbers of some:
   *[other] Add these { $count } servers? [y/N], or the numbers of some:
}
cli-import-answer = Answer y, n, or numbers from 1 to { $count } with spaces between.
cli-import-nothing-added = Nothing was added.
cli-import-added = Added "{ $server }".
cli-import-done = Sign in with `mcp-valet authorize NAME`. The other programs go on as before until their entries lead here: the window's page of each server has the lines to paste, and so has docs/clients.md.
cli-authorize-locked = MCP Valet was locked while the sign-in to "{ $server }" waited
cli-authorize-locked-advice = Unlock it where it runs, then sign in again.
cli-authorize-unfinished = the sign-in to "{ $server }" was not finished
cli-authorize-unfinished-advice = Run { $command } again.
cli-authorize-unfinished-registered = Run { $command } again. If the page showed an error instead of a sign-in, check that your app there has exactly the redirect URI { $uri }.
cli-key-prompt = Key for "{ $server }" (it is not shown):
cli-key-none = no key was given
cli-key-none-advice = Type it when asked, or send it by standard input: `mcp-valet key set NAME < FILE`.
cli-key-seen = what is typed here could be seen
cli-key-seen-advice = Send the key by standard input: `mcp-valet key set NAME < FILE`.
cli-key-asked = MCP Valet asks you about the key for "{ $server }": answer there.
cli-key-set = The key of "{ $server }" is set.
cli-key-removed = The key of "{ $server }" is wiped.
cli-key-end-at = It is good until you end it at { $page }
cli-key-end = It is good until you end it at its provider.
cli-key-takes-none = "{ $server }" takes no key
cli-key-takes-none-advice = Add a header to it that says where the key goes; see "API keys" in the documentation.
cli-key-several = "{ $server }" takes several keys
cli-key-several-advice = Say which: { $names }.
cli-key-missing = not there, or not known while locked
cli-key-since = since { $at }
cli-key-since-by = since { $at }, brought by { $agent }
cli-row-key = key
cli-row-folders = for folders
cli-rules-account = { $server } is signed in as { $account }.
cli-row-header = header
cli-added-with-key = Added "{ $server }", with its key.
cli-add-header = this is no header
cli-add-header-advice = Write NAME: VALUE, such as '{ $header }'.
cli-add-folder = there is no folder { $folder }
cli-add-folder-advice = Name one that is there, or a whole path such as ~/work/acme.
cli-rules-not-allowed = This program has no leave to use { $server }: it is asked about first.
cli-rules-everything = This program may do everything at { $server }.
cli-rules-until = , until { $end }
cli-rules-no-tools = { $server } has not listed its tools yet.
cli-rules-tools = By tool:
cli-rules-unlisted = { $server } has not listed such a tool, so it counts as one that deletes.
cli-rules-by-person = You say what it does: { $class }.
cli-rules-by-server = Its server says what it does: { $class }.
cli-rules-by-nobody = Nobody says what it does, so it counts as one that deletes.
cli-rules-because-everything = The program may do everything there.
cli-rules-because-tool = There is a rule for this tool.
cli-rules-because-new = It came after the first list, and you have not seen it yet.
cli-rules-because-changed = It is not what it was when you saw it.
cli-rules-because-unlisted = What is not listed is asked about.
cli-rules-because-class = The rule is the one for all that { $class }.
cli-rules-explained = { $tool }: { $rule }.
cli-setup-asked = MCP Valet shows what would change. Waiting for your answer…
cli-setup-project = Files of a project are read by everybody who works on it: on other computers mcp-valet may be elsewhere, or missing.
cli-setup-none = No program that lists MCP servers was found.
cli-setup-not-led = is not led here
cli-setup-led = is led here for { $servers }
cli-setup-trouble = its file { $trouble }
cli-setup-nothing = Nothing to change.
cli-setup-done = { $program } is led here for { $servers } ({ $file }).
cli-setup-undone = { $program } is as it was ({ $file }).
cli-setup-forgotten = { $program } is forgotten ({ $file }): nothing is put back there any more.
cli-setup-left = { $file } ({ $program }) { $trouble }.
cli-setup-restart = Programs that run read it at their next start.
cli-adopt-nothing = Nothing to move.
cli-adopt-signs-in = { $server }: { $place } (you sign in once, here)
cli-adopt-keeps = { $server }: { $place } (in the vault: { $secrets })
cli-adopt-entry = "{ $entry }" of { $program } ({ $file })
cli-adopt-stays = { $entry } stays: { $why }
cli-adopt-secret-stays = { $entry } stays in plain text ({ $secrets }): { $why }
cli-adopt-copied = { $secrets ->
        [one] { $file } still has one of these secrets: delete it once nothing needs it
       *[other] { $file } still has { $secrets } of these secrets: delete it once nothing needs it
    }
cli-add-program = a program needs a name, and no address
cli-add-program-advice = Write `mcp-valet add NAME -- PROGRAM ARGUMENT…`.
cli-add-variable = a variable is NAME=VALUE
cli-runs-here = { $running ->
    [0] runs here, not started
    [1] runs here, started
   *[other] runs here, started { $running } times
}
cli-row-variable = variable
cli-row-program = program
cli-row-folder = in folder
cli-added-program = Added "{ $server }". Use it by { $command }.
cli-add-variable-advice = Write NAME=VALUE, such as '{ $variable }'.
cli-forward-asked = MCP Valet asks whether your servers may be used from { $host }. Waiting for your answer…
cli-forward-open = { $host } is led here: programs there find { $servers } at { $socket }.
cli-forward-use = There: mcp-valet connect SERVER, or curl --unix-socket { $socket } http://localhost/mcp/SERVER
cli-forward-line = { $number }  { $host }  open  { $servers }
cli-forward-line-lost = { $number }  { $host }  lost: { $trouble }
cli-forward-refused = { $count ->
        [one] 1 connection of another program was refused
       *[other] { $count } connections of other programs were refused
    }
cli-forward-none = Nothing is forwarded.
cli-forward-closed = { $host } is led here no more.
cli-door-line = { $number }  { $name }  { $server }  { $redirect }
cli-door-none = No web client is let in.
cli-door-taken-back = { $name } is let in to { $server } no more.
cli-backup-name = the name of the file is no text
cli-backup-name-advice = Choose a name in UTF-8.
cli-backup-in-window = Go on in the window of MCP Valet: the passphrase is given there.
