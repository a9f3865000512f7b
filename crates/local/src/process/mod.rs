//! A program that runs: what goes into it and comes out of it, and how it ends.

mod input;
pub(crate) mod kept;
mod lines;
mod look_up;
mod unhurried;

use crate::bounds::Bounds;
use crate::ending::Ending;
use crate::fault::Fault;
use crate::held::{FREE, Held, Room};
use crate::program::Program;
use crate::stderr::LINE;
use crate::talk::{Due, Talk};
use bytes::Bytes;
pub(crate) use input::Input;
use kept::Kept;
pub(crate) use lines::{Line, Lines};
use relay::veil::{Texts, Veil};
use std::sync::Arc;
use std::time::Duration;
use tokio::net::unix::pipe;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::{sleep_until, timeout};
use unhurried::Unhurried;
use zeroize::Zeroizing;

/// What is shorter is no secret, and found in too much.
const SHORTEST: usize = 6;
/// How long what a program wrote last is waited for once it has ended.
const LAST_WORDS: Duration = Duration::from_secs(2);

/// What is covered in what a program says.
pub(crate) fn texts(program: &Program) -> Texts {
    // What has several lines may be written line by line.
    let lines = |whole: &str| {
        let all = std::iter::once(whole).chain(whole.lines().map(str::trim));
        all.map(|text| text.as_bytes().to_vec()).map(Zeroizing::new).collect::<Vec<_>>()
    };
    let texts = program.secrets.iter().flat_map(|secret| lines(secret.expose()));
    texts.filter(|text| text.len() >= SHORTEST).collect()
}

fn covered(texts: &Texts, line: Bytes) -> Bytes {
    if texts.is_empty() {
        return line;
    }
    let mut veil = Veil::over(Arc::clone(texts));
    let passed = veil.pass(line);
    if veil.is_empty() {
        return passed;
    }
    [passed, veil.end()].concat().into()
}

/// A line as it will be read. Text in UTF-16 has a NUL beside each letter: what was covered before those went
/// would be whole again.
fn without_nul(line: Bytes) -> Bytes {
    if !line.contains(&0) {
        return line;
    }
    line.iter().copied().filter(|byte| *byte != 0).collect()
}

/// What a program needs to run.
pub(crate) struct Work {
    pub(crate) talk: Arc<Talk>,
    pub(crate) bounds: Bounds,
    pub(crate) room: Room,
    pub(crate) texts: Texts,
    pub(crate) input: Arc<Input>,
    pub(crate) said: mpsc::Receiver<Bytes>,
}

/// Serves a program to its end, and until nothing is left of it.
pub(crate) async fn serve(work: Work, mut kept: Kept, output: pipe::Receiver, errors: pipe::Receiver) {
    let Work { talk, bounds, room, texts, input, said } = work;
    let mut writes = tokio::spawn(Arc::clone(&input).write(said));
    let reads = read(Arc::clone(&talk), output, bounds.line, room, Arc::clone(&texts));
    let mut reads = tokio::spawn(reads);
    let mut errors = tokio::spawn(read_errors(Arc::clone(&talk), errors, texts));
    let ends_itself = until_over(&talk, &bounds, &mut kept, [&mut reads, &mut writes]).await;
    if let Some(ending) = ends_itself {
        last_words(&mut reads).await;
        last_words(&mut errors).await;
        talk.close(Fault::Ended { ending, lines: talk.lines() });
    }
    // Its standard input ends with that (MCP, "Shutdown" of stdio).
    input.close();
    writes.abort();
    let _ = timeout(bounds.farewell, kept.ending()).await;
    kept.end().await;
    reads.abort();
    last_words(&mut errors).await;
    errors.abort();
}

/// How the program ended by itself; nothing if it is to be ended.
async fn until_over(
    talk: &Talk,
    bounds: &Bounds,
    kept: &mut Kept,
    [reads, writes]: [&mut JoinHandle<()>; 2],
) -> Option<Ending> {
    loop {
        let at = match talk.due(bounds) {
            Due::At(at) => at,
            Due::Over(fault) => {
                talk.close(fault);
                return None;
            }
        };
        tokio::select! {
            ending = kept.ending() => return Some(ending),
            () = talk.closed() => return None,
            () = talk.stirred() => {}
            _ = &mut *reads => return Some(ending_soon(kept).await),
            _ = &mut *writes => return Some(ending_soon(kept).await),
            () = sleep_until(at.into()) => {}
        }
    }
}

/// How a program ended of which one stream is over: most have ended by that.
async fn ending_soon(kept: &mut Kept) -> Ending {
    timeout(LAST_WORDS, kept.ending()).await.unwrap_or(Ending::Closed)
}

/// Waits for what a program wrote last, for a while.
async fn last_words(reads: &mut JoinHandle<()>) {
    // One that has been waited for is not to be asked again.
    if !reads.is_finished() {
        let _ = timeout(LAST_WORDS, reads).await;
    }
}

async fn read(talk: Arc<Talk>, output: pipe::Receiver, longest: usize, room: Room, texts: Texts) {
    let mut lines = Lines::of(output);
    loop {
        let (read, mut held) = match lines.next(FREE).await {
            Ok(Line::Long) => {
                let held = room.take(longest).await;
                (lines.next(longest).await, held)
            }
            read => (read, Held::default()),
        };
        match read {
            // No JSON text has one in it.
            Ok(Line::Whole(line)) if line.contains(&0) => {
                talk.heard_wrong(&covered(&texts, without_nul(line)));
            }
            Ok(Line::Whole(line)) => {
                held.shrink(line.len());
                talk.hear(&covered(&texts, line), held).await;
            }
            Ok(Line::Long) => {
                return talk.close(Fault::LongLine { bytes: longest, lines: talk.lines() });
            }
            Ok(Line::Over) | Err(_) => return,
        }
        if talk.is_over() {
            return;
        }
    }
}

async fn read_errors(talk: Arc<Talk>, errors: pipe::Receiver, texts: Texts) {
    let (mut lines, mut veil) = (Lines::of(Unhurried::of(errors)), Veil::over(texts));
    loop {
        match lines.next(LINE).await {
            Ok(Line::Whole(line)) => talk.wrote(&[veil.pass(without_nul(line)), veil.end()].concat()),
            // What may be the beginning of a secret goes with the next part.
            Ok(Line::Long) => talk.wrote(&veil.pass(without_nul(lines.cut()))),
            Ok(Line::Over) | Err(_) => return,
        }
    }
}
