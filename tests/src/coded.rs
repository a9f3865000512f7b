//! Bodies in the codings of HTTP, made by the libraries that servers use.

use async_compression::Level;
use async_compression::tokio::write::{BrotliEncoder, DeflateEncoder, GzipEncoder, ZlibEncoder, ZstdEncoder};
use async_compression::{brotli, zstd};
use tokio::io::AsyncWriteExt;

/// A coding, in the forms that are met.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Coding {
    /// `gzip`.
    Gzip,
    /// `deflate`, as RFC 9110 has it.
    Zlib,
    /// `deflate`, as some took it.
    Deflate,
    /// `br`, with this window, as a power of two.
    Brotli(u8),
    /// `zstd`, with this window, as a power of two.
    Zstd(u8),
}

/// Writes piece by piece; each can be read when it has come.
macro_rules! pieces {
    ($encoder:expr, $pieces:expr) => {{
        let mut encoder = $encoder;
        let mut coded = Vec::new();
        for piece in $pieces {
            encoder.write_all(piece).await.unwrap();
            encoder.flush().await.unwrap();
            coded.push(std::mem::take(encoder.get_mut()));
        }
        encoder.shutdown().await.unwrap();
        coded.push(encoder.into_inner());
        coded
    }};
}

impl Coding {
    /// What `Content-Encoding` calls it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Gzip => "gzip",
            Self::Zlib | Self::Deflate => "deflate",
            Self::Brotli(_) => "br",
            Self::Zstd(_) => "zstd",
        }
    }

    /// The whole of a body.
    pub fn code(self, body: &[u8]) -> Vec<u8> {
        self.code_pieces(&[body]).concat()
    }

    /// A body in pieces, and its end.
    pub fn code_pieces(self, all: &[&[u8]]) -> Vec<Vec<u8>> {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            match self {
                Self::Gzip => pieces!(GzipEncoder::new(Vec::new()), all),
                Self::Zlib => pieces!(ZlibEncoder::new(Vec::new()), all),
                Self::Deflate => pieces!(DeflateEncoder::new(Vec::new()), all),
                Self::Brotli(window) => {
                    let params = brotli::EncoderParams::default().window_size(window.into());
                    pieces!(BrotliEncoder::with_params(Vec::new(), params), all)
                }
                Self::Zstd(window) => {
                    let window = [zstd::CParameter::window_log(window.into())];
                    pieces!(ZstdEncoder::with_quality_and_params(Vec::new(), Level::Default, &window), all)
                }
            }
        })
    }
}
