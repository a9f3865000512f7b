# Names and numbers in sentences.

# A name from outside that is more than one simple word, so that nothing in it reads like the rest.
name-in-quotes = "{ $name }"
# What stands between each three digits of a large number.
name-between-digits = ,
