# Zeitpunkte, wie man sie nennt.

time-just-now = gerade eben
time-minutes = { $count ->
    [one] vor 1 Minute
   *[other] vor { $count } Minuten
}
time-hours = { $count ->
    [one] vor 1 Stunde
   *[other] vor { $count } Stunden
}
time-at = um { $time }
time-yesterday = gestern um { $time }
time-tomorrow = morgen um { $time }
time-on = am { $day }
time-on-at = am { $day } um { $time }
time-day-at = { $day } um { $time }
