//! A target file to begin with, with a comment for all that only its author knows.

use secrecy::SecretString;
use serde_json::json;

use crate::discover::{Found, Origin, target_file_below};
use crate::target;

use super::Failure;

/// The lines above.
const HEAD: &str = include_str!("../../templates/new/target.yaml");

/// The text for a file of this path and a target of this name.
pub(super) fn text(path: &str, name: &str) -> Result<String, Failure> {
    let least = format!(
        "name: {}\nbase-url: https://staging.example.com/api/atlas/v1.0\n\
         users:\n  owner: {{ username: ci@example.com, api-key: {{ env: ATLASPEC_API_KEY }} }}\n",
        json!(name)
    );
    let target = target::load(path, &least, &mut |_| Ok(SecretString::from("unread")), &mut |_| Ok(String::new()))
        .map_err(|problems| Failure::Problems(problems, Vec::new()))?;
    let origin = Origin { api_key: "{ env: ATLASPEC_API_KEY }".to_owned(), tls: None, proxy: None };
    Ok(target_file_below(&HEAD.replace("@FILE@", path), &target, &origin, &Found::default()))
}
