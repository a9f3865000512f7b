// What the valet sends and takes, made of its Rust types by `make types`. Times are RFC 3339 texts.

/** Everything that a surface shows. Tray, window, notification and terminal all draw this and nothing else. */
export type View = {
/** The servers, by name. */
servers: Array<Server>,
/** Agents that wait for the person to sign in. */
wanted: Array<WantedSignIn>,
/** Programs of this machine that run. */
programs: Array<RunningProgram>,
/** Sockets in other places that lead here. */
forwards: Array<Forward>,
/** Clients of the door that are let in. */
web_clients: Array<WebClient>,
/** Programs that the file names, and that are left alone until the person agrees. */
asleep: Array<AsleepProgram>,
/** Answers of the person that stand. */
answers: Array<StandingAnswer>,
/** Questions that wait for an answer, oldest first, and of each program a few. */
questions: Array<Question>,
/** How many more there are. */
more_questions: number,
/** The vault in use. */
vault: VaultKind,
/** What an agent gets that was never answered about. */
agents: AgentsPolicy,
/** What it may do where it gets leave. */
rules: ClassRules,
/** When the valet locks by itself. */
lock: LockPolicy,
/** Whether the valet starts when the person logs in. Null where the shell has no say in it. */
start_at_login: boolean | null,
/** Whether the desktop shows the shell's icon. Null as long as nothing there says so, or where a shell
 * has none. */
icon_shown: boolean | null,
/** Where things are. */
places: Places,
/** What programs did that the person has not seen yet, oldest first. */
deeds: Array<Deed>,
/** The last "revoke everything" of this run, as far as it has come. */
revoked_all: RevokedAll | null,
/** The number of the newest entry in the audit. */
activity: number,
/** Why nothing can be used now: the valet is locked, or the vault cannot be read or did not do the last
 * thing that was asked of it. */
locked: Problem | null,
/** What locked the valet, if it is the valet that is locked. */
locked_by: Cause | null,
/** The program that first asked for something since the valet was locked, while the person could see a
 * reminder. */
wanted_while_locked: string | null,
/** What is wrong with the configuration on disk; the last good one is in use. */
trouble: Problem | null,
/** What the person should know of where their sign-ins are kept. */
vault_notices: Array<VaultNotice>,
/** Other standing notices. */
notices: Array<string>, };

/** Where things are, each with its whole path. */
export type Places = {
/** The person's home, for surfaces that write `~` instead. */
home: string,
/** The configuration. */
config: string,
/** The log. */
log: string,
/** The audit. */
audit: string,
/** The agents' socket. */
socket: string,
/** The command line as other programs find it: its name if their `PATH` leads to it, else its path. */
command: string, };

/** An agent that waits for the person to sign in to a server. */
export type WantedSignIn = {
/** The server's name. */
server: string,
/** The agent's name. */
agent: string, };

/** An answer of the person that stands. */
export type StandingAnswer = {
/** The server's name. */
server: string,
/** By what the answer is taken back. */
mark: string,
/** The agent's icon: a name in the desktop's theme, or the path of a file. */
icon: string | null,
/** The path of its program. */
executable: string,
/** The answer itself. */
consent: Consent, };

/** Stands until another vault is in use. */
export type VaultNotice = "forgets" | "no_keychain" | "at_next_start";

/** Something that a program did, shown until the person has seen it. */
export type Deed = {
/** The number by which it is put away. */
id: number,
/** The agent's name. */
agent: string,
/** What it did. */
what: What,
/** The server's name, where it was about one. */
server: string | null, };

/** What a program did. */
export type What = "revoked" | "removed" | "declined" | "signed_in" | "revoked_all" | "locked" | "key_wiped" | "forward_ended";

/** A question as a surface shows it. */
export type Question = {
/** The number by which it is answered. */
id: number,
/** What is asked. */
about: About, };

/** What a question is about. */
export type About = { "kind": "use",
/** The agent's name. */
agent: string,
/** Its icon: a name in the desktop's theme, or the path of a file. */
icon: string | null,
/** The path of its program. */
executable: string,
/** By what it is called so, where that is softer than its program file. */
by: string | null,
/** What it wants to use: several servers, where it first used them within a few seconds. */
servers: Array<Wish>,
/** The longest time for which an answer can be given. */
longest: Lasts,
/** What the person chose last for this agent, but nothing that outlives the valet. */
suggested: Choice, } | { "kind": "call",
/** The agent's name. */
agent: string,
/** Its icon: a name in the desktop's theme, or the path of a file. */
icon: string | null,
/** The path of its program. */
executable: string,
/** By what it is called so, where that is softer than its program file. */
by: string | null,
/** What it would do. */
call: CallWish,
/** How many calls that are the same word for word wait for this answer. */
count: number,
/** The longest time for which an answer can hold for all calls of the tool; once, where it cannot. */
longest: Lasts, } | { "kind": "account",
/** The agent's name. */
agent: string,
/** Its icon: a name in the desktop's theme, or the path of a file. */
icon: string | null,
/** The path of its program. */
executable: string,
/** By what it is called so, where that is softer than its program file. */
by: string | null,
/** The host of all of them. */
host: string,
/** The folder that it works in. */
folder: string,
/** Whether it asked for the only one by its name. */
named: boolean,
/** Whether the account can be for that folder from now on. */
lasting: boolean,
/** Those that there are to choose. */
accounts: Array<AccountOffered>, } | { "kind": "replace",
/** The agent's name. */
agent: string,
/** The server's name. */
server: string, } | { "kind": "add",
/** The agent's name. */
agent: string,
/** Its icon: a name in the desktop's theme, or the path of a file. */
icon: string | null,
/** The path of its program. */
executable: string,
/** By what it is called so, where that is softer than its program file. */
by: string | null,
/** The name that the server would have. */
server: string,
/** Its whole address; of a program, what is started. */
url: string,
/** Its host; of a program, the command. */
host: string,
/** Whether it is a program on this machine. */
runs_here: boolean,
/** All that it says of signing in, or of how it is started. */
settings: Array<Setting>, } | { "kind": "key",
/** The agent's name. */
agent: string,
/** Its icon: a name in the desktop's theme, or the path of a file. */
icon: string | null,
/** The path of its program. */
executable: string,
/** By what it is called so, where that is softer than its program file. */
by: string | null,
/** The server's name. */
server: string,
/** Its whole address; of a program, what is started. */
url: string,
/** Its host; of a program, the command. */
host: string,
/** Whether it is a program on this machine. */
runs_here: boolean,
/** What the server's headers call the key. */
key: string,
/** The headers, or variables, that it would go into. */
headers: Array<string>,
/** Whether it would take the place of the one that is there. */
replaces: boolean, } | { "kind": "files",
/** The agent's name. */
agent: string,
/** Its icon: a name in the desktop's theme, or the path of a file. */
icon: string | null,
/** The path of its program. */
executable: string,
/** By what it is called so, where that is softer than its program file. */
by: string | null,
/** Whether what was written before is taken back. */
undo: boolean,
/** What would change. */
files: Array<FileChange>,
/** What is moved here with that, secrets and all; null where files are only led here, or back. */
moves: Moves | null,
/** Keys that go back into files, in plain text. */
returns: Array<Returning>,
/** What is forgotten of files into which nothing can be put back; none where files are changed. */
lost: Array<LostWay>, } | { "kind": "forward",
/** The agent's name. */
agent: string,
/** Its icon: a name in the desktop's theme, or the path of a file. */
icon: string | null,
/** The path of its program. */
executable: string,
/** By what it is called so, where that is softer than its program file. */
by: string | null,
/** The host, as `ssh` is told it. */
host: string,
/** The servers that could be used from there. */
servers: Array<ForwardedServer>, } | { "kind": "sign_in",
/** The program that began it; null if it was the person. */
agent: string | null,
/** The server's name. */
server: string,
/** The host of the issuer that it is at. */
issuer: string,
/** The other issuer's host, or the server that signs in there. */
other: string,
/** What they share. */
shared: Shared, } | { "kind": "configuration",
/** What it would give, each in words. */
raises: Array<string>, };

/** A file of another program that would be changed. */
export type FileChange = {
/** The name of the program. */
program: string,
/** The file, as it is reached. */
file: string,
/** Where it really is, if links lead there. */
leads_to: string | null,
/** There is none so far. */
is_new: boolean,
/** There will be none. */
is_gone: boolean,
/** It belongs to a project, and so to others as well. */
in_project: boolean,
/** What changes in it. */
lines: Array<FileLines>, };

/** Lines of a file that others take the place of. */
export type FileLines = {
/** The number of the first, from 1. */
line: number,
/** Those that go. */
before: Array<string>,
/** Those that come. */
after: Array<string>, };

/** A server that can be used from another place. */
export type ForwardedServer = {
/** Its name. */
server: string,
/** Its host; of a program, the command. */
host: string,
/** Its whole address; of a program, the command with all that it is started with. */
whole: string,
/** Whether it is a program of this desk, which does here what programs there ask of it. */
runs_here: boolean, };

/** A socket in another place that leads here. */
export type Forward = {
/** The number by which it is closed. */
number: number,
/** The place: a host, or the word "container" and a name. */
host: string,
/** The servers that can be used from there. */
servers: Array<string>,
/** Whether it stands. */
state: ForwardState,
/** The path of the socket there, while it stands. */
socket?: string,
/** Why it does not stand just now. */
trouble?: string,
/** What helps against that. */
advice?: string,
/** Since when it is kept. */
since: string,
/** The program that wanted it, if it was one. */
by?: string,
/** How many connections were closed unheard: programs that are not there tried to use it. */
refused: number, };

/** Whether a forward stands. */
export type ForwardState = "open" | "lost";

/** `POST /v1/forwards`: a socket in another place is to lead here. The person is asked. */
export type NewForward = {
/** The host, as `ssh` is told it; this or a container. */
ssh?: string,
/** The name or the ID of a container that runs on this machine. */
container?: string,
/** The servers that can be used from there; all that there are if none is named. */
servers: Array<string>,
/** Seconds to wait for the person; 0 if absent, 600 at most. */
wait?: number, };

/** A client of the door that the person has let in to a server. */
export type WebClient = {
/** The number by which it is taken back. */
number: number,
/** What it calls itself, and that this is its word. */
name: string,
/** The server. */
server: string,
/** Where its answer went. */
redirect: string,
/** When it was let in. */
since: string,
/** When it last asked for anything. */
last_used?: string, };

/** What is moved here, and what stays. */
export type Moves = {
/** The servers that files lead to afterwards. */
servers: Array<MovedServer>,
/** Entries that stay. */
stays: Array<Staying>,
/** Files that go on having secrets which are moved. */
copies: Array<CopiedFile>, };

/** A server that entries of other programs come to. */
export type MovedServer = {
/** Its name here. */
name: string,
/** Its address, or the command that is started. */
place: string,
/** Whether it is not here yet. */
is_new: boolean,
/** Where its secrets were, each as a person reads it. */
secrets: Array<string>,
/** Who lists it, as in "Codex". */
programs: Array<string>, };

/** An entry of another program that stays as it is. */
export type Staying = {
/** The name of the program. */
program: string,
/** Its file. */
file: string,
/** What the entry is called there. */
name: string,
/** Why it stays. */
why: string,
/** Where in it secrets are, each as a person reads it. */
secrets: Array<string>, };

/** A file that has copies of secrets. */
export type CopiedFile = {
/** The file. */
file: string,
/** How many. */
secrets: number, };

/** What becomes of a key that was moved out of a file, where that is put back. */
export type Comes = "back" | "gone" | "another";

/** A key that goes back into the file of another program, in plain text. */
export type Returning = {
/** The server whose key it is. */
server: string,
/** What the server calls it. */
key: string,
/** The name of the program. */
program: string,
/** What becomes of it. */
comes: Comes, };

/** A file into which nothing can be put back any more of what was written, or moved out. */
export type LostWay = {
/** The name of the program. */
program: string,
/** The file, where it was. */
file: string,
/** Why, as the end of a sentence about the file. */
why: string,
/** The keys that were moved out of it and stay in the vault, such as `github/key`. */
keys: Array<string>, };

/** What is to be made of other programs' files. */
export type FilesMeant = {
/** The programs, by their words; all that are here if none is named. */
clients: Array<string>,
/** Whether what was written is taken back. */
undo: boolean,
/** Whether what cannot be taken back any more is no longer kept for that. */
forget: boolean,
/** The servers that it is about; all if null. */
servers: Array<string> | null, };

/** What would be made of other programs' files. */
export type FilesPlanned = {
/** What would change. */
files: Array<FileChange>,
/** What stays as it is, and why. */
left: Array<SetUpFile>,
/** What is moved here with that; null where files are only led here, or back. */
moves: Moves | null,
/** Keys that go back into files, in plain text. */
returns: Array<Returning>,
/** Files into which nothing can be put back any more. */
lost: Array<LostWay>,
/** A mark of all of it, by which it is agreed to. */
mark: string, };

/** The same, once it was shown. */
export type FilesAgreed = { clients: Array<string>, undo: boolean, forget: boolean, servers: Array<string> | null,
/** The mark of what was shown. */
mark: string, };

/** What is to be moved here of what other programs list. */
export type MovesMeant = {
/** The programs, by their words; all if none is named. */
clients: Array<string>,
/** Servers that stay where they are, by the names that they would have here. */
except: Array<string>,
/** Whether secrets may go on being arguments. */
arguments: boolean, };

/** The same, once it was shown. */
export type MovesAgreed = { clients: Array<string>, except: Array<string>, arguments: boolean,
/** The mark of what was shown. */
mark: string, };

/** Secrets that lie in plain text in the files of other programs. */
export type SecretsLying = {
/** The entries that have some. */
entries: Array<LyingEntry>,
/** Files that have copies of them. */
copies: Array<CopiedFile>, };

/** An entry with secrets in it. */
export type LyingEntry = {
/** The name of the program. */
program: string,
/** Its file. */
file: string,
/** The project that it is listed for, in a file that has many. */
project: string | null,
/** What the entry is called. */
name: string,
/** Where in it the secrets are, each as a person reads it. */
secrets: Array<string>, };

/** What became of a file of another program. */
export type SetUpFile = {
/** The program, in a word such as `codex`. */
client: string,
/** Its name. */
program: string,
/** The file. */
file: string,
/** The servers that its entries were written for, or taken out. */
servers: Array<string>,
/** Why it stays as it is, as the end of a sentence about the file. */
trouble?: string,
/** What helps against that. */
advice?: string, };

/** A program that lists servers, and what it is led to. */
export type ClientStanding = {
/** A word for it. */
client: string,
/** Its name. */
program: string,
/** Its file. */
file: string,
/** The servers that it is led to. */
led: Array<string>,
/** Those that there are beside. */
missing: Array<string>,
/** Whether what was written there can be taken back. */
ours: boolean,
/** Why its file has to stay as it is. */
trouble: string | null, };

/** What an agent would get of one server. */
export type Wish = {
/** The server's name, by which it is answered about. */
server: string,
/** The server's host. */
host: string,
/** Who is signed in there, if that is known. */
account: string | null,
/** The folder that the agent works in, where that says which account it is. */
folder: string | null,
/** What its tokens are for, where that is not the server itself. */
resource: string | null,
/** In which form it would get the credential. */
form: Form,
/** The scopes that it would get; null as long as no sign-in has said which there are. */
scopes: Array<string> | null,
/** The seconds for which a token of this server is good, once it is issued; null if it has no end, or is
 * not known. */
lives: number | null,
/** What it was allowed before, if that was less. */
before: Before | null, };

/** An account that the person may choose. */
export type AccountOffered = {
/** The server's name, by which it is chosen. */
server: string,
/** Who is signed in, if that is known. */
account: string | null,
/** Whether that was not read from the vault yet. */
unread: boolean,
/** The folders that it is for, as the person wrote them. */
folders: Array<string>, };

/** What a call would do, as a surface shows it. */
export type CallWish = {
/** The server's name. */
server: string,
/** Its host. */
host: string,
/** As whom, if that is known. */
account: string | null,
/** The tool; the method where it is none. */
name: string,
/** Whether it is a tool. */
is_tool: boolean,
/** What the tool is called for people. */
title: string | null,
/** Another tool of the server that this one could be taken for. */
looks_like: string | null,
/** What it does. */
class: ToolClass | null,
/** Why it is asked about. */
why: WhyAsked,
/** Whether the tool says something else of itself than it did. */
says_else: boolean,
/** All that it is told. */
arguments: Array<Argument>, };

/** One thing that a call is told. */
export type Argument = {
/** What it is called. */
name: string,
/** What it is, on as many lines as it takes. */
value: string, };

/** Why a call is asked about. */
export type WhyAsked = { "why": "rule" } | { "why": "new" } | { "why": "changed",
/** In this. */
differences: Array<Difference>, } | { "why": "unlisted" } | { "why": "unknown" };

/** How a tool is not what it was. */
export type Difference = { "what": "class",
/** What it did. */
was: ToolClass,
/** What it does. */
is: ToolClass, } | { "what": "added",
/** What that is called. */
name: string, } | { "what": "removed",
/** What that is called. */
name: string, } | { "what": "other",
/** What that is called. */
name: string, } | { "what": "schema" };

/** What the person says to a call. */
export type CallAnswer = {
/** Whether they agree. */
answer: Confirmation,
/** How long it holds for all calls of the tool; null if it is for this call alone. */
tool: Lasts | null, };

/** What a call of a tool may do, as far as its server says, or the person. */
export type ToolClass = "read" | "change" | "destroy";

/** What becomes of a call, from the one that lets most happen. */
export type Ruling = "free" | "ask" | "never";

/** What becomes of calls, by what they may do. */
export type ClassRules = {
/** Of those that read. */
read: Ruling,
/** Of those that change. */
change: Ruling,
/** Of those that may delete. */
destroy: Ruling, };

/** What becomes of calls of one tool. */
export type ToolRule = {
/** The tool, as its server calls it. */
tool: string,
/** What becomes of its calls. */
rule: Ruling,
/** When that ends, if it does so by time. */
until?: string, };

/** What a program may do at a server, where that is less than everything. */
export type Rules = {
/** By what a tool does. */
classes: ClassRules,
/** By tool; these come before the classes. */
tools: Array<ToolRule>, };

/** Who says what a tool does. */
export type SaidBy = "person" | "server" | "nobody";

/** A tool of a server, for the person to look at. */
export type ToolSeen = {
/** As its server calls it. */
name: string,
/** What it is called for people. */
title: string | null,
/** What it says of itself. */
description: string,
/** What it does. */
class: ToolClass,
/** Who says so. */
said_by: SaidBy,
/** What its server says that it does. */
by_server: ToolClass,
/** Whether it came after the first list, and the person has not seen it. */
is_new: boolean,
/** How it is not what the person knows. */
differences: Array<Difference>,
/** Whether it says something else of itself than it did. */
says_else: boolean,
/** By what it is told from what it may become. */
mark: string, };

/** What the person says of some tools, all at once. */
export type ToolsSaid = {
/** The tools, as they were shown. */
tools: Array<ToolShown>,
/** What they do: null leaves that to the server. The person has seen them either way. */
class: ToolClass | null, };

/** A tool as the person saw it. */
export type ToolShown = {
/** As its server calls it. */
name: string,
/** Its mark. */
mark: string, };

/** The rule for one tool. */
export type ToolSaid = {
/** The tool. */
tool: string,
/** What becomes of its calls. */
rule: Ruling, };

/** What a program may do at a server, as the person sets it. */
export type RulesSaid = {
/** The program, by its mark. */
mark: string,
/** By what a tool does. */
classes: ClassRules,
/** By tool. */
tools: Array<ToolSaid>, };

/** What an agent was allowed before it wanted more. */
export type Before = {
/** The form in which it got the credential. */
form: Form,
/** The scopes that are new. */
new_scopes: Array<string>, };

/** One setting of an `oauth` block, as a person reads it. */
export type Setting = {
/** Its key, with those that it is below. */
key: string,
/** What it is set to; null if that is a secret. */
value: string | null, };

/** What two issuers share. */
export type Shared = { "what": "redirect_uri",
/** The redirect URI. */
address: string, } | { "what": "page",
/** Its origin. */
address: string, };

/** In which form an agent gets a credential, from the one that gives least. */
export type Form = "proxied" | "token" | "lasting_token";

/** How far a yes reaches. */
export type AccessLevel = "everything" | "proxy_only" | "by_rules";

/** How long an answer holds, from the shortest. */
export type Lasts = "once" | "quarter_hour" | "hour" | "today" | "for_now" | "always";

/** What the person chooses beside a yes. */
export type Choice = {
/** How far it reaches. */
reach: AccessLevel,
/** How long it holds. */
lasts: Lasts, };

/** A yes to some servers, and a no to others. Whatever it does not name stays asked. */
export type UseAnswer = { allow: Array<string>, deny: Array<string>,
/** How far it reaches. */
reach: AccessLevel,
/** How long it holds. */
lasts: Lasts, };

/** The person's answer to a question that is only agreed to or not. */
export type Confirmation = "yes" | "no";

export type Confirmed = { answer: Confirmation, };

/** The account that a program is to use in its folder. */
export type ChosenAccount = {
/** The server's name. */
account: string,
/** For that folder from now on, and not in this run alone. */
from_now_on: boolean, };

/** An answer: to servers by their names, to what is only agreed to or not, or to a call. */
export type Answered = UseAnswer | Confirmed | CallAnswer | ChosenAccount;

/** Whether what was said was taken; it is not if the question was answered elsewhere before, or what was
 * shown is not so any more. */
export type Taken = { taken: boolean, };

/** The programs that have a connection to the socket open, by their names. */
export type Connected = { programs: Array<string>, };

/** A server and its state, as `GET /v1/servers` lists it. */
export type Server = {
/** The name in the configuration. */
name: string,
/** Why its name may be taken for another. */
look_alike?: LookAlike,
/** The server's URL, as configured; of a program, what is started, for who may use it. */
url: string,
/** The sum of all that follows. */
state: ServerState,
/** What is held. */
grant: GrantState,
/** What a sign-in is doing. */
attempt: AttemptState,
/** The person said "not now" for this session, or "don't ask" for good. */
declined: boolean,
/** It was "don't ask": the decline outlives the valet, until the person takes it back. */
declined_for_good: boolean,
/** What the person said about the caller. */
consent: ConsentState,
/** The caller's own consent, if an answer stands; of other agents nothing is told. */
agents?: Array<Consent>,
/** Who is signed in, in the words of the issuer. */
account?: string,
/** The folders that this account is for, of all with the same address. */
folders?: Array<string>,
/** The issuer that the grant comes from. */
issuer?: string,
/** Our client at the issuer. */
client_id?: string,
/** The authorization servers to choose from. */
issuers?: Array<string>,
/** The resource that tokens are bound to (RFC 8707). */
resource?: string,
/** The same where it is not the server itself: such a token is good elsewhere as well, or only there. */
other_resource?: string,
/** The redirect URI of our client at the issuer. */
redirect_uri?: string,
/** What the person types on another device, while a sign-in waits for that. */
device?: DeviceCode,
/** The redirect URI to register there with a client of the person's own, where somebody signs in. */
own_redirect_uri?: string,
/** The page of the provider on which to register it, where one is known. */
client_page?: string,
/** Scopes that a sign-in asks for. */
scopes_wanted: Array<string>,
/** The same, where the person configured them; nothing where the server's own are asked for. */
scopes_configured?: Array<string>,
/** Scopes that the issuer gave. */
scopes_granted: Array<string>,
/** When the current access token ends. */
expires_at?: string,
/** Whether the valet can renew the token without the person. */
renews: boolean,
/** Whether nobody has to sign in: tokens are asked for when they are needed. */
unattended: boolean,
/** When a token or a session was last handed out. */
last_used?: string,
/** The agent that added the server, where it was not the person. */
added_by?: string,
/** How the server knows the person. */
credential: CredentialKind,
/** The keys that go into its headers. */
keys?: Array<ServerKey>,
/** What goes with each request to it. */
headers?: Array<HeaderLine>,
/** The program, if it is one on this machine. */
program?: LocalProgram,
/** The page of the provider on which its keys are made and ended, where one is known. */
key_page?: string,
/** Whether the server, when it refused a key, said that it has a sign-in. */
offers_sign_in?: boolean,
/** The last error, with its advice. */
problem?: Problem, };

/** One line that sums up grant, attempt, decline and lock. */
export type ServerState = "ready" | "authorization_required" | "waiting" | "choosing_issuer" | "needs_client_id" | "declined" | "lapsed" | "registration_lost" | "failed" | "locked" | "opening" | "key_required" | "key_refused";

/** What the valet holds for a server. */
export type GrantState = "none" | "live" | "unsaved" | "registration_lost" | "lapsed";

/** What a sign-in is doing. */
export type AttemptState = "none" | "choosing_issuer" | "needs_client_id" | "preparing" | "waiting" | "failed";

/** What the person said about the asking agent and this server. */
export type ConsentState = "none" | "asked" | "allowed" | "denied";

/** One agent's consent for one server. */
export type Consent = {
/** The agent's name. */
name: string,
/** The scopes that a yes reaches to; null as long as no sign-in has said which there are. */
scopes: Array<string> | null,
/** The form that a yes reaches to. */
form: Form,
/** What becomes of a wish for more than that: with `proxy_only` a token is refused, and nobody is asked. */
reach: AccessLevel,
/** The rules of a yes that goes by them. */
rules?: Rules | null,
/** When it was said. */
since: string,
/** When the agent last got a token, or used the server through the proxy. */
last_used: string | null,
/** How often it did. */
uses: number, } & ({ "answer": "allowed_until",
/** When it ends. */
until: string, } | { "answer": "allowed_for_now" } | { "answer": "allowed_always" } | { "answer": "denied_until",
/** When it ends. */
until: string, } | { "answer": "denied_for_now" } | { "answer": "denied_always" });

/** An answer of the person that stands. */
export type Stands = { "answer": "allowed_until",
/** When it ends. */
until: string, } | { "answer": "allowed_for_now" } | { "answer": "allowed_always" } | { "answer": "denied_until",
/** When it ends. */
until: string, } | { "answer": "denied_for_now" } | { "answer": "denied_always" };

/** An error answer, `application/problem+json` (RFC 9457 §3.1). Its `type`, `title` and `status` follow from
 * the code. */
export type Problem = { type: string, title: string, status: number, detail: string, code: Code, advice: string,
/** The valet itself sends only what it knows. */
reason?: Reason,
/** The key of the configuration that the advice names. */
setting?: string, };

/** What went wrong, for programs. A program decides on this, never on a text. */
export type Code = "authorization_required" | "lapsed" | "registration_lost" | "consent_required" | "locked" | "declined" | "denied" | "proxy_only" | "failed" | "provider_error" | "timeout" | "busy" | "unknown_server" | "ambiguous_server" | "invalid_request" | "not_found" | "internal";

/** The finer cause of a problem. The names are known to programs: none is ever given to
 * another cause. `docs/socket.md` has them by code. */
export type Reason = "server_unreachable" | "server_slow" | "server_unavailable" | "issuer_unreachable" | "issuer_slow" | "issuer_unanswered" | "issuer_unavailable" | "certificate_refused" | "address_refused" | "insecure_endpoint" | "url_invalid" | "redirect_refused" | "endpoint_elsewhere" | "proxy_refused" | "network_sign_in" | "answer_too_large" | "answer_invalid" | "not_json" | "answer_broke_off" | "unexpected_status" | "forbidden" | "authorization_limit" | "too_long_to_repeat" | "resource_mismatch" | "issuer_mismatch" | "metadata_missing" | "no_pkce" | "no_browser_sign_in" | "no_device_sign_in" | "no_sign_in_needed" | "scopes_needed" | "pushed_requests_required" | "choosing_issuer" | "issuer_changed" | "registration_missing" | "registration_refused" | "redirect_uri_refused" | "redirect_uri_shared" | "client_document_invalid" | "invalid_client" | "parameter_reserved" | "setting_invalid" | "access_denied" | "device_expired" | "state_unknown" | "attempt_expired" | "callback_issuer_mismatch" | "sign_in_failed" | "provider_error" | "resource_refused" | "page_shared" | "sign_in_open" | "callback_refused" | "not_back_yet" | "sign_in_under_way" | "made_room" | "overtaken" | "locked_meanwhile" | "replacement_refused" | "port_in_use" | "cannot_listen" | "certificate_unreadable" | "certificate_unusable" | "source_unreadable" | "invalid_grant" | "token_type" | "token_wrong" | "token_unverifiable" | "token_for_another" | "token_invalid" | "grant_damaged" | "not_renewable" | "insufficient_scope" | "key_missing" | "key_bound_elsewhere" | "key_refused" | "several_keys" | "runs_here" | "program_failed" | "no_such_key" | "key_invalid" | "takes_keys" | "refused_by_server" | "lasting_token" | "bound_to_a_key" | "kept_to_the_proxy" | "unknown_session" | "declined_for_good" | "agents_denied" | "proposed" | "nobody_to_ask" | "against_the_rules" | "call_refused" | "call_asked" | "too_long_to_judge" | "ambiguous" | "header_mismatch" | "batch_held" | "folder_unknown" | "folder_changed" | "account_asked" | "account_refused" | "proposal_refused" | "proposal_too_long" | "there_already" | "looks_alike" | "mixes_alphabets" | "name_not_simple" | "configuration" | "configuration_waits" | "start_at_login" | "demo_not_started" | "too_many_connections" | "too_many_listeners" | "too_many_servers" | "too_many_sign_ins" | "keychain_locked" | "keychain_absent" | "keychain_slow" | "keychain_without_collection" | "keychain_broken" | "keychain_other" | "passphrase_unset" | "passphrase_needed" | "passphrase_wrong" | "passphrase_short" | "passphrase_busy" | "vault_file_damaged" | "vault_file_gone" | "vault_file_other" | "vault_file_refused" | "vault_newer" | "engine_unreachable" | "engine_without_quorum" | "engine_refused" | "engine_full" | "fleet_tampered" | "fleet_unjoined" | "fleet_overtaken" | "refresh_interrupted" | "locked_by_screen" | "locked_by_sleep" | "locked_by_idle" | "locked_by_person";

/** The vault in use. */
export type VaultKind = "keychain" | "file" | "memory" | "shared";

/** The passphrase of the encrypted file, or the first one that it is to have. */
export type Passphrase = { passphrase: string, };

/** Another passphrase in the place of the one that the encrypted file has. */
export type NewPassphrase = { old: string, new: string, };

/** What becomes of a damaged encrypted file. */
export type Mended = { how: Mend, };

/** How a damaged file is mended. It is set aside each time, not deleted. */
export type Mend = "copy" | "anew";

/** Where secrets are kept from now on. */
export type Move = { to: VaultKind,
/** Of the new encrypted file. */
passphrase?: string, };

/** A file with a copy of all that is kept. */
export type BackupFile = {
/** Its whole path. */
file: string,
/** What opens it. */
passphrase: string, };

/** What an agent with no remembered answer gets. */
export type AgentsPolicy = "ask" | "allow" | "deny";

/** When the valet locks by itself. */
export type LockPolicy = {
/** With the screen. Off unless wanted: agents are meant to work on while nobody watches them. */
screen: boolean,
/** Before the computer sleeps. On: nothing works meanwhile, and memory may be written to disk. */
suspend: boolean,
/** After so many minutes in which neither a program nor the person used it; 0 means never. */
idleMinutes: number, };

/** What locked the valet. A later one is stronger: it stays where a weaker one would have ended. */
export type Cause = "screen" | "sleep" | "idle" | "person";

/** What the person sets; what is absent stays as it is. */
export type Settings = { agents?: AgentsPolicy, start_at_login?: boolean, lock?: LockPolicy, rules?: ClassRules, };

/** `POST /v1/servers`: add a server to the configuration. */
export type NewServer = {
/** A short name; made from the host if absent. */
name?: string,
/** The server's URL. */
url?: string,
/** In its place, the program that is the server. The person is asked about it. */
program?: NewProgram,
/** The `oauth` block of the configuration, for servers that register no clients by themselves. */
oauth?: Record<string, unknown>,
/** The `headers` of the configuration. A key among them goes into the vault. */
headers?: Record<string, string>,
/** The `folders` of the configuration: those that this account is for, of all with the same address. */
folders?: Array<string>,
/** Seconds to wait for the person, who is asked about `program`, `headers`, `folders` and all that
 * `oauth` says but scopes; 0 if absent, 600 at most. */
wait?: number, };

/** A program that is to be a server, as the configuration has it. */
export type NewProgram = {
/** What is started: a name that is looked up in `PATH`, or a whole path. */
command: string,
/** What it is started with. */
args?: Array<string>,
/** What goes into its environment. A key among that goes into the vault. */
env?: Record<string, string>,
/** The folder that it runs in. */
cwd?: string,
/** The names of the keys that may be arguments. */
keysInArgs?: Array<string>, };

/** A server that is a program on this machine. */
export type LocalProgram = {
/** What is started. Only who may use the server is told this, and with what, and where. */
command?: string,
/** What it is started with; `${key}` stands for a key. */
args?: Array<string>,
/** The folder that it runs in; the person's own if it is absent. */
cwd?: string,
/** How many of it run. */
running: number, };

/** A program of this machine that runs. */
export type RunningProgram = {
/** The server that it is. */
server: string,
/** The application that it runs for, if that is still known. */
application: string | null,
/** When it was started. */
since: string, };

/** A program that the file names, and that nobody has agreed to. */
export type AsleepProgram = {
/** The name that the server would have. */
server: string,
/** How it would be started, each part as a person reads it. */
settings: Array<Setting>,
/** By which this is told from what the file has later. */
mark: string, };

/** The last lines that a program wrote to its standard error. */
export type SaidByProgram = { lines: Array<string>, };

/** The name of the server that was added. */
export type Name = { name: string, };

/** The client that the person registered at the issuer of a server. */
export type OwnClient = { client_id: string, client_secret?: string,
/** The port of the redirect URI that was registered with it. */
callback_port?: number, };

/** A key that the person typed. */
export type TypedKey = { secret: KeyText, };

/** The text of a key. It can be sent, not printed; its memory is wiped on drop. */
export type KeyText = string;

/** How a server knows the person. */
export type CredentialKind = "sign_in" | "key" | "none";

/** A key of a server: everything about it but the key itself. */
export type ServerKey = {
/** Its name in the server's headers. */
name: string,
/** The headers that it goes into. */
headers: Array<string>,
/** When it was set; nothing where it is not there, or cannot be read now. */
set_at?: string,
/** The program that brought it; nothing where the person did. */
set_by?: string, };

/** A header that goes with each request to a server, as the configuration has it. */
export type HeaderLine = {
/** Its name. */
name: string,
/** What it says, with the names of keys in their place. */
value: string, };

/** What a server is to be. */
export type Edit = { name: string, url: string,
/** The scopes to ask for; null leaves that to the server. */
scopes: Array<string> | null,
/** The folders that this account is for; null leaves them as they are. */
folders: Array<string> | null, };

export type Address = { url: string, };

/** What a server says of itself. */
export type Preview = {
/** The authorization servers that it trusts. */
issuers: Array<string>,
/** The scopes that a sign-in would ask for. */
scopes: Array<string>,
/** Whether the first of them takes this program as a client without the person's help; if not, a client
 * ID is needed. */
registers: boolean,
/** The redirect URI to register where it does not. */
redirect_uri: string,
/** The page to register it on, where that is known. */
client_page: string | null, };

/** Everything that was found, compared with what the valet has. */
export type Listing = {
/** Servers that can be added, or are there already. */
servers: Array<Offer>,
/** Entries that are nothing for the valet. */
others: Array<Other>,
/** Files that could not be read. */
notices: Array<Notice>, };

/** A remote server that one or more programs list. */
export type Offer = {
/** What it would be called here: as it is called there, unless that name is taken. */
name: string,
/** Its address. */
url: string,
/** Where it is listed. */
seen: Array<Seen>,
/** The name under which the valet has this address already. */
there?: string,
/** Every program that lists it has it switched off. */
disabled: boolean,
/** Every program that lists it takes it for one of the older transport, HTTP+SSE. */
older_transport: boolean,
/** What its entries have that is not taken over. */
left: Array<Left>,
/** The `headers` block that it would be added with: those by which every program that lists it shows it a
 * key, each with a name in the key's place. */
headers?: Record<string, string>,
/** The `oauth` block that it would be added with. */
oauth?: Record<string, unknown>, };

/** Where an entry is. */
export type Seen = {
/** The program. */
client: Client,
/** Its name. */
program: string,
/** The file, with its whole path. */
file: string,
/** The project that it is listed for, in a file that has many. */
project?: string,
/** What it is called there. */
name: string, };

/** A program that lists MCP servers. */
export type Client = "claude-code" | "claude-desktop" | "vscode" | "cursor" | "windsurf" | "zed" | "codex" | "gemini" | "goose" | "continue" | "opencode" | "copilot" | "qwen" | "cline" | "mcporter";

/** What an entry has beside its address that is not taken over. */
export type Left = "authorization" | "headers" | "client_secret" | "client" | "key";

/** An entry that cannot be added. */
export type Other = {
/** Why not. */
why: Why,
/** Where it is. */
seen: Seen, };

/** Why an entry cannot be taken. */
export type Why = "local" | "uses_valet" | "no_address" | "plain_http" | "variables" | "key_in_address";

/** A file that could not be read, or not whole. */
export type Notice = {
/** The program that it belongs to. */
program: string,
/** The file, with its whole path. */
file: string,
/** What is wrong with it, as the end of a sentence about the file. Nothing of what is in it. */
trouble: string, };

/** A sign-in that the person wants. */
export type SignIn = {
/** Which of several authorization servers to sign in at. */
issuer?: string,
/** On another device, by a code that is typed there. */
device?: boolean,
/** For an account that is chosen there. */
another_account?: boolean, };

/** Whether a browser shows what was to be opened. */
export type Opened = { opened: boolean, };

/** A sign-in on another device, for the person to finish there. */
export type DeviceCode = {
/** What they type. */
user_code: string,
/** The page on which they type it. */
verification_uri: string, };

/** A sign-in that was begun, and whether a browser shows it. */
export type Begun = { opened: boolean,
/** The server's name. */
server: string,
/** The page at which the person signs in. */
authorization_url: string,
/** Where the issuer sends the browser afterwards; nothing on another device. */
redirect_uri?: string | null,
/** What the tokens will be for (RFC 8707), where that is not the server itself. */
other_resource?: string | null,
/** What the person types on another device, if this sign-in goes that way. */
device?: DeviceCode | null,
/** When the sign-in is no longer waited for. */
expires_at: string, };

export type Forgotten = { mark: string, };

/** What a program may not do any more. */
export type TakenBack = {
/** The servers that it may not use. */
servers: Array<string>, };

/** The answer to `POST …/revoke`: which things happened. */
export type Revocation = {
/** The server's name. */
server: string,
/** The refresh token, at the issuer. */
refresh_token: Outcome,
/** The access token, at the issuer. */
access_token: Outcome,
/** Whether no copy is left here. True also where there was none. */
wiped: boolean,
/** The client that the valet registered at the issuer. */
client: ClientOutcome,
/** Whether the issuer has yet to answer a request for other tokens: what comes is ended there at once,
 * and not kept. */
pending?: boolean,
/** Whether the access token lives, and servers can take it without asking the issuer (a JWT): they need
 * not hear of its end, whatever the issuer confirmed. */
self_contained?: boolean,
/** When such a token ends, if that is known. */
ends_at?: string,
/** How many keys were there. They are gone here, and good until they are ended at their provider. */
keys?: number,
/** The page of the provider on which that is done, where one is known. */
key_page?: string,
/** Whether the configuration, which could not be written, still has a key itself. Nothing is wiped then. */
in_file?: boolean,
/** Machines that share the vault and were not heard of just then: they learn it once they are back, and
 * what they have in memory serves there until it is stale. */
unreached?: Array<string>, };

/** What became of one token at the issuer when it was revoked (RFC 7009). */
export type Outcome = "revoked" | "not_offered" | "failed" | "nothing" | "unread";

/** What became of our client at the issuer (RFC 7592). */
export type ClientOutcome = "deregistered" | "not_offered" | "kept" | "failed" | "nothing";

/** `POST /v1/servers/{server}/revoke`; the body may be left out. */
export type Revoke = {
/** End our client at the issuer as well, unless another server uses it. */
client?: boolean, };

/** `POST /v1/revoke`: everything is revoked, as far as it has come. */
export type RevokedAll = {
/** The agent that asked for it, where it was not the person. */
by?: string,
/** Whether it is over. */
done: boolean,
/** Each server, by name. */
servers: Array<RevokedOne>,
/** Whether the answers about programs that the vault keeps are gone as well. */
answers_wiped: boolean, };

/** One server of [`RevokedAll`]. */
export type RevokedOne = {
/** The server's name. */
server: string,
/** Whether it is in the configuration; one that left it may have something in the vault still. */
listed: boolean,
/** What happened; nothing as long as it is under way. */
revocation?: Revocation, };

/** The answer to `DELETE /v1/servers/{server}`. */
export type Removed = {
/** What became of the tokens. */
revocation: Revocation,
/** Whether the server left the configuration. */
removed: boolean, };

/** The request: look at a server. */
export type Examine = {
/** A server's name or URL; the URL need not be in the configuration. */
server: string, };

/** The answer to [`Examine`]. */
export type Report = {
/** The server's URL. */
url: string,
/** What it all comes to. */
outcome: Conclusion,
/** What was looked at, in order. */
steps: Array<Step>, };

/** What it all comes to. */
export type Conclusion = "works" | "no_sign_in" | "needs_client_id" | "trouble" | "key_stands" | "key_needed";

/** One thing that was looked at. */
export type Step = {
/** What it is. */
title: string,
/** What was asked for it, in order. */
exchanges: Array<Exchange>,
/** What was found. */
findings: Array<Finding>, };

/** One request and what became of it. */
export type Exchange = {
/** Method and URL. */
request: string,
/** Status and kind of the answer, or why there was none. */
answer: string, };

/** One thing that was found. */
export type Finding = {
/** Whether it is well. */
verdict: Verdict,
/** A stable name, for programs. */
code: string,
/** A plain sentence. */
text: string,
/** The rule it is held to, if there is one. */
rule?: Rule,
/** What to change, and who must. */
remedy?: Remedy, };

/** Whether something is well. */
export type Verdict = "ok" | "note" | "trouble";

/** A rule and where it stands. */
export type Rule = {
/** What it says, in our words. */
says: string,
/** The document and its section. */
source: string, };

/** What to change. */
export type Remedy = {
/** Who must. */
who: Who,
/** What, exactly. */
what: string, };

/** Who can change something. */
export type Who = "person" | "server_operator" | "issuer_operator";

/** A page of the audit, newest first. */
export type Activity = { rows: Array<Row>,
/** Whether there are more than are listed here. */
more: boolean,
/** The chart, where the list begins with the newest. */
chart: Chart | null, };

/** An entry, and its place among all. */
export type Row = {
/** Its number. Entries from before the chain count down from 0. */
place: number, kind: ActKind, entry: AuditEntry, };

/** What kind of thing was done. */
export type ActKind = "use" | "refusal" | "answer" | "sign_in" | "other";

/** How much there was to list, over time. */
export type Chart = {
/** When the first quarter of an hour begins. */
from: string,
/** How many in each quarter of an hour since then. Where no kind is asked for, uses alone. */
counts: Array<number>,
/** The agents of that time, whatever the filter. */
agents: Array<string>,
/** The servers of that time, whatever the filter. */
servers: Array<string>, };

/** Why a name may be taken for another. */
export type LookAlike = { "why": "of",
/** The other server's name. */
server: string, } | { "why": "mixes_alphabets" };

/** One line of the audit, as `GET /v1/audit` lists the caller's own. */
export type AuditEntry = {
/** When. */
at: string,
/** What was done, such as `hand_out`, `proxied` or `revoke`; `refused` if it was not done. */
what: AnyAct,
/** The program that connected, where it is not the agent's own, such as a command line that the agent
 * runs. */
through?: string,
/** The server's name. */
server?: string,
/** Whose account it was, in the words of the issuer. */
account?: string,
/** The folder that the program worked in, where that said which account it was. */
folder?: string,
/** The scopes of what was handed out. */
scopes?: Array<string>,
/** When an answer ends, if it does so by time. */
until?: string,
/** How far a yes reaches. */
reach?: AccessLevel,
/** The JSON-RPC method of a request that went through the proxy. */
method?: string,
/** The tool that was called. */
tool?: string,
/** What that does, where a rule went by it. */
class?: ToolClass,
/** The rule by which it went through, where the program has rules; or the one that was set. */
rule?: string,
/** A mark of the arguments (HMAC-SHA-256, base64url): whoever has them and the vault can tell that they
 * are these, and nobody can tell them from it. */
arguments?: string,
/** What came of it at the issuer and in the vault, where that is more than one thing; or why the valet
 * did it. */
result?: string,
/** Why it was refused: the code of the answer. */
outcome?: string,
/** Where it is told again, since the file that told it went. */
sum?: Sum,
/** Its number. Entries from before the chain have none. */
seq?: number,
/** What kind of somebody it was. */
by: ActorKind,
/** The program's name, where it was a program. */
agent: string,
/** The program's path. */
executable?: string, };

/** What was done. The names are in files that outlive a version: none is ever given to another act. */
export type Act = "hand_out" | "proxied" | "refused" | "allow_once" | "allow_session" | "allow_always" | "deny" | "deny_always" | "forget_answer" | "set_agents" | "sign_in" | "obtain" | "decline" | "decline_for_good" | "undecline" | "revoke" | "revoke_all" | "remove" | "add" | "add_refused" | "edit" | "set_client" | "set_lock" | "configuration" | "configuration_raised" | "lock" | "unlock" | "move_vault" | "change_passphrase" | "mend_vault" | "torn" | "audit_damaged" | "unproven" | "allow_until" | "deny_once" | "deny_until" | "set_key" | "set_key_refused" | "wipe_key" | "allow_call" | "allow_tool" | "deny_call" | "deny_tool" | "set_rules" | "set_classes" | "choose_account" | "choose_no_account" | "set_up" | "put_back" | "set_up_refused" | "forget_file" | "forward" | "forward_ended" | "forward_refused" | "let_in" | "let_in_ended" | "stop_program" | "back_up" | "restore";

/** An act that is read: an older or a newer version may name one that this version does not know, and no line
 * is lost for that. Only [`Act`]s are written. */
export type AnyAct = Act | string;

/** Who did something, or which program an answer of the person is about. Only its kind says so: a program can
 * be called anything. */
export type Actor = {
/** What kind of somebody it was. */
by: ActorKind,
/** The program's name, where it was a program. */
agent: string,
/** The program's path. */
executable?: string, };

/** What kind of somebody it was. */
export type ActorKind = "person" | "program" | "valet" | "configuration";

/** What an entry tells of a file that went, since the audit keeps so much and no more: what was done many
 * times is one entry, with the time of the last; all else is told as it was written. */
export type Sum = {
/** How many times it was done. */
count: number,
/** When the first time was. */
since: string,
/** The number of the first entry of that file. */
file: number, };

/** The answer to `GET /v1/audit/verify`: whether the audit is as it was written. It tells of nobody's entries
 * more than that they are there. */
export type Verified = {
/** Whether no entry was found to be changed, removed, moved or put in. Of those that are `unvouched`
 * nobody can know. */
intact: boolean,
/** Entries that were looked at: all, or those before the fault. */
entries: number,
/** Entries from before there was a chain. They are covered as they were when it began. */
unchained: number,
/** Lines that a crash left unfinished. What they would have told of did not happen. */
torn: number,
/** Entries that fit together, but that nothing outside of the file vouched for when a run found them:
 * those of a run that was locked at its end or had no vault that keeps a key; or that somebody else put
 * there. No later seal makes them good. */
unvouched: number,
/** Older entries that are not kept any more. Of what could be proven of them later ones tell in short. */
summed: number,
/** When the oldest of them was written. */
first?: string,
/** When the newest of them was written. */
newest?: string,
/** The first place where it is not as it was written. */
fault?: AuditFault, };

/** A place where the audit is not as it was written. */
export type AuditFault = {
/** What is wrong. */
what: Broken,
/** The name of the file in which it was found. */
file: string,
/** The number of the first entry that it concerns. */
seq: number,
/** The number of the last. */
through: number,
/** What time the entry there bears, or the one before it. */
at?: string, };

/** What is wrong with the audit. */
export type Broken = "changed" | "missing" | "moved" | "inserted" | "seal";
