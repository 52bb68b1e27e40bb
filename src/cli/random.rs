//! Texts that nobody can guess.

use super::Failure;

/// So many random bytes of the system, in hexadecimal digits.
pub(super) fn text<const BYTES: usize>() -> Result<String, Failure> {
    let mut bytes = [0_u8; BYTES];
    getrandom::fill(&mut bytes).map_err(|error| Failure::Machine(format!("no random numbers: {error}")))?;
    Ok(data_encoding::HEXLOWER.encode(&bytes))
}
