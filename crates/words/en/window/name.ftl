# A name from outside that is more than one simple word, so that nothing in it reads like the rest of a sentence.
name-in-quotes = “{ $name }”
