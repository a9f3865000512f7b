//! How a body is coded on its way (RFC 9110 §8.4): one coding is read, in bounded memory, and gives out what
//! has come as soon as it has come, since a stream may have no end.

use std::error::Error;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use ::http::header::CONTENT_ENCODING;
use ::http::{HeaderMap, HeaderValue};
use async_compression::tokio::bufread::{
    BrotliDecoder, DeflateDecoder, GzipDecoder, ZlibDecoder, ZstdDecoder,
};
use async_compression::zstd::DParameter;
use bytes::Bytes;
use futures_util::{Stream, TryStreamExt, stream};
use tokio::io::{AsyncBufReadExt, AsyncRead};
use tokio_util::io::{ReaderStream, StreamReader};

use super::body::Pieces;
use super::measure::{Dense, Measure};
use crate::cause::cause;
use crate::said::Said;
use words::say;

/// What is asked for (RFC 9110 §12.5.3).
pub(crate) const ACCEPTED: HeaderValue = HeaderValue::from_static("gzip, deflate, br, zstd");
/// Where a secret comes back: how long an answer is must not depend on what else is in it.
pub(crate) const IDENTITY: HeaderValue = HeaderValue::from_static("identity");

/// The largest window, as a power of two: 8 MiB, as RFC 9659 has it for zstd.
const WINDOW: u32 = 23;

/// A coding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Coding {
    Gzip,
    Deflate,
    Brotli,
    Zstd,
}

/// A coding that nobody asked for, or several.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", say!(fault_answer_coding, coding = .0.to_string()))]
pub(crate) struct Unknown(Said);

/// Why a body cannot be read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Undecodable {
    #[error("{}", say!(fault_answer_dense))]
    Dense,
    #[error("{}", say!(fault_answer_undecodable))]
    Malformed,
}

/// It broke off before it was decoded.
#[derive(Debug, thiserror::Error)]
#[error("the coded body broke off")]
struct BrokeOff(#[source] BoxError);

type BoxError = Box<dyn Error + Send + Sync>;
type Coded = StreamReader<Pin<Box<dyn Stream<Item = io::Result<Bytes>> + Send>>, Bytes>;
type Decoded = Pin<Box<dyn AsyncRead + Send>>;

impl Coding {
    /// The coding of an answer with these headers, if it has one.
    pub(crate) fn of(headers: &HeaderMap) -> Result<Option<Self>, Unknown> {
        let values: Vec<_> = headers.get_all(CONTENT_ENCODING).iter().map(HeaderValue::as_bytes).collect();
        let text = String::from_utf8_lossy(&values.join(&b','.to_owned())).to_ascii_lowercase();
        let names = text.split(',').map(str::trim).filter(|name| !matches!(*name, "" | "identity"));
        let names = names.collect::<Vec<_>>().join(", ");
        match names.as_str() {
            // RFC 9110 §8.4.1.3
            "gzip" | "x-gzip" => Ok(Some(Self::Gzip)),
            "deflate" => Ok(Some(Self::Deflate)),
            "br" => Ok(Some(Self::Brotli)),
            "zstd" => Ok(Some(Self::Zstd)),
            other => Said::new(other).map_or(Ok(None), |said| Err(Unknown(said))),
        }
    }

    /// The body as it was meant; a stream of `events` is measured event by event.
    pub(crate) fn decoded(self, pieces: Pieces, events: bool) -> Pieces {
        let received = Arc::new(AtomicU64::new(0));
        let counter = Arc::clone(&received);
        let pieces = pieces.map_err(|error| io::Error::other(BrokeOff(error))).inspect_ok(move |piece| {
            counter.fetch_add(piece.len() as u64, Ordering::Relaxed);
        });
        let begun = async move {
            let coded: Coded = StreamReader::new(Box::pin(pieces));
            self.begin(coded).await.map(ReaderStream::new)
        };
        let mut measure = Measure::new(events);
        let measured = move |piece: Bytes| {
            measure.received(received.swap(0, Ordering::Relaxed));
            let fits = measure.fits(&piece).map(|()| piece);
            std::future::ready(fits.map_err(|Dense| Undecodable::Dense.into()))
        };
        Box::pin(stream::once(begun).try_flatten().map_err(meaning).and_then(measured))
    }

    /// The first byte tells how some codings are meant.
    async fn begin(self, mut coded: Coded) -> io::Result<Decoded> {
        let Some(first) = coded.fill_buf().await?.first().copied() else {
            // What is empty is not coded, whatever its head says.
            return Ok(Box::pin(tokio::io::empty()));
        };
        Ok(match self {
            Self::Gzip => {
                let mut decoder = GzipDecoder::new(coded);
                decoder.multiple_members(true);
                Box::pin(decoder)
            }
            // By RFC 9110 §8.4.1.2 zlib's form, whose first byte names its method (RFC 1950 §2.2). Some take
            // the name at its word.
            Self::Deflate if first & 0x0f == 8 => Box::pin(ZlibDecoder::new(coded)),
            // JSON as it is: nothing that is text begins so when it is coded (RFC 1951 §3.2.6).
            Self::Deflate if matches!(first, b'{' | b'[') => return Err(io::ErrorKind::InvalidData.into()),
            Self::Deflate => Box::pin(DeflateDecoder::new(coded)),
            // A window of 16 MiB (RFC 7932 §9.1), or one that needs more bits than that RFC has.
            Self::Brotli if first & 0x0f == 0x0f || first & 0x7f == 0x11 => {
                return Err(io::ErrorKind::InvalidData.into());
            }
            Self::Brotli => Box::pin(BrotliDecoder::new(coded)),
            Self::Zstd => {
                let mut decoder = ZstdDecoder::with_params(coded, &[DParameter::window_log_max(WINDOW)]);
                decoder.multiple_members(true);
                Box::pin(decoder)
            }
        })
    }
}

fn meaning(error: io::Error) -> BoxError {
    if cause::<BrokeOff>(&error).is_some() { error.into() } else { Undecodable::Malformed.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(values: &[&str]) -> Result<Option<Coding>, Unknown> {
        let headers = values.iter().map(|value| (CONTENT_ENCODING, value.parse().unwrap()));
        Coding::of(&HeaderMap::from_iter(headers))
    }

    #[test]
    fn one_coding_is_read_and_every_other_is_named() {
        for nothing in [&[] as &[&str], &[""], &["identity"], &["identity, ", ""]] {
            assert_eq!(of(nothing), Ok(None), "{nothing:?}");
        }
        for (gzip, coding) in [
            (["GZip", ""], Coding::Gzip),
            (["x-gzip", "identity"], Coding::Gzip),
            (["identity,deflate", ""], Coding::Deflate),
            (["br", ""], Coding::Brotli),
            ([" zstd ", ""], Coding::Zstd),
        ] {
            assert_eq!(of(&gzip), Ok(Some(coding)), "{gzip:?}");
        }
        for (several, said) in [
            (&["gzip, gzip"] as &[&str], "gzip, gzip"),
            (&["br", "gzip"], "br, gzip"),
            (&["compress"], "compress"),
            (&["aws-chunked"], "aws-chunked"),
        ] {
            assert!(of(several).unwrap_err().to_string().contains(said), "{several:?}");
        }
    }
}
