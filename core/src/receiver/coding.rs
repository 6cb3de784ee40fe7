use std::io::Read;
use std::time::Instant;

use flate2::bufread::MultiGzDecoder;
use flate2::{Decompress, FlushDecompress, Status};

use super::{Receiver, too_large};
use crate::error::{Code, Error};
use crate::reply::{Outcome, Reply};

/// Why a body cannot be decoded.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Undecoded {
    Unknown,
    Broken(&'static str),
    TooLarge,
}

/// Undoes a content coding; nothing where there is none to undo. At most `limit` bytes come out: a body of a kilobyte
/// can hold a gigabyte.
pub(crate) fn decode(name: &[u8], body: &[u8], limit: usize) -> Result<Option<Vec<u8>>, Undecoded> {
    match name.trim_ascii().to_ascii_lowercase().as_slice() {
        b"" | b"identity" => Ok(None),
        b"gzip" | b"x-gzip" => gunzip(body, limit).map(Some),
        // The standard says zlib, and some senders leave its frame away.
        b"deflate" => match inflate(body, true, limit) {
            Err(Undecoded::Broken(_)) => inflate(body, false, limit).map(Some),
            decoded => decoded.map(Some),
        },
        _ => Err(Undecoded::Unknown),
    }
}

impl Undecoded {
    /// Says what is wrong, of a body of which at most `limit` bytes may come out.
    pub(crate) fn error(&self, limit: usize) -> Error {
        match self {
            Self::TooLarge => too_large(limit.saturating_add(1), limit),
            Self::Broken(name) => Error::new(
                Code::MalformedBody,
                format!("the body is not what its Content-Encoding says, {name}"),
            ),
            Self::Unknown => Error::new(
                Code::MalformedHeader,
                "the header Content-Encoding names another coding than gzip and deflate",
            ),
        }
    }
}

impl<S> Receiver<S> {
    /// Answers a request whose body cannot be decoded.
    pub(crate) fn undecoded(&self, undecoded: &Undecoded, began: Instant) -> Reply {
        let error = undecoded.error(self.max_body);
        if *undecoded != Undecoded::Unknown {
            return self.refused(&error, began);
        }
        self.hooks.rejected(&error);
        self.hooks.ended(Outcome::NotAuthentic, None, began.elapsed());
        let headers = vec![("Accept-Encoding".to_owned(), "gzip, deflate".to_owned())];
        Reply { status: 415, headers, body: String::new() }
    }
}

fn gunzip(body: &[u8], limit: usize) -> Result<Vec<u8>, Undecoded> {
    let most = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    let mut plain = Vec::new();
    let read = MultiGzDecoder::new(body).take(most).read_to_end(&mut plain);
    read.map_err(|_| Undecoded::Broken("gzip"))?;
    if plain.len() > limit { Err(Undecoded::TooLarge) } else { Ok(plain) }
}

/// Undoes deflate, with the frame of zlib or without. Not by a reader: for that the end of a body that was cut off is
/// the end of the stream.
fn inflate(body: &[u8], framed: bool, limit: usize) -> Result<Vec<u8>, Undecoded> {
    let broken = || Undecoded::Broken("deflate");
    let mut stream = Decompress::new(framed);
    let mut plain = Vec::with_capacity(body.len().min(limit).saturating_add(1));
    loop {
        let read = usize::try_from(stream.total_in()).map_err(|_| broken())?;
        let rest = body.get(read..).unwrap_or_default();
        let status = stream.decompress_vec(rest, &mut plain, FlushDecompress::None).map_err(|_| broken())?;
        let all_read = u64::try_from(body.len()).is_ok_and(|length| length == stream.total_in());
        if plain.len() > limit {
            return Err(Undecoded::TooLarge);
        } else if status == Status::StreamEnd {
            return if all_read { Ok(plain) } else { Err(broken()) };
        } else if plain.len() < plain.capacity() {
            // There was room, and nothing more to read.
            return Err(broken());
        }
        plain.reserve(plain.len().min(limit.saturating_sub(plain.len())).saturating_add(1));
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use flate2::Compression;
    use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};

    use super::*;

    macro_rules! encoded {
        ($encoder:ident, $body:expr) => {{
            let mut encoder = $encoder::new(Vec::new(), Compression::default());
            encoder.write_all($body).unwrap();
            encoder.finish().unwrap()
        }};
    }

    #[test]
    fn every_coding_that_senders_use_is_undone() {
        let body = b"{\"a\": 1}".to_vec();
        for (name, encoded) in [
            ("gzip", encoded!(GzEncoder, &body)),
            (" X-GZip ", encoded!(GzEncoder, &body)),
            ("deflate", encoded!(ZlibEncoder, &body)),
            ("deflate", encoded!(DeflateEncoder, &body)),
        ] {
            assert_eq!(decode(name.as_bytes(), &encoded, 8), Ok(Some(body.clone())), "{name}");
        }
        assert_eq!(decode(b"identity", &body, 8), Ok(None));
    }

    #[test]
    fn a_bomb_ends_at_the_limit() {
        let bomb = encoded!(GzEncoder, &vec![0; 10_000_000]);
        assert!(bomb.len() < 20_000);
        assert_eq!(decode(b"gzip", &bomb, 1000), Err(Undecoded::TooLarge));
    }

    #[test]
    fn a_body_that_is_cut_off_or_something_else_is_broken() {
        let text = b"{\"a\": [1, 2, 3], \"b\": [1, 2, 3]}";
        for (name, encoded) in [
            ("gzip", encoded!(GzEncoder, text)),
            ("deflate", encoded!(ZlibEncoder, text)),
            ("deflate", encoded!(DeflateEncoder, text)),
        ] {
            for end in 1..encoded.len() {
                assert_eq!(
                    decode(name.as_bytes(), &encoded[..end], 100),
                    Err(Undecoded::Broken(name)),
                    "{name} {end}"
                );
            }
            let longer = [&*encoded, b"x"].concat();
            assert_eq!(decode(name.as_bytes(), &longer, 100), Err(Undecoded::Broken(name)), "{name}");
            // Bare deflate has no mark of its own, and a text may be the start of a long stream.
            assert!(decode(name.as_bytes(), text, 100).is_err(), "{name}");
        }
    }

    #[test]
    fn deflate_is_bounded_too() {
        let body = vec![7; 10_000];
        for encoded in [encoded!(ZlibEncoder, &body), encoded!(DeflateEncoder, &body)] {
            assert_eq!(decode(b"deflate", &encoded, 10_000), Ok(Some(body.clone())));
            assert_eq!(decode(b"deflate", &encoded, 9_999), Err(Undecoded::TooLarge));
        }
    }

    #[test]
    fn another_coding_is_unknown() {
        for name in ["br", "zstd", "gzip, gzip", "gzip;q=1"] {
            assert_eq!(decode(name.as_bytes(), b"", 100), Err(Undecoded::Unknown), "{name}");
        }
    }
}
