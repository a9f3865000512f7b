# A server: its state, and what is told of it.

server-look-alike-of = Careful: the name looks like “{ $server }”.
server-look-alike-mixes_alphabets = Careful: the name mixes alphabets.
server-gone = This server is not here any more.
server-signs-in-at = Signs in at { $host }
server-wanted-by = { NAME($agent) } waits for you to sign in.
server-added-by = Added by { NAME($agent) }.
server-sentence-as = , as { $account }
server-sentence-ready = Ready{ $as }.
server-sentence-by-itself = Ready. MCP Valet signs in by itself when it is used.
server-sentence-renews-at = Ready{ $as }. Renews by itself, next { $when }.
server-sentence-renews = Ready{ $as }. Renews by itself when it is next used.
server-sentence-until = Ready{ $as }, until { $when }. Then you sign in again.
server-sentence-ended = Ready{ $as }, but its time is over. You will have to sign in again.
server-sentence-unsaved = Ready{ $as }, but not saved yet: it could not be stored. It is tried again.
server-sentence-another = Ready{ $as }. A new sign-in waits in your browser.
server-sentence-another-on-device = Ready{ $as }. A new sign-in waits on another device.
server-sentence-authorization_required = You have not signed in yet.
server-sentence-preparing = Asking the server where to sign in…
server-sentence-waiting = Waiting for the browser.
server-sentence-on-device = Waiting for you to sign in on another device.
server-sentence-choosing_issuer = This server lets you choose where to sign in.
server-sentence-needs_client_id = This server does not know MCP Valet yet. It needs a client ID.
server-sentence-declined = Not now. Nobody asks you to sign in until you start MCP Valet again.
server-sentence-declined-for-good = You are not asked to sign in. Programs are told so.
server-sentence-lapsed = The sign-in has ended.
server-sentence-registration_lost = The provider no longer knows MCP Valet’s registration.
server-sentence-failed = The sign-in did not succeed.
server-sentence-failed-by-itself = MCP Valet could not sign in by itself. It tries again when a program next uses this.
server-sentence-locked = Locked. What is kept for this server cannot be read now.
server-sentence-opening = Opening… What is kept for this server is being read.
server-authorize = Authorize
server-again = Authorize again
server-not-now = Not now
server-cancel = Cancel the sign-in to { $name }
server-another = Use another account
server-stays = What works now stays until the new sign-in is complete.
server-choose = If the page takes the same account by itself, sign out there first.
server-account-unknown = account not known
server-account-none = not signed in
server-on-device = Sign in on another device
server-device-open = On any phone or computer, open
server-device-type = and type this code:
server-device-code = Code
server-device-until = The code is good until { $when }. This page follows.
server-device-follows = This page follows.
server-why = Find out why
server-choose-label = Choose where to sign in
server-choose-button = Sign in at { $host }
server-opened = Opened your browser. Sign in there; this page follows.
server-not-opened = No browser could be opened. Open this address yourself:
server-copy-address = Copy the address instead
server-open-again = Open the browser again
server-last-used = Last used { $when }
server-not-used = Not used yet
server-agents = Programs
server-program = { $name }: all that it may do
server-no-agents = No answers are remembered. A program that wants to use this server asks first.
server-answers-allowed_until = Allowed until { $until }
server-answers-allowed_for_now = Allowed for now
server-answers-allowed_always = Allowed always
server-answers-denied_until = Not allowed until { $until }
server-answers-denied_for_now = Not allowed for now
server-answers-denied_always = Never allowed
server-proxy-only = through MCP Valet alone, never with a key
server-forms-proxied = through MCP Valet alone
server-forms-token = with a key
server-forms-lasting_token = with a key that lasts
server-answered = answered { $when }
server-unused = not used yet
server-used = { $count ->
    [one] used once, last { $when }
   *[other] used { $count } times, last { $when }
}
server-any-scope = permissions of the first sign-in
server-ask-again = Ask again
server-never = Don’t ask again
server-undecline = Ask me again
server-scopes = Permissions
server-no-scopes = The server did not name any.
server-scope = Permission
server-wanted = Wanted
server-granted = Granted
server-yes = Yes
server-no = No
server-missing = { $count ->
    [one] One wanted permission was not granted.
   *[other] { $count } wanted permissions were not granted.
}
server-use = Use it from
server-details = Details
server-url = Address
server-issuer = Signs in at
server-client = Client ID
server-own-client = Use a client ID of your own
server-redirect = Redirect URI
server-resource = Resource
server-other-resource = Tokens are for { $resource }, not for this server alone.
server-state-ready = Ready
server-state-authorization_required = Authorize
server-state-waiting = In the browser
server-state-choosing_issuer = Choose sign-in
server-state-needs_client_id = Needs a client ID
server-state-declined = Not now
server-state-lapsed = Authorize again
server-state-registration_lost = Authorize again
server-state-failed = Sign-in failed
server-state-locked = Locked
server-state-opening = Opening…
server-kind-key = API key
server-sentence-key = Ready, with an API key. Programs never see it, unless you let them have it.
server-sentence-key_required = This server takes an API key. Set it here.
server-sentence-key_refused = The server refused the API key.
server-state-key_required = Set the key
server-state-key_refused = Key refused
server-keys = API key
server-key-label = API key
server-key-named = API key “{ $name }”
server-key-goes = goes into { $headers }
server-key-empty = Paste the key from the provider.
server-key-set = Set the key
server-key-replace = Replace key
server-key-wipe = Wipe
server-key-wiping = Wiping…
server-key-wipe-title = Wipe the API key of { NAME($name) }?
server-key-wipe-note = It goes from MCP Valet and cannot be read again. At the provider it stays good until you end it there.
server-key-saved = The key is set.
server-key-wiped = The key is gone here. End it at its provider as well.
server-key-missing = Not set, or locked
server-key-since = Set { $when }
server-key-since-by = Set { $when }, brought by { NAME($agent) }
server-key-end = A key is ended where it was made: at its provider.
server-key-page = Open { $host }
server-key-sign-in = Sign in instead, and wipe the key
server-headers = Headers
server-by-rules = through MCP Valet alone, by rules
server-tools = What its tools do
server-tools-note = The server says so, and MCP Valet cannot check it. Say otherwise where you know better.
server-tools-none = The server has not listed its tools yet.
server-tools-new = { $count ->
    [one] 1 tool is new or not what it was, and asks until you have seen it.
   *[other] { $count } tools are new or not what they were, and ask until you have seen them.
}
server-tools-stale = The server changed some of what you ticked meanwhile, which is not ticked any more. Look at it again.
server-tools-ticked = { $count ->
    [one] 1 ticked:
   *[other] { $count } ticked:
}
server-tools-tick-all = Tick all
server-tool-class-read = Reads
server-tool-class-change = Changes
server-tool-class-destroy = Deletes
server-tool-class-server = As the server says
server-tool-said-by-person = said by you
server-tool-said-by-server = said by the server
server-tool-said-by-nobody = nobody says
server-tool-new = new
server-tool-changed = changed
server-tool-says-else = describes itself otherwise
server-rules = Rules
server-rules-read = What reads
server-rules-change = What changes
server-rules-destroy = What deletes
server-rules-tools = By tool
server-rules-tool = Tool
server-rules-add = Add a rule for a tool
server-rules-note = With anything but “free” for all, it gets no key and goes through MCP Valet; a key that it already has cannot be called back.
server-rules-save = Set these rules
server-rules-saving = Setting…
server-rules-sum = reads { $read }, changes { $change }, deletions { $destroy }
server-rules-more = { $count ->
    [one] and 1 tool by itself
   *[other] and { $count } tools by themselves
}
server-rule-free = free
server-rule-ask = ask
server-rule-never = never
server-rule-class = as its class
server-folders = For folders
server-sentence-program = { $running ->
    [0] Runs on this computer, once a program uses it.
    [1] Runs on this computer now.
   *[other] Runs on this computer now, { $running } times.
}
server-kind-here = runs here
server-starts = Starts
server-cwd = In folder
server-variables = Variables
server-runs-here = Runs here
server-program-in = In { $folder }
server-program-unknown = A program that has ended
server-program-stop = Stop
server-program-stopping = Stopping…
server-program-none = It is started when a program uses it, and ends with that.
server-program-said = What it wrote last
