# How servers, answers and the audit stand, in a few words.

state-allowed-until = allowed until { $end }
state-allowed-for-now = allowed for now
state-allowed-always = allowed always
state-denied-until = not allowed until { $end }
state-denied-for-now = not allowed for now
state-denied-always = never allowed
state-reach-proxy-only = through the proxy alone, and never a token
state-reach-proxied = through the proxy alone
state-reach-lasting = a token that nobody can recall
state-reach-any-scopes = { $form }, whatever the sign-in gives
state-waiting = Waiting for the browser
state-choosing = Choose where to sign in
state-needs-client-id = Needs a client ID
state-not-now = Not now
state-again = Authorize again
state-failed = Sign-in failed
state-looks-like = looks like "{ $server }"
state-mixes-alphabets = mixes alphabets
state-audit-entry = { $what ->
    [changed] Entry { $seq } was changed.
    [missing] Entry { $seq } is missing.
    [moved] Entry { $seq } was moved.
    [inserted] Something was put in at entry { $seq }.
   *[seal] Entry { $seq } is not sealed with the key in the vault.
}
state-audit-entries = { $what ->
    [changed] Entries { $seq } to { $through } were changed.
    [missing] Entries { $seq } to { $through } are missing.
    [moved] Entries { $seq } to { $through } were moved.
    [inserted] Something was put in at entry { $seq }.
   *[seal] Entries { $seq } to { $through } are not sealed with the key in the vault.
}
state-audit-in-file = { $sentence } It is in the file { $file }.
state-ready = Ready
state-authorize = Authorize
state-locked = Locked
state-opening = Opening…
state-reach-token = a token
state-midnight = midnight
state-key-required = Set the key
state-key-refused = Key refused
state-reach-by-rules = through the proxy alone, as its rules say
state-class-read = reads
state-class-change = changes
state-class-destroy = deletes
state-rule-free = free
state-rule-ask = asks
state-rule-never = never
