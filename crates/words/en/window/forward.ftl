# Other hosts whose programs may use the servers.

forward-title = Other hosts
forward-under = Programs on a host that you reach by SSH can use your servers. The sign-ins stay here, and you are asked here.
forward-to = Forwarded to { $host }
forward-no-servers = None of its servers is there any more
forward-lost = Not connected, it is tried again: { $trouble }
forward-refused = { $count ->
        [one] 1 connection of another program was refused.
       *[other] { $count } connections of other programs were refused.
    }
forward-end = End
forward-host = Host, as ssh knows it
forward-servers = Servers that can be used from there
forward-begin = Forward
forward-beginning = Connecting…
forward-where = Where
forward-kind-ssh = On a host, by SSH
forward-kind-container = In a container of this machine
forward-container = Name of the container
