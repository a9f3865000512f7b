# Ein Name von außen, der mehr als ein einfaches Wort ist: so liest sich nichts darin wie der Rest eines Satzes.
name-in-quotes = „{ $name }“
