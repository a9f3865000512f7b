# The pages that the browser shows when it comes back.

callback-done-heading = { $server } is ready
callback-failed-heading = { $server } is not ready
callback-not-believed-heading = This answer was not accepted
callback-awaited-heading = Not confirmed yet
callback-used-up-heading = This page was used already
callback-given-up-heading = This sign-in was cancelled
callback-not-waited-for-heading = No sign-in is waiting for this
callback-incomplete-heading = This address is not complete
callback-nothing-heading = There is nothing here
callback-wrong-method-heading = This was not understood
callback-done-text = You are signed in. You can close this page.
callback-awaited-text = You are back, but the provider takes its time to confirm the sign-in.
callback-used-up-text = Each sign-in can be finished once, and this one has been.
callback-given-up-text = You cancelled it, or MCP Valet was locked, before you came back. Nothing was changed.
callback-not-waited-for-text = It may have expired, or a newer sign-in took its place.
callback-incomplete-text = The sign-in page should have sent more along. Nothing was changed.
callback-nothing-text = MCP Valet only waits here for sign-ins to come back.
callback-wrong-method-text = Sign-ins come back here by GET only. Nothing was changed.
callback-foreign-host-text = It was asked for under a name that is not ours. Nothing was changed.
callback-done-advice = Its tokens are for { $resource }, not for this server alone.
callback-not-believed-advice = What you had before still works. Start the sign-in again from MCP Valet.
callback-awaited-advice = You can close this page. MCP Valet waits, up to five minutes, and shows what comes of it.
callback-used-up-advice = If MCP Valet does not show the server as ready, start again from there.
callback-not-waited-for-advice = Start the sign-in again from MCP Valet.
callback-nothing-advice = You can close this page.
