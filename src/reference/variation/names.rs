//! Ids and paths as a server of other customs has them. Inside they are always the same.

use data_encoding::HEXLOWER;

use super::Variation;
use crate::reference::behaviour::Behaviour;

/// The segments of paths, and what another server calls them.
const OTHER_NAMES: [(&str, &str); 9] = [
    ("groups", "projects"),
    ("hosts", "processes"),
    ("clusters", "deployments"),
    ("events", "log"),
    ("snapshots", "backups"),
    ("alertConfigs", "alert-rules"),
    ("users", "people"),
    ("whitelist", "access_list"),
    ("measurements", "Statistics"),
];

/// The path of the API's root.
pub(crate) fn base_path(behaviour: &Behaviour) -> &'static str {
    match behaviour {
        _ if behaviour.takes(Variation::BaseIsOrigin) => "",
        _ if behaviour.takes(Variation::BaseIsDeep) => "/v1;x=(1)/~atlas/%E2%82%AC/api",
        _ => "/api/atlas/v1.0",
    }
}

/// Another path under which clients in the field look for the same API; a server of other customs has none.
pub(crate) fn other_base_path(behaviour: &Behaviour) -> Option<&'static str> {
    (base_path(behaviour) == "/api/atlas/v1.0").then_some("/api/public/v1.0")
}

/// A path below the root as others see it.
pub(crate) fn outward(behaviour: &Behaviour, path: &str) -> String {
    let (path, query) = path.split_at(path.find('?').unwrap_or(path.len()));
    let segments: Vec<String> = path.split('/').map(|name| segment(&other_name(behaviour, name))).collect();
    let mut outward = segments.join("/");
    if behaviour.takes(Variation::SlashAtTheEnd) && !outward.is_empty() && !outward.ends_with('/') {
        outward.push('/');
    }
    outward + query
}

fn other_name(behaviour: &Behaviour, name: &str) -> String {
    let other = OTHER_NAMES.iter().find(|(own, _)| *own == name && behaviour.takes(Variation::OtherNames));
    other.map_or(name, |(_, other)| other).to_owned()
}

/// The segments of a path that others sent, as they are called inside.
pub(crate) fn inward(behaviour: &Behaviour, mut segments: Vec<String>) -> Vec<String> {
    if behaviour.takes(Variation::OtherNames) {
        for segment in &mut segments {
            let own = OTHER_NAMES.iter().find(|(own, other)| other == segment || own == segment);
            match own {
                Some((own, other)) if other == segment => (*own).clone_into(segment),
                // Its inside name is nothing to others.
                Some(_) => segment.insert(0, '-'),
                None => {}
            }
        }
    }
    segments
}

/// What stands for a slash and a question mark that belong to a segment, until paths are written: characters that no
/// standard gives a meaning.
const INNER_SLASH: char = '\u{e000}';
const INNER_QUESTION_MARK: char = '\u{e001}';

/// A text of a client as one segment of a path below the root.
pub(crate) fn whole_segment(text: &str) -> String {
    text.replace('/', &INNER_SLASH.to_string()).replace('?', &INNER_QUESTION_MARK.to_string())
}

/// A text as a segment of a path (RFC 3986, section 3.3).
pub(crate) fn segment(text: &str) -> String {
    let text = text.replace(INNER_SLASH, "/").replace(INNER_QUESTION_MARK, "?");
    let mut segment = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@{}".contains(&byte) {
            segment.push(char::from(byte));
        } else {
            segment.push('%');
            segment.push_str(&data_encoding::HEXUPPER.encode(&[byte]));
        }
    }
    segment
}

/// The id that stands for these bytes.
pub(crate) fn id(behaviour: &Behaviour, bytes: [u8; 12]) -> String {
    let hex = HEXLOWER.encode(&bytes);
    match behaviour {
        _ if behaviour.takes(Variation::IdsAreUuids) => {
            let hex = hex.to_uppercase();
            format!("{}-{}-4{}-8{}-{}", &hex[..8], &hex[8..12], &hex[12..15], &hex[15..18], "0".repeat(6) + &hex[18..])
        }
        _ if behaviour.takes(Variation::IdsAreDecimal) => {
            bytes.iter().fold(0_u128, |number, byte| (number << 8) | u128::from(*byte)).to_string()
        }
        _ if behaviour.takes(Variation::IdsHaveDelimiters) => format!("~{}!$&'()*,;=:@{}", &hex[..12], &hex[12..]),
        _ if behaviour.takes(Variation::IdsAreEncoded) => format!("é \"{}\" 100%#{}", &hex[..12], &hex[12..]),
        _ => hex,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taking(variation: Variation) -> Behaviour {
        Behaviour::new([], [variation])
    }

    #[test]
    fn a_path_is_what_it_is_unless_a_variation_is_taken() {
        assert_eq!(outward(&Behaviour::default(), "/groups/57b6/hosts?x=/groups"), "/groups/57b6/hosts?x=/groups");
        assert_eq!(outward(&taking(Variation::OtherNames), "/groups/57b6/hosts"), "/projects/57b6/processes");
        assert_eq!(outward(&taking(Variation::SlashAtTheEnd), "/groups?x=1"), "/groups/?x=1");
        assert_eq!(outward(&taking(Variation::SlashAtTheEnd), ""), "");
    }

    #[test]
    fn other_names_lead_back_and_the_inside_ones_do_not() {
        let behaviour = taking(Variation::OtherNames);
        let inward = |path: &[&str]| inward(&behaviour, path.iter().map(|name| (*name).to_owned()).collect());
        assert_eq!(inward(&["projects", "57b6", "processes"]), ["groups", "57b6", "hosts"]);
        assert_eq!(inward(&["groups"]), ["-groups"]);
    }

    #[test]
    fn every_form_of_ids_stays_unique_and_survives_a_path() {
        let forms =
            [Variation::IdsAreUuids, Variation::IdsAreDecimal, Variation::IdsHaveDelimiters, Variation::IdsAreEncoded];
        for form in forms {
            let behaviour = taking(form);
            let (one, other) = (id(&behaviour, [1; 12]), id(&behaviour, [2; 12]));
            assert_ne!(one, other);
            let path = outward(&behaviour, &format!("/hosts/{one}"));
            assert_eq!(crate::reference::query::segments(&path), ["hosts", one.as_str()], "{path}");
            assert!(url::Url::parse(&format!("http://h{path}")).unwrap().path() == path, "{path}");
        }
        assert_eq!(id(&taking(Variation::IdsAreUuids), [0xab; 12]), "ABABABAB-ABAB-4ABA-8BAB-000000ABABAB");
    }
}
