# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_mcp_valet_global_optspecs
    string join \n h/help V/version
end

function __fish_mcp_valet_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_mcp_valet_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_mcp_valet_using_subcommand
    set -l cmd (__fish_mcp_valet_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c mcp-valet -n "__fish_mcp_valet_needs_command" -s h -l help -d 'Show this help.'
complete -c mcp-valet -n "__fish_mcp_valet_needs_command" -s V -l version -d 'Show the version.'
complete -c mcp-valet -n "__fish_mcp_valet_needs_command" -f -a "add" -d 'Add a server.'
complete -c mcp-valet -n "__fish_mcp_valet_needs_command" -f -a "import" -d 'Look at what other programs list, and add what you choose.'
complete -c mcp-valet -n "__fish_mcp_valet_needs_command" -f -a "setup" -d 'Lead other programs here by their own files, or back'
complete -c mcp-valet -n "__fish_mcp_valet_needs_command" -f -a "adopt" -d 'Move what other programs list, secrets too, into MCP Valet'
complete -c mcp-valet -n "__fish_mcp_valet_needs_command" -f -a "list" -d 'List the servers and their states.'
complete -c mcp-valet -n "__fish_mcp_valet_needs_command" -f -a "show" -d 'Show one server.'
complete -c mcp-valet -n "__fish_mcp_valet_needs_command" -f -a "authorize" -d 'Sign in to a server in your browser.'
complete -c mcp-valet -n "__fish_mcp_valet_needs_command" -f -a "token" -d 'Print an access token.'
complete -c mcp-valet -n "__fish_mcp_valet_needs_command" -f -a "headers" -d 'Print the headers for a request as one JSON object, for clients that run a helper.'
complete -c mcp-valet -n "__fish_mcp_valet_needs_command" -f -a "connect" -d 'Act as the server over standard input and output, for clients that start their servers.'
complete -c mcp-valet -n "__fish_mcp_valet_needs_command" -f -a "exec" -d 'Run a command with an access token in its environment.'
complete -c mcp-valet -n "__fish_mcp_valet_needs_command" -f -a "doctor" -d 'Look at a server step by step, or without one at MCP Valet itself: what works, what does not, and what to change.'
complete -c mcp-valet -n "__fish_mcp_valet_needs_command" -f -a "decline" -d 'Not now: no program gets this server, and you are not asked to sign in, until you start MCP Valet again.'
complete -c mcp-valet -n "__fish_mcp_valet_needs_command" -f -a "revoke" -d 'Revoke a server\'s tokens at its issuer and wipe them here, or those of all servers.'
complete -c mcp-valet -n "__fish_mcp_valet_needs_command" -f -a "remove" -d 'Revoke, and take the server out of the configuration.'
complete -c mcp-valet -n "__fish_mcp_valet_needs_command" -f -a "key" -d 'Give servers their API keys, wipe them, or list which they take.'
complete -c mcp-valet -n "__fish_mcp_valet_needs_command" -f -a "forward" -d 'Let programs on another host use your servers, with the sign-ins kept here'
complete -c mcp-valet -n "__fish_mcp_valet_needs_command" -f -a "door" -d 'See and take back what web clients may use'
complete -c mcp-valet -n "__fish_mcp_valet_needs_command" -f -a "audit" -d 'List what was done for the application that runs this, or verify the whole audit.'
complete -c mcp-valet -n "__fish_mcp_valet_needs_command" -f -a "rules" -d 'Show what the application that runs this may do at a server, and why'
complete -c mcp-valet -n "__fish_mcp_valet_needs_command" -f -a "lock" -d 'Wipe every token from memory until you unlock where MCP Valet runs.'
complete -c mcp-valet -n "__fish_mcp_valet_needs_command" -f -a "backup" -d 'Copy all that is kept to a new file, which a passphrase opens that you give in the window.'
complete -c mcp-valet -n "__fish_mcp_valet_needs_command" -f -a "restore" -d 'Take in what such a file has, where nothing is listed yet.'
complete -c mcp-valet -n "__fish_mcp_valet_needs_command" -f -a "help" -d 'Show this, or the help of a command.'
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand add" -l env -d 'A variable of that program\'s environment, such as \'BRAVE_API_KEY=${key}\'; may be given several times.' -r
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand add" -l cwd -d 'The folder that it runs in.' -r
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand add" -l key-in-args -d 'A key that may be an argument, although every user of this machine can read those.' -r
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand add" -l client-id -d 'The ID of a client that you registered at the issuer.' -r
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand add" -l callback-port -d 'The port of the redirect URI that you registered.' -r
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand add" -l scope -d 'Exactly this scope; may be given several times.' -r
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand add" -l header -d 'A header that goes with each request, such as \'X-Api-Key: ${key}\'; may be given several times.' -r
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand add" -l folder -d 'A folder that this account is for, of all with the same address; may be given several times' -r
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand add" -l wait -d 'Seconds to wait for you, where MCP Valet asks you about settings. [default: 60]' -r
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand add" -l client-secret-stdin -d 'Read that client\'s secret from standard input.'
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand add" -l tls -d 'Come back from the browser by https.'
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand add" -l json -d 'Answer in JSON, errors too.'
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand add" -s h -l help -d 'Show this help.'
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand import" -l from -d 'Look at this program\'s list alone, such as claude-code or cursor.' -r
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand import" -l wait -d 'Seconds to wait for you, where MCP Valet asks you about settings. [default: 60]' -r
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand import" -l yes -d 'Add what is suggested, and ask nothing.'
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand import" -l dry-run -d 'Only show it.'
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand import" -l json -d 'Answer in JSON, errors too.'
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand import" -s h -l help -d 'Show this help.'
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand setup" -l project -d 'The files of this project, and not your own' -r -F
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand setup" -l wait -d 'Seconds to wait for you, where MCP Valet asks you about settings. [default: 60]' -r
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand setup" -l all -d 'All programs that are on this computer'
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand setup" -l list -d 'List the programs, and what each is led to'
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand setup" -l dry-run -d 'Only show what would change'
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand setup" -l undo -d 'Take back what was written before'
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand setup" -l forget -d 'Forget what cannot be taken back any more'
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand setup" -l json -d 'Answer in JSON, errors too.'
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand setup" -s h -l help -d 'Show this help.'
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand adopt" -l except -d 'A server that stays where it is, by the name that it would have here' -r
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand adopt" -l wait -d 'Seconds to wait for you, where MCP Valet asks you about settings. [default: 60]' -r
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand adopt" -l all -d 'All programs that are on this computer'
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand adopt" -l dry-run -d 'Only show what would change'
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand adopt" -l undo -d 'Put back what was moved before'
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand adopt" -l forget -d 'Forget what cannot be put back any more; the keys stay in the vault'
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand adopt" -l with-arguments -d 'Move secrets that are arguments too, which every user of the computer can go on reading'
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand adopt" -l json -d 'Answer in JSON, errors too.'
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand adopt" -s h -l help -d 'Show this help.'
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand list" -l json -d 'Answer in JSON, errors too.'
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand list" -s h -l help -d 'Show this help.'
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand show" -l json -d 'Answer in JSON, errors too.'
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand show" -s h -l help -d 'Show this help.'
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand authorize" -l issuer -d 'Where to sign in, if the server lets you choose.' -r
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand authorize" -l wait -d 'Seconds to wait for you. [default: 600]' -r
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand authorize" -l no-browser -d 'Print the address instead of opening a browser; the address that it ends at can be pasted.'
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand authorize" -l device -d 'Sign in on another device: print a page and a code to type there.'
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand authorize" -l json -d 'Answer in JSON, errors too.'
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand authorize" -s h -l help -d 'Show this help.'
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand token" -l wait -d 'Seconds to wait for you or the provider.' -r
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand token" -l scope -d 'A scope that the token must have; may be given several times.' -r
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand token" -l min-ttl -d 'Seconds for which the token must at least be good.' -r
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand token" -l json -d 'Answer in JSON, errors too.'
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand token" -s h -l help -d 'Show this help.'
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand headers" -l wait -d 'Seconds to wait for you or the provider.' -r
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand headers" -l scope -d 'A scope that the token must have; may be given several times.' -r
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand headers" -l min-ttl -d 'Seconds for which the token must at least be good.' -r
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand headers" -l json -d 'Answer in JSON, errors too.'
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand headers" -s h -l help -d 'Show this help.'
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand connect" -l wait -d 'Seconds for which a request waits for you or the provider (50, at most 600).' -r
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand connect" -s h -l help -d 'Show this help.'
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand exec" -l wait -d 'Seconds to wait for you or the provider.' -r
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand exec" -l scope -d 'A scope that the token must have; may be given several times.' -r
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand exec" -l min-ttl -d 'Seconds for which the token must at least be good.' -r
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand exec" -l env -d 'The environment variable that holds the token. [default: MCP_VALET_TOKEN]' -r
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand exec" -l json -d 'Answer in JSON, errors too.'
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand exec" -s h -l help -d 'Show this help.'
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand doctor" -l json -d 'Answer in JSON, errors too.'
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand doctor" -s h -l help -d 'Show this help.'
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand decline" -l json -d 'Answer in JSON, errors too.'
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand decline" -s h -l help -d 'Show this help.'
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand revoke" -l all -d 'Everything: every server\'s tokens, MCP Valet\'s registrations, and what you allowed programs.'
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand revoke" -l yes -d 'Do not ask first.'
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand revoke" -l client -d 'End MCP Valet\'s registration at the issuer too, unless another server uses it.'
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand revoke" -l json -d 'Answer in JSON, errors too.'
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand revoke" -s h -l help -d 'Show this help.'
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand remove" -l json -d 'Answer in JSON, errors too.'
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand remove" -s h -l help -d 'Show this help.'
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand key; and not __fish_seen_subcommand_from set remove list help" -s h -l help -d 'Show this help.'
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand key; and not __fish_seen_subcommand_from set remove list help" -f -a "set" -d 'Give a server its key: typed, or by standard input. MCP Valet asks you about it.'
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand key; and not __fish_seen_subcommand_from set remove list help" -f -a "remove" -d 'Wipe a key of a server, or all that it has.'
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand key; and not __fish_seen_subcommand_from set remove list help" -f -a "list" -d 'List the keys that a server takes'
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand key; and not __fish_seen_subcommand_from set remove list help" -f -a "help" -d 'Show this, or the help of a command.'
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand key; and __fish_seen_subcommand_from set" -l wait -d 'Seconds to wait for you, where MCP Valet asks you about settings. [default: 60]' -r
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand key; and __fish_seen_subcommand_from set" -l json -d 'Answer in JSON, errors too.'
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand key; and __fish_seen_subcommand_from set" -s h -l help -d 'Show this help.'
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand key; and __fish_seen_subcommand_from remove" -l json -d 'Answer in JSON, errors too.'
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand key; and __fish_seen_subcommand_from remove" -s h -l help -d 'Show this help.'
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand key; and __fish_seen_subcommand_from list" -l json -d 'Answer in JSON, errors too.'
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand key; and __fish_seen_subcommand_from list" -s h -l help -d 'Show this help.'
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand key; and __fish_seen_subcommand_from help" -f -a "set" -d 'Give a server its key: typed, or by standard input. MCP Valet asks you about it.'
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand key; and __fish_seen_subcommand_from help" -f -a "remove" -d 'Wipe a key of a server, or all that it has.'
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand key; and __fish_seen_subcommand_from help" -f -a "list" -d 'List the keys that a server takes'
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand key; and __fish_seen_subcommand_from help" -f -a "help" -d 'Show this, or the help of a command.'
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand forward; and not __fish_seen_subcommand_from ssh container list close help" -s h -l help -d 'Show this help.'
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand forward; and not __fish_seen_subcommand_from ssh container list close help" -f -a "ssh" -d 'Lead a host here by ssh. MCP Valet asks you about it.'
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand forward; and not __fish_seen_subcommand_from ssh container list close help" -f -a "container" -d 'Lead a container that runs on this machine here. MCP Valet asks you about it.'
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand forward; and not __fish_seen_subcommand_from ssh container list close help" -f -a "list" -d 'List the hosts that are led here'
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand forward; and not __fish_seen_subcommand_from ssh container list close help" -f -a "close" -d 'End a forward. What goes by it ends at once.'
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand forward; and not __fish_seen_subcommand_from ssh container list close help" -f -a "help" -d 'Show this, or the help of a command.'
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand forward; and __fish_seen_subcommand_from ssh" -l server -d 'A server that can be used from there; may be given several times. All of them if absent.' -r
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand forward; and __fish_seen_subcommand_from ssh" -l wait -d 'Seconds to wait for you, where MCP Valet asks you about settings. [default: 60]' -r
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand forward; and __fish_seen_subcommand_from ssh" -l json -d 'Answer in JSON, errors too.'
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand forward; and __fish_seen_subcommand_from ssh" -s h -l help -d 'Show this help.'
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand forward; and __fish_seen_subcommand_from container" -l server -d 'A server that can be used from there; may be given several times. All of them if absent.' -r
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand forward; and __fish_seen_subcommand_from container" -l wait -d 'Seconds to wait for you, where MCP Valet asks you about settings. [default: 60]' -r
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand forward; and __fish_seen_subcommand_from container" -l json -d 'Answer in JSON, errors too.'
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand forward; and __fish_seen_subcommand_from container" -s h -l help -d 'Show this help.'
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand forward; and __fish_seen_subcommand_from list" -l json -d 'Answer in JSON, errors too.'
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand forward; and __fish_seen_subcommand_from list" -s h -l help -d 'Show this help.'
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand forward; and __fish_seen_subcommand_from close" -l json -d 'Answer in JSON, errors too.'
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand forward; and __fish_seen_subcommand_from close" -s h -l help -d 'Show this help.'
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand forward; and __fish_seen_subcommand_from help" -f -a "ssh" -d 'Lead a host here by ssh. MCP Valet asks you about it.'
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand forward; and __fish_seen_subcommand_from help" -f -a "container" -d 'Lead a container that runs on this machine here. MCP Valet asks you about it.'
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand forward; and __fish_seen_subcommand_from help" -f -a "list" -d 'List the hosts that are led here'
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand forward; and __fish_seen_subcommand_from help" -f -a "close" -d 'End a forward. What goes by it ends at once.'
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand forward; and __fish_seen_subcommand_from help" -f -a "help" -d 'Show this, or the help of a command.'
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand door; and not __fish_seen_subcommand_from list take-back help" -s h -l help -d 'Show this help.'
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand door; and not __fish_seen_subcommand_from list take-back help" -f -a "list" -d 'List the web clients that are let in'
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand door; and not __fish_seen_subcommand_from list take-back help" -f -a "take-back" -d 'Let a web client in no more. What it does ends at once.'
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand door; and not __fish_seen_subcommand_from list take-back help" -f -a "help" -d 'Show this, or the help of a command.'
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand door; and __fish_seen_subcommand_from list" -l json -d 'Answer in JSON, errors too.'
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand door; and __fish_seen_subcommand_from list" -s h -l help -d 'Show this help.'
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand door; and __fish_seen_subcommand_from take-back" -l json -d 'Answer in JSON, errors too.'
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand door; and __fish_seen_subcommand_from take-back" -s h -l help -d 'Show this help.'
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand door; and __fish_seen_subcommand_from help" -f -a "list" -d 'List the web clients that are let in'
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand door; and __fish_seen_subcommand_from help" -f -a "take-back" -d 'Let a web client in no more. What it does ends at once.'
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand door; and __fish_seen_subcommand_from help" -f -a "help" -d 'Show this, or the help of a command.'
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand audit" -l since -d 'Of the newest 1000 entries, only what was done since then: a date, a time (RFC 3339), or how long ago, such as 2h or 3d.' -r
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand audit" -l verify -d 'Go through the whole audit, and say whether every entry is there as it was written.'
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand audit" -l json -d 'Answer in JSON, errors too.'
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand audit" -s h -l help -d 'Show this help.'
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand rules" -l explain -d 'Say of this tool which rule it is, and why' -r
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand rules" -l json -d 'Answer in JSON, errors too.'
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand rules" -s h -l help -d 'Show this help.'
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand lock" -s h -l help -d 'Show this help.'
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand backup" -s h -l help -d 'Show this help.'
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand restore" -s h -l help -d 'Show this help.'
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand help; and not __fish_seen_subcommand_from add import setup adopt list show authorize token headers connect exec doctor decline revoke remove key forward door audit rules lock backup restore help" -f -a "add" -d 'Add a server.'
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand help; and not __fish_seen_subcommand_from add import setup adopt list show authorize token headers connect exec doctor decline revoke remove key forward door audit rules lock backup restore help" -f -a "import" -d 'Look at what other programs list, and add what you choose.'
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand help; and not __fish_seen_subcommand_from add import setup adopt list show authorize token headers connect exec doctor decline revoke remove key forward door audit rules lock backup restore help" -f -a "setup" -d 'Lead other programs here by their own files, or back'
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand help; and not __fish_seen_subcommand_from add import setup adopt list show authorize token headers connect exec doctor decline revoke remove key forward door audit rules lock backup restore help" -f -a "adopt" -d 'Move what other programs list, secrets too, into MCP Valet'
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand help; and not __fish_seen_subcommand_from add import setup adopt list show authorize token headers connect exec doctor decline revoke remove key forward door audit rules lock backup restore help" -f -a "list" -d 'List the servers and their states.'
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand help; and not __fish_seen_subcommand_from add import setup adopt list show authorize token headers connect exec doctor decline revoke remove key forward door audit rules lock backup restore help" -f -a "show" -d 'Show one server.'
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand help; and not __fish_seen_subcommand_from add import setup adopt list show authorize token headers connect exec doctor decline revoke remove key forward door audit rules lock backup restore help" -f -a "authorize" -d 'Sign in to a server in your browser.'
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand help; and not __fish_seen_subcommand_from add import setup adopt list show authorize token headers connect exec doctor decline revoke remove key forward door audit rules lock backup restore help" -f -a "token" -d 'Print an access token.'
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand help; and not __fish_seen_subcommand_from add import setup adopt list show authorize token headers connect exec doctor decline revoke remove key forward door audit rules lock backup restore help" -f -a "headers" -d 'Print the headers for a request as one JSON object, for clients that run a helper.'
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand help; and not __fish_seen_subcommand_from add import setup adopt list show authorize token headers connect exec doctor decline revoke remove key forward door audit rules lock backup restore help" -f -a "connect" -d 'Act as the server over standard input and output, for clients that start their servers.'
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand help; and not __fish_seen_subcommand_from add import setup adopt list show authorize token headers connect exec doctor decline revoke remove key forward door audit rules lock backup restore help" -f -a "exec" -d 'Run a command with an access token in its environment.'
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand help; and not __fish_seen_subcommand_from add import setup adopt list show authorize token headers connect exec doctor decline revoke remove key forward door audit rules lock backup restore help" -f -a "doctor" -d 'Look at a server step by step, or without one at MCP Valet itself: what works, what does not, and what to change.'
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand help; and not __fish_seen_subcommand_from add import setup adopt list show authorize token headers connect exec doctor decline revoke remove key forward door audit rules lock backup restore help" -f -a "decline" -d 'Not now: no program gets this server, and you are not asked to sign in, until you start MCP Valet again.'
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand help; and not __fish_seen_subcommand_from add import setup adopt list show authorize token headers connect exec doctor decline revoke remove key forward door audit rules lock backup restore help" -f -a "revoke" -d 'Revoke a server\'s tokens at its issuer and wipe them here, or those of all servers.'
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand help; and not __fish_seen_subcommand_from add import setup adopt list show authorize token headers connect exec doctor decline revoke remove key forward door audit rules lock backup restore help" -f -a "remove" -d 'Revoke, and take the server out of the configuration.'
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand help; and not __fish_seen_subcommand_from add import setup adopt list show authorize token headers connect exec doctor decline revoke remove key forward door audit rules lock backup restore help" -f -a "key" -d 'Give servers their API keys, wipe them, or list which they take.'
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand help; and not __fish_seen_subcommand_from add import setup adopt list show authorize token headers connect exec doctor decline revoke remove key forward door audit rules lock backup restore help" -f -a "forward" -d 'Let programs on another host use your servers, with the sign-ins kept here'
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand help; and not __fish_seen_subcommand_from add import setup adopt list show authorize token headers connect exec doctor decline revoke remove key forward door audit rules lock backup restore help" -f -a "door" -d 'See and take back what web clients may use'
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand help; and not __fish_seen_subcommand_from add import setup adopt list show authorize token headers connect exec doctor decline revoke remove key forward door audit rules lock backup restore help" -f -a "audit" -d 'List what was done for the application that runs this, or verify the whole audit.'
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand help; and not __fish_seen_subcommand_from add import setup adopt list show authorize token headers connect exec doctor decline revoke remove key forward door audit rules lock backup restore help" -f -a "rules" -d 'Show what the application that runs this may do at a server, and why'
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand help; and not __fish_seen_subcommand_from add import setup adopt list show authorize token headers connect exec doctor decline revoke remove key forward door audit rules lock backup restore help" -f -a "lock" -d 'Wipe every token from memory until you unlock where MCP Valet runs.'
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand help; and not __fish_seen_subcommand_from add import setup adopt list show authorize token headers connect exec doctor decline revoke remove key forward door audit rules lock backup restore help" -f -a "backup" -d 'Copy all that is kept to a new file, which a passphrase opens that you give in the window.'
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand help; and not __fish_seen_subcommand_from add import setup adopt list show authorize token headers connect exec doctor decline revoke remove key forward door audit rules lock backup restore help" -f -a "restore" -d 'Take in what such a file has, where nothing is listed yet.'
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand help; and not __fish_seen_subcommand_from add import setup adopt list show authorize token headers connect exec doctor decline revoke remove key forward door audit rules lock backup restore help" -f -a "help" -d 'Show this, or the help of a command.'
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand help; and __fish_seen_subcommand_from key" -f -a "set" -d 'Give a server its key: typed, or by standard input. MCP Valet asks you about it.'
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand help; and __fish_seen_subcommand_from key" -f -a "remove" -d 'Wipe a key of a server, or all that it has.'
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand help; and __fish_seen_subcommand_from key" -f -a "list" -d 'List the keys that a server takes'
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand help; and __fish_seen_subcommand_from forward" -f -a "ssh" -d 'Lead a host here by ssh. MCP Valet asks you about it.'
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand help; and __fish_seen_subcommand_from forward" -f -a "container" -d 'Lead a container that runs on this machine here. MCP Valet asks you about it.'
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand help; and __fish_seen_subcommand_from forward" -f -a "list" -d 'List the hosts that are led here'
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand help; and __fish_seen_subcommand_from forward" -f -a "close" -d 'End a forward. What goes by it ends at once.'
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand help; and __fish_seen_subcommand_from door" -f -a "list" -d 'List the web clients that are let in'
complete -c mcp-valet -n "__fish_mcp_valet_using_subcommand help; and __fish_seen_subcommand_from door" -f -a "take-back" -d 'Let a web client in no more. What it does ends at once.'
