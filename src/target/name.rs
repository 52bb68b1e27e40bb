//! Names of targets, which are names of folders too.

/// Whether Windows keeps a name for a device, whatever its extension: a folder cannot be called so there, and an archive
/// with one cannot be unpacked.
pub fn is_name_of_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default().trim_end().to_ascii_uppercase();
    let numbered =
        |device: &str| stem.strip_prefix(device).is_some_and(|rest| matches!(rest.as_bytes(), [b'0'..=b'9']));
    matches!(stem.as_str(), "CON" | "PRN" | "AUX" | "NUL") || numbered("COM") || numbered("LPT")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn devices_are_known_in_any_case_and_with_an_extension() {
        for name in ["CON", "con", "Aux.txt", "nul.a.b", "COM1", "lpt9.x"] {
            assert!(is_name_of_device(name), "{name}");
        }
        for name in ["console", "COM", "COM10", "lpt-1", "my.con", "com.example"] {
            assert!(!is_name_of_device(name), "{name}");
        }
    }
}
