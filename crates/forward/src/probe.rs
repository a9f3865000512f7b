//! The probe: whether the socket there is still the one that was made, asked by the connection itself.

use crate::fault::Fault;
use crate::said::Lines;
use crate::ssh::HERE;
use ground::clock::Clock;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt};
use tokio::time::timeout;

/// How often it is asked.
const EVERY: Duration = Duration::from_secs(10);
/// How long an answer may take. `ssh` gives up as late by itself.
const PATIENCE: Duration = Duration::from_secs(15);

/// Which file the socket is, by the first word of whoever stays there.
pub(crate) async fn first<R: AsyncRead + Unpin>(said: &mut Lines<R>) -> Result<String, Fault> {
    let (number, file) = answer(said).await?;
    if number == 0 && !file.is_empty() { Ok(file) } else { Err(Fault::Garbled) }
}

/// Asks again and again, until something is wrong, and says what.
pub(crate) async fn watch<W, R>(mut ask: W, said: &mut Lines<R>, file: &str, clock: &Clock) -> Fault
where
    W: AsyncWrite + Unpin,
    R: AsyncRead + Unpin,
{
    let (mut number, mut was_late) = (0_u64, false);
    loop {
        clock.wait(EVERY).await;
        number += 1;
        let question = format!("{number}\n");
        let asked = async {
            ask.write_all(question.as_bytes()).await.map_err(|_| Fault::Ended(String::new()))?;
            answer_to(number, said, &mut was_late).await
        };
        match timeout(PATIENCE, asked).await {
            Err(_) => return Fault::Silent,
            Ok(Err(fault)) => return fault,
            Ok(Ok(now)) if now != file => return Fault::Taken,
            Ok(Ok(_)) => {}
        }
    }
}

/// One answer may be late. Whoever says more has not been asked.
async fn answer_to<R: AsyncRead + Unpin>(
    number: u64,
    said: &mut Lines<R>,
    was_late: &mut bool,
) -> Result<String, Fault> {
    loop {
        let (to, file) = answer(said).await?;
        if to == number {
            return Ok(file);
        }
        if std::mem::replace(was_late, true) {
            return Err(Fault::Garbled);
        }
    }
}

async fn answer<R: AsyncRead + Unpin>(said: &mut Lines<R>) -> Result<(u64, String), Fault> {
    let line = said.marked(HERE).await?;
    let (number, file) = line.split_once(':').ok_or(Fault::Garbled)?;
    let is_number = |text: &str| text.chars().all(|c| c.is_ascii_digit());
    let number = number.parse().map_err(|_| Fault::Garbled)?;
    if is_number(file) { Ok((number, file.to_owned())) } else { Err(Fault::Garbled) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn whoever_answers_what_was_not_asked_is_not_listened_to_for_ever() {
        let stray = format!("{HERE}7:1\n");
        for (strays, expected) in [(1, Ok("2".to_owned())), (2, Err(Fault::Garbled))] {
            let said = format!("{}{HERE}1:2\n", stray.repeat(strays));
            let answer = answer_to(1, &mut Lines::new(said.as_bytes()), &mut false).await;
            assert_eq!(answer, expected);
        }
    }
}
