# What is wrong with a command line.

usage-unknown-argument = there is no { $argument } here
usage-unknown-command = there is no command "{ $command }"
usage-missing = { $argument } is missing
usage-conflict = { $argument } and { $other } do not go together
usage-twice = { $argument } is there twice
usage-no-value = { $argument } needs a value
usage-no-number = "{ $value }" is not a number that { $argument } takes
usage-value-because = "{ $value }" is no value for { $argument }: { $why }
usage-value = "{ $value }" is no value for { $argument }
usage-unclear = this cannot be read as a command
usage-advice = `mcp-valet help` lists the commands, and `--help` behind one shows how it is written.
usage-advice-meant = Did you mean `{ $meant }`? `--help` behind a command shows how it is written.
