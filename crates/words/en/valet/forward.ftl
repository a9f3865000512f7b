# A socket in another place that is led here.

forward-host-length = this is no name of a host
forward-host-dash = no name of a host begins with a dash
forward-host-sign = a name of a host has only letters, digits and . - _ @ : / +
forward-fault-no-program = { $program } cannot be started: { $why }
forward-fault-no-program-advice = Install it, and try again.
forward-fault-ended = the connection ended: { $words }
forward-fault-ended-advice = See that ssh gets there without a question, as in: ssh -o BatchMode=yes HOST true
forward-fault-not-let = the host does not let a socket be led here: { $words }
forward-fault-not-let-advice = Its SSH server needs AllowStreamLocalForwarding yes. If your own configuration leads ports there, they may be in use by another ssh.
forward-fault-silent = the host does not answer
forward-fault-garbled = the host answers something else than was asked
forward-fault-garbled-advice = See that /bin/sh runs there, and that no login script prints much.
forward-fault-home = the path of the home there cannot be told to ssh
forward-fault-home-advice = It may have letters, digits and . - _ + @ only, and not be long.
forward-fault-folder = ~/.mcp-valet there is a link, or a folder of another user
forward-fault-folder-advice = Take it away there. It is made anew.
forward-fault-taken = another forward has taken the socket there
forward-fault-taken-advice = End the other one, and begin this one anew.
forward-fault-near = its socket on this side cannot be made: { $why }
forward-fault-near-advice = See that XDG_RUNTIME_DIR is a folder of yours with a short and plain name.
forward-fault-no-container = no engine knows such a container that runs: { $words }
forward-fault-no-container-advice = `podman ps` or `docker ps` list those that run.
forward-fault-stopped = the container does not run
forward-fault-closed = the container cannot be looked into: { $why }
forward-fault-closed-advice = It works for containers of your own user, such as those of rootless podman. Start others anew, as in: docker run --mount type=bind,source="$XDG_RUNTIME_DIR/mcp-valet",target=/run/mcp-valet --env MCP_VALET_SOCK=/run/mcp-valet/agent.sock
forward-fault-other-user = what runs in the container is user { $user } here, to whom the socket would not be open
forward-fault-other-user-advice = Start it so that its user is yours, as in: podman run --userns=keep-id
forward-fault-not-apart = what the engine names shares its files with this machine
forward-fault-not-apart-advice = It is no container that could be told from other programs. It finds the socket of this machine.
forward-fault-replaced = another container has its name now
forward-fault-replaced-advice = Begin the forward anew, if it is that one which you mean.
forward-fault-not-here = the engine names no process of this container on this machine
forward-fault-not-here-advice = It works for containers that run on this machine itself, not in a virtual machine or on another host.
forward-fault-hangs = the files of the container do not answer
forward-fault-hangs-advice = See what its home is mounted from.
