//! A body's way in. Whoever answers before a request has arrived whole closes on bytes that are still being
//! sent, and costs the sender the answer: so what is of no use is read all the same, within bounds.

use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt;
use hyper::body::Body;
use std::time::Duration;
use tokio::time::{Instant, timeout_at};

/// How long a body may take to arrive.
const PATIENCE: Duration = Duration::from_secs(10);
/// Most bytes that are read for no other use.
const MOST: usize = 16 << 20;

/// Why there is no whole body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Missing {
    /// It did not arrive in time.
    Slow,
    /// It is larger than may be, or broke off.
    Large,
}

/// Reads a body of at most `limit` bytes; what is beyond is read and thrown away.
pub(crate) async fn whole<B>(body: B, limit: usize) -> Result<Bytes, Missing>
where
    B: Body<Data = Bytes> + Unpin,
{
    let mut body = body;
    let deadline = Instant::now() + PATIENCE;
    let (mut first, mut more, mut length) = (Bytes::new(), BytesMut::new(), 0_usize);
    loop {
        let frame = timeout_at(deadline, body.frame()).await.map_err(|_| Missing::Slow)?;
        let Some(frame) = frame else { break };
        let Ok(data) = frame.map_err(|_| Missing::Large)?.into_data() else { continue };
        length = length.saturating_add(data.len());
        if length > MOST {
            return Err(Missing::Large);
        }
        if length > limit {
            continue;
        }
        // Nearly all come in one piece, which is then not copied.
        if first.is_empty() && more.is_empty() {
            first = data;
            continue;
        }
        if more.is_empty() {
            more.extend_from_slice(&first);
        }
        more.extend_from_slice(&data);
    }
    if length > limit {
        return Err(Missing::Large);
    }
    Ok(if more.is_empty() { first } else { more.freeze() })
}

/// Reads a body that is of no use, to its end.
pub(crate) async fn drain<B>(body: B)
where
    B: Body<Data = Bytes> + Unpin,
{
    let _ = whole(body, 0).await;
}
