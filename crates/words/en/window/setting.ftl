# How the valet itself is set.

setting-start = Start when I log in
setting-start-note = Your programs can use it right after you log in.
setting-agents = New programs
setting-programs = All programs, and what each may do
setting-agents-choice-ask-name = Ask me
setting-agents-choice-ask-text = You decide the first time.
setting-agents-choice-allow-name = Allow all
setting-agents-choice-allow-text = Every program may use every server.
setting-agents-choice-deny-name = Allow none
setting-agents-choice-deny-text = Only programs that you have allowed may use a server.
setting-agents-sure = Let every program use every server?
setting-agents-sure-note = New programs are then allowed without a question, whatever they are. Programs that you refused stay refused.
setting-vault = Where sign-ins are kept
setting-unsaved = New sign-ins cannot be stored now. They are kept in memory meanwhile, and it is tried again. Check that the disk is not full, and look at the keychain with the password program of your desktop.
setting-locked-memory = What you signed in to is still in memory, as there is no other place for it.
setting-unlock = Unlock
setting-unlocking = Unlocking…
setting-lock = Lock now
setting-lock-rules = Lock automatically
setting-lock-rule-suspend-name = Before the computer sleeps
setting-lock-rule-suspend-text = It unlocks when you are back.
setting-lock-rule-screen-name = While the screen is locked
setting-lock-rule-screen-text = Programs cannot work on meanwhile. It unlocks with the screen.
setting-lock-rule-idle-name = When nothing uses it
setting-lock-rule-idle-text = You unlock it yourself.
setting-pause-never = Never
setting-pause-minutes = { $minutes ->
    [one] After 1 minute
   *[other] After { $minutes } minutes
}
setting-pause-hours = { $hours ->
    [one] After 1 hour
   *[other] After { $hours } hours
}
setting-notices = Notices
setting-trouble = Configuration
setting-callbacks = Where sign-ins come back
setting-callbacks-note = Your browser returns to these addresses. With a client ID of your own the port is set under Details; host and TLS are set in the configuration file.
setting-callback-address = Address
setting-files = Files
setting-log = Log
setting-configuration = Configuration
setting-audit = Who used what
setting-socket = Socket for programs
setting-diagnostics = Diagnostics
setting-diagnostics-note = Versions, states and codes, for a report. No keys and no secrets.
setting-diagnostics-copy = Copy diagnostics
setting-show = Show what is copied
setting-version = Version { $version }
setting-lock-note-keychain = Forgets every key in memory. Programs wait until you unlock.
setting-lock-note-file = Forgets every key and the passphrase. Programs wait until you enter it.
setting-lock-note-memory = Programs wait until you unlock. Keys stay in memory, as there is no other place for them.
setting-lock-note-shared = Locked by hand, all machines of the fleet are locked.
setting-vault-keychain-name = Keychain
setting-vault-keychain-text = Sign-ins are kept in the keychain of your desktop.
setting-vault-locked = { $name }, locked
setting-vault-unlocked = { $name }, unlocked
setting-vault-file-name = Encrypted file
setting-vault-file-text = Sign-ins are kept in a file that only your passphrase opens.
setting-vault-memory-name = Memory
setting-vault-memory-text = Sign-ins are kept in memory and are gone when MCP Valet ends.
setting-vault-shared-name = Shared vault
setting-vault-shared-text = Sign-ins are kept, sealed, in the vault that the machines of a fleet share.
setting-locked-by-person = Nothing can be used until you unlock it.
setting-locked-by-idle = Nothing used it for a while. Nothing can be used until you unlock it.
setting-locked-by-screen = The screen was locked. It unlocks with the screen.
setting-locked-by-sleep = The computer went to sleep. It unlocks when your screen is unlocked.
setting-rules = Programs that you never answered about
setting-rules-note = What they may do where they get leave, and what a question begins with.
