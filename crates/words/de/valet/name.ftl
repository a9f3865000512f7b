# Namen und Zahlen in Sätzen.

name-in-quotes = „{ $name }“
name-between-digits = .
