//! What `certify` and `verify` share: how periods, times, digests and software are named on the command line.

use std::collections::BTreeSet;
use std::io::Read as _;
use std::path::Path;

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use data_encoding::HEXLOWER;
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use crate::certificate::{Artifact, parse_digest};
use crate::yaml;

use super::{Failure, files, suite};

/// The largest file of a key.
const LARGEST_KEY: u64 = 64 * 1024;

/// The digest of the embedded suite, and the ids of its cases and invariants.
pub(super) fn embedded_suite() -> Result<(String, BTreeSet<String>), Failure> {
    let suite = suite::load_embedded()?;
    let cases = suite.cases.iter().map(|case| case.id.clone());
    let ids = cases.chain(suite.invariants.iter().map(|invariant| invariant.id.clone())).collect();
    Ok((suite.digest, ids))
}

/// The text of a file with a key; it is wiped when it is dropped.
pub(super) fn key_text(path: &Path) -> Result<Zeroizing<String>, Failure> {
    let bytes = files::read_secret(path, LARGEST_KEY)?;
    // What is not UTF-8 is not PEM either, and the reader of PEM says so.
    Ok(Zeroizing::new(String::from_utf8_lossy(&bytes).into_owned()))
}

/// The software that an argument names: a digest, or a file.
pub(super) fn artifact(text: &str) -> Result<Artifact, Failure> {
    if text.starts_with("sha256:") {
        let digest = parse_digest(text).ok_or_else(|| Failure::Usage(format!("--artifact: {NO_DIGEST}")))?;
        return Ok(Artifact { name: None, digest });
    }
    let path = Path::new(text);
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
    Ok(Artifact { name, digest: digest_of_file(path)? })
}

/// The digest of a file of any size.
fn digest_of_file(path: &Path) -> Result<String, Failure> {
    let failed = |error| Failure::File(path.to_owned(), error);
    let mut file = files::open(path).map_err(failed)?;
    let (mut hasher, mut buffer) = (Sha256::new(), vec![0; 64 * 1024]);
    loop {
        match file.read(&mut buffer).map_err(failed)? {
            0 => return Ok(format!("sha256:{}", HEXLOWER.encode(&hasher.finalize()))),
            read => hasher.update(&buffer[..read]),
        }
    }
}

const NO_DIGEST: &str = "a digest is `sha256:` and 64 hexadecimal digits";

/// A digest, for clap.
pub(super) fn digest(text: &str) -> Result<String, String> {
    parse_digest(text).ok_or_else(|| NO_DIGEST.to_owned())
}

/// A period in days or in the units of the formats, for clap.
pub(super) fn period(text: &str) -> Result<TimeDelta, String> {
    let days = text.strip_suffix('d').and_then(|days| days.parse().ok()).and_then(TimeDelta::try_days);
    let other = || yaml::duration(text).and_then(|duration| TimeDelta::from_std(duration).ok());
    days.or_else(other)
        .filter(|period| *period > TimeDelta::zero())
        .ok_or_else(|| "a period is a number and a unit: `90d`, `12h`".to_owned())
}

/// An instant, for clap: a day (its beginning in UTC) or a date and time as in RFC 3339.
pub(super) fn instant(text: &str) -> Result<DateTime<Utc>, String> {
    let day = text.parse::<NaiveDate>().map(|day| day.and_time(NaiveTime::MIN).and_utc());
    day.or_else(|_| DateTime::parse_from_rfc3339(text).map(|time| time.to_utc()))
        .map_err(|_| "a time is a day, `2026-11-23`, or `2026-11-23T08:00:00Z`".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_and_instants_are_read() {
        assert_eq!(period("90d"), Ok(TimeDelta::days(90)));
        assert_eq!(period("12h"), Ok(TimeDelta::hours(12)));
        for bad in ["", "d", "0d", "-1d", "90", "99999999999999999d"] {
            assert!(period(bad).is_err(), "{bad}");
        }
        assert_eq!(instant("2026-11-23").map(|time| time.to_rfc3339()), Ok("2026-11-23T00:00:00+00:00".to_owned()));
        assert_eq!(instant("2026-11-23T01:00:00+01:00"), instant("2026-11-23"));
        assert!(instant("tomorrow").is_err());
    }

    #[test]
    fn software_is_a_file_or_a_digest() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("server.tar");
        std::fs::write(&path, "abc").expect("it can be written");
        let digest = "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        let named = artifact(&path.to_string_lossy()).expect("a file");
        assert_eq!(named, Artifact { name: Some("server.tar".to_owned()), digest: digest.to_owned() });
        let bare = artifact(&digest.to_uppercase().replace("SHA256", "sha256")).expect("a digest");
        assert_eq!(bare, Artifact { name: None, digest: digest.to_owned() });
        assert!(matches!(artifact("sha256:abc"), Err(Failure::Usage(_))));
        assert!(matches!(artifact("/no/such/file"), Err(Failure::File(..))));
    }
}
