# What the person is asked.

question-title = Question
question-of = { $at } of { $all }
question-use = { NAME($agent) } wants to use { NAME($server) }
question-use-several = { NAME($agent) } wants to use { $count } servers
question-form-proxied = Goes through MCP Valet
question-form-proxied-note = It uses the server and sees no key. Take this back, and it ends at once.
question-form-token = Gets a key of its own
question-form-token-note = Good for { $long }, never your password. It cannot be called back before that.
question-form-token-note-unknown = A short-lived one, never your password.
question-form-lasting_token = Gets a key that lasts
question-form-lasting_token-note = It is good for { $long }. Once it is given away, MCP Valet cannot call it back.
question-form-lasting_token-note-unknown = It has no end. Once it is given away, MCP Valet cannot call it back.
question-minutes = { $count ->
    [one] 1 minute
   *[other] { $count } minutes
}
question-hours = { $count ->
    [one] 1 hour
   *[other] { $count } hours
}
question-days = { $count ->
    [one] 1 day
   *[other] { $count } days
}
question-also = It may use this server already, with less. Also: { $scopes }
question-itself-now = It may use this server already, but not with such a key.
question-is-new = new
question-for-now-at-most = { NAME($agent) } is not known surely enough to be allowed for good.
question-cannot-be-told = { NAME($agent) } cannot be told from other programs, so no answer is remembered.
question-add = { NAME($agent) } wants to add { NAME($server) }
question-add-note = It brings settings that say where and how you sign in. Add it only if you know them.
question-address = Address
question-settings = Settings
question-secret = a secret, not shown
question-add-yes = Add it
question-add-no = Don’t add
question-read-first = Scroll through all of it to say yes.
question-replace = Replace the sign-in to { NAME($server) }?
question-replace-note = A sign-in that { NAME($agent) } began has come back. It may be for another account. What you have now works.
question-sign-in = Go on with the sign-in to { NAME($server) }?
question-sign-in-note-redirect_uri = It is at { $issuer }, and wants to come back to an address that belongs to { $other }:
question-sign-in-note-page = It is at { $issuer }, and leads to pages that { $other } has as well:
question-sign-in-risk = If you do not know { $issuer }, say no: what you do there could give it what you have at { $other }.
question-sign-in-yes-redirect_uri = Give it the address
question-sign-in-yes-page = Go on
question-sign-in-no = Stop the sign-in
question-resource = For more than this server
question-configuration = The configuration was changed
question-configuration-note = Somebody edited the file. The edit gives more than before:
question-program = Program
question-scopes = Permissions
question-no-scopes = The server did not name any.
question-unknown-scopes = Those that you agree to when you sign in.
question-servers = Servers
question-reach = How far
question-reach-everything = Everything
question-reach-proxy_only = Through MCP Valet only
question-reach-proxy_only-note = It gets no key: the one that it asks for now is refused.
question-lasts = How long
question-lasts-once = Once
question-lasts-quarter_hour = 15 minutes
question-lasts-hour = 1 hour
question-lasts-today = Today
question-lasts-for_now = For now
question-lasts-always = Always
question-means-once = Your answer holds for this time only.
question-means-until = Your answer holds until { $until }.
question-means-today = Your answer holds until midnight.
question-means-for_now = Your answer holds until MCP Valet ends.
question-means-always = Your answer holds until you take it back.
question-allow = Allow
question-allow-some = Allow { $count } of { $all }
question-grew = More servers joined this question. Look again before you answer.
question-allow-rest = What is not ticked is not allowed.
question-deny = Don’t allow
question-yes-key = Ctrl+Enter
question-no-key = Ctrl+Backspace
question-replace-yes = Replace it
question-replace-no = Keep what I have
question-configuration-yes = Use the new configuration
question-configuration-no = Keep the old one
question-gone = This question is closed.
question-gone-note = It was answered elsewhere, or whoever asked has gone.
question-waiting = { $more ->
    [one] 1 question waiting
   *[other] { $more } questions waiting
}
question-key = { NAME($agent) } brings an API key for { NAME($server) }
question-key-replace = { NAME($agent) } brings another API key for { NAME($server) }
question-key-note = It goes into each request to this server, for every program that you allow. Use it only if you gave it to this program.
question-key-replace-note = It takes the place of the one that is there, for every program that you allow. It may be of another account. Use it only if you gave it to this program.
question-key-headers = Goes into
question-key-yes = Use this key
question-key-no = Don’t use it
question-reach-by_rules = Reads only, ask before the rest
question-reach-by_rules-note = What reads is the server’s word. It goes through MCP Valet and gets no key; one that it already has cannot be called back.
question-call = { NAME($agent) } wants to call { NAME($tool) } at { NAME($server) }
question-call-tool = Tool
question-call-method = Method
question-call-server = Server
question-call-as = { $host }, as { $account }
question-call-arguments = What it is told
question-call-no-arguments = Nothing.
question-call-class-read = It reads, says the server or you.
question-call-class-change = It changes or adds something.
question-call-class-destroy = It may delete or overwrite.
question-call-new = This tool came after you allowed the server. You have not seen it yet.
question-call-changed = This tool is not what it was when you saw it:
question-call-unlisted = The server has not listed such a tool.
question-call-unknown = MCP Valet does not know what this method does.
question-call-says-else = It describes itself otherwise than before.
question-call-looks-like = Its name looks like that of another tool: { $other }
question-call-count = { $count } calls that are the same word for word wait for this answer.
question-difference-class = It said “{ $was }”, and says “{ $is }”.
question-difference-added = It takes { NAME($name) }, which it did not.
question-difference-removed = It does not take { NAME($name) } any more.
question-difference-other = It takes { NAME($name) } in another form.
question-difference-schema = What it takes or gives is another all in all.
question-for = Your answer is for
question-for-call = This call
question-for-tool = This tool
question-for-call-note = The next call asks again.
question-call-yes = Allow this call
question-call-yes-tool = Allow this tool
question-call-no-tool = Don’t allow this tool
question-account = Which account of { $host } may { NAME($agent) } use here?
question-account-of = { NAME($agent) } wants to use { NAME($server) } here
question-folder = The folder that it works in
question-account-no-folder = No account is for this folder.
question-account-not-for = This account is not for this folder.
question-account-for = For { $folders }
question-account-which = Account
question-account-note = Holds for this program in this folder until MCP Valet ends. Whether it may use that account at all is another question. To give the folder an account for good, write it into the configuration (folders).
question-account-yes = Use this account
question-account-no = None
question-as = As { $account }
question-in = In { $folder }
question-files = { NAME($agent) } wants to lead other programs here
question-files-back = { NAME($agent) } wants to lead other programs away from here
question-files-note = These lines would be put into files of other programs. All else in them stays as it is.
question-files-back-note = These lines would be taken out of files of other programs.
question-files-yes = Change the files
question-files-no = Don’t change
