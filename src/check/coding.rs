//! Bodies that were coded on the way (RFC 9110, section 8.4), decoded within bounds.

use std::borrow::Cow;
use std::io::Read;

use flate2::read::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};

use crate::exchange::Response;

/// The largest body after it was decoded.
const LARGEST: u64 = 2 << 20;
/// The most codings of one body.
const CODINGS: usize = 2;

/// Why a coded body cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum CodingError {
    /// Nobody here knows the coding.
    #[error("the body is coded with `{0}`, which is not decoded")]
    Unknown(String),
    /// It is too large.
    #[error("the body is too large to be judged once it is decoded")]
    TooLarge,
    /// It is not what its header says.
    #[error("the body cannot be decoded with `{0}`, which its header names")]
    Broken(String),
}

/// The names of the codings of a body, in the order in which they were applied.
pub(super) fn codings(response: &Response) -> Vec<String> {
    let all = response.header("content-encoding").unwrap_or_default();
    let names = all.split(',').map(|name| name.trim().to_ascii_lowercase());
    names.filter(|name| !matches!(name.as_str(), "" | "identity")).collect()
}

/// The bytes of a body without its codings. There is nothing to decode in an empty one (the answer to HEAD).
pub(super) fn decoded(response: &Response) -> Result<Cow<'_, [u8]>, CodingError> {
    let codings = codings(response);
    let mut body = Cow::Borrowed(response.body.as_slice());
    if body.is_empty() {
        return Ok(body);
    }
    if codings.len() > CODINGS {
        return Err(CodingError::Unknown(codings.join(", ")));
    }
    for coding in codings.iter().rev() {
        body = Cow::Owned(match coding.as_str() {
            "gzip" | "x-gzip" => read(MultiGzDecoder::new(&body[..]), coding)?,
            // The coding is zlib's, but some send what is inside it alone.
            "deflate" => match read(ZlibDecoder::new(&body[..]), coding) {
                Err(broken @ CodingError::Broken(_)) => {
                    let plain = read(DeflateDecoder::new(&body[..]), coding)?;
                    // What is not coded so may be read as nothing.
                    if plain.is_empty() { Err(broken) } else { Ok(plain) }?
                }
                decoded => decoded?,
            },
            _ => return Err(CodingError::Unknown(coding.clone())),
        });
    }
    Ok(body)
}

fn read(decoder: impl Read, coding: &str) -> Result<Vec<u8>, CodingError> {
    let mut bytes = Vec::new();
    match decoder.take(LARGEST + 1).read_to_end(&mut bytes) {
        Ok(_) if bytes.len() as u64 > LARGEST => Err(CodingError::TooLarge),
        Ok(_) => Ok(bytes),
        Err(_) => Err(CodingError::Broken(coding.to_owned())),
    }
}

#[cfg(test)]
pub(super) mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};

    use super::*;

    /// A response whose body has this coding.
    pub(in crate::check) fn coded(coding: &str, body: &[u8]) -> Response {
        let body = match coding.trim().to_ascii_lowercase().as_str() {
            "gzip" | "x-gzip" => written(GzEncoder::new(Vec::new(), Compression::fast()), body).finish(),
            "deflate" => written(ZlibEncoder::new(Vec::new(), Compression::fast()), body).finish(),
            "raw" => written(DeflateEncoder::new(Vec::new(), Compression::fast()), body).finish(),
            _ => Ok(body.to_vec()),
        };
        labelled(if coding == "raw" { "deflate" } else { coding }, body.unwrap())
    }

    fn written<W: Write>(mut encoder: W, body: &[u8]) -> W {
        encoder.write_all(body).unwrap();
        encoder
    }

    fn labelled(coding: &str, body: Vec<u8>) -> Response {
        let headers = vec![("content-encoding".to_owned(), coding.to_owned())];
        Response { headers, body, ..Response::default() }
    }

    #[test]
    fn what_was_coded_is_decoded() {
        for coding in ["gzip", "X-GZip", "deflate", "raw", "identity", "", " , identity"] {
            assert_eq!(decoded(&coded(coding, b"{\"a\":1}")).as_deref(), Ok(&b"{\"a\":1}"[..]), "{coding}");
        }
        let twice = coded("gzip", &coded("deflate", b"[]").body).body;
        assert_eq!(decoded(&labelled("deflate, gzip", twice)).as_deref(), Ok(&b"[]"[..]));
        assert_eq!(decoded(&labelled("gzip", Vec::new())).as_deref(), Ok(&b""[..]));
    }

    #[test]
    fn what_cannot_be_decoded_says_why() {
        assert_eq!(decoded(&labelled("br", b"x".to_vec())), Err(CodingError::Unknown("br".into())));
        assert_eq!(decoded(&labelled("gzip", b"{}".to_vec())), Err(CodingError::Broken("gzip".into())));
        assert!(matches!(decoded(&labelled("gzip,gzip,gzip", b"x".to_vec())), Err(CodingError::Unknown(_))));
        let size = usize::try_from(LARGEST).unwrap();
        assert_eq!(decoded(&coded("gzip", &vec![b' '; size + 1])), Err(CodingError::TooLarge));
        assert_eq!(decoded(&coded("gzip", &vec![b' '; size])).map(|body| body.len()), Ok(size));
    }
}
