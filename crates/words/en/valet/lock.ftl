# What the system is told.

lock-inhibits = Wipes keys from memory
