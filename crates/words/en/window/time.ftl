# Moments, as a person says them.

time-just-now = just now
time-minutes = { $count ->
    [one] 1 minute ago
   *[other] { $count } minutes ago
}
time-hours = { $count ->
    [one] 1 hour ago
   *[other] { $count } hours ago
}
time-at = at { $time }
time-yesterday = yesterday at { $time }
time-tomorrow = tomorrow at { $time }
time-on = on { $day }
time-on-at = on { $day } at { $time }
time-day-at = { $day } at { $time }
