# What is wrong with an address.

url-bad = { $what } is not a URL that can be used: { $problem }
url-issuer = the authorization server
url-server = the server's URL
url-document = the client metadata document
url-issuer-advice = Tell the server's operator.
url-own-advice = Correct it in the configuration.
url-no-https = it must start with https://
url-no-path = it needs a path, such as /client.json, and no query
url-unusual = it is not written in the usual form
url-query = it has a query
url-too-long = it is too long
url-white-space = it holds white space or control characters
url-hidden = it holds characters that cannot be seen
url-not-absolute = it is not an absolute URL
url-user = it has a user name or password
url-fragment = it has a fragment
