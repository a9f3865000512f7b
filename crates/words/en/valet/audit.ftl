# What is wrong with the audit.

audit-not-compared = it was not compared with the vault
audit-no-file = it is not a file
audit-taken-away = it was taken away again
audit-disk-full = the disk is full
audit-not-written = it was not written
