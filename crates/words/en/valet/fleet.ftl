# The fleet: machines that share a vault.

fleet-error-no-keys = this machine has not joined a fleet
fleet-error-there = there is a fleet already
fleet-error-there-advice = To belong to it, run "mcp-valetd fleet join" here. For another one, name another "prefix" in the configuration and another folder of state.
fleet-error-words = this is not what a machine or a fleet says of itself
fleet-error-words-advice = Copy the whole word that the other machine wrote, from "mcp-valet-" to its end.
fleet-error-other = the fleet that the engine has is not the one that was named
fleet-error-other-advice = Look at the endpoints and the prefix in the configuration, and ask a member anew with "mcp-valetd fleet members".
fleet-error-name = { $name } cannot be taken
fleet-error-name-advice = Names have letters, digits, "-", "_" and ".", and each is one machine's. "mcp-valetd fleet members" lists them.
fleet-error-last = the last member cannot be taken out
fleet-error-last-advice = To end the fleet, revoke everything and delete the prefix in etcd.
fleet-error-setting = { $name } cannot be used: { $why }
fleet-error-setting-advice = Look at "vault" in the configuration, and at the files and credentials that it names.
fleet-error-no-password = no credential and no keychain has it
fleet-error-pair = "cert" and "key" belong together
fleet-error-damaged = it is not what was written
fleet-error-readable = others can read it
fleet-error-headless = a shared vault is for mcp-valetd alone
fleet-error-headless-advice = Name another "vault" in the configuration, or run mcp-valetd.
fleet-notice-clock = The clock of this machine and that of the shared vault's engine differ by { $seconds } seconds: tokens may be taken for good for too long, or not long enough. Set the clock.
fleet-notice-away = The shared vault is away: { $why }. What is in memory serves for a while; nothing is renewed.
fleet-made = This machine, { $name }, is the first member of the fleet.
fleet-ask = Run this on a machine that is a member:
fleet-fingerprint = Fingerprint of { $name }: { $print }
fleet-is-it-the-same = Does that machine show the same fingerprint?
fleet-not-the-same = it was not let in
fleet-not-the-same-advice = Copy what "mcp-valetd fleet join" says there over a way that nobody else writes to, and compare the fingerprints.
fleet-admitted = { $name } is a member now. Run this there:
fleet-joined = This machine is a member of the fleet.
fleet-removed = { $name } is no member any more.
fleet-left-grants = { $count ->
    [0] It had known no sign-in.
    [one] It had known one sign-in, which is renewed by the other machines as they run.
   *[other] It had known { $count } sign-ins, which are renewed by the other machines as they run.
}
fleet-left-ending = It had known these sign-ins, which cannot be renewed: { $servers }. Revoke each, and sign in again.
fleet-left-registrations = { $count ->
    [one] One client at an issuer is registered anew with the next sign-in there.
   *[other] { $count } clients at issuers are registered anew with the next sign-in there.
}
fleet-left-keys = It had known these keys, which only you can replace at their providers: { $servers }.
fleet-left-secrets = It had known the client secrets of these, which only you can replace, where each client was registered: { $servers }.
fleet-member-here = { $name }  connected
fleet-member-away = { $name }  not heard of
fleet-pin = This fleet is: { $pin }
fleet-not-named = The configuration names no shared vault.
fleet-not-named-advice = Write "vault": {"{"}"etcd": {"{"}"endpoints": ["https://…"]{"}"}{"}"} into "valet" of { $path }.
fleet-notice-tampered = The shared vault has something for { $server } that no member left there: it is not used.
fleet-notice-known = A machine that was taken out of the fleet knows the sign-in to { $server }, and it could not be renewed. Revoke it, and sign in again.
fleet-notice-known-keys = A machine that was taken out of the fleet knows the keys of { $server }. Replace them at their provider, and then here.
fleet-notice-known-client = A machine that was taken out of the fleet knows a client secret of { $server }. Replace it where the client was registered, and then here.
