//! A stored run, read back.

use std::sync::LazyLock;

use serde::Deserialize;

use super::run::Run;

/// Version of the format of `run.json` that is written and read.
pub const FORMAT: u32 = 2;

/// The JSON Schema of `run.json`; tests hold the types to it.
pub const RUN_SCHEMA: &str = include_str!("../../schemas/run.schema.json");

/// Most places that are told.
const MOST_PROBLEMS: usize = 10;

/// Why a text is no stored run.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The text is no JSON, or lacks what every run has.
    #[error("this is no stored run: {0}")]
    NoRun(#[from] serde_json::Error),
    /// Another version of the format.
    #[error(
        "the stored run has format {found}, but this program reads format {FORMAT}: make it again with this version"
    )]
    OtherFormat {
        /// The version it says.
        found: u64,
    },
}

#[derive(Deserialize)]
#[serde(expecting = "an object with `format`")]
struct Head {
    format: u64,
}

impl Run {
    /// The run that a file of `run.json` holds, without holding its text: `open` is called twice.
    pub fn from_file<R: std::io::Read>(open: impl Fn() -> std::io::Result<R>) -> Result<Self, ReadError> {
        let reader = || open().map(std::io::BufReader::new).map_err(serde_json::Error::io);
        check_format(reader()?)?;
        let mut run: Self = serde_json::from_reader(reader()?)?;
        for result in &mut run.results {
            result.findings.shrink_to_fit();
            result.exchanges.shrink_to_fit();
        }
        Ok(run)
    }

    /// The run that `run.json` holds.
    pub fn from_json(text: &str) -> Result<Self, ReadError> {
        // The version first: a later format would otherwise be refused for its first unknown member.
        check_format(text.as_bytes())?;
        Ok(serde_json::from_str(text)?)
    }
}

/// Where a text of JSON is not as [`RUN_SCHEMA`] says, each place with the reason; values are not repeated.
pub fn schema_problems(text: &str) -> Result<Vec<String>, serde_json::Error> {
    static SCHEMA: LazyLock<jsonschema::Validator> = LazyLock::new(|| {
        let schema = serde_json::from_str(RUN_SCHEMA).expect("the schema is JSON: a test reads it");
        let options = jsonschema::options().should_validate_formats(true);
        options.build(&schema).expect("the schema is one: a test builds it")
    });
    let run = serde_json::from_str(text)?;
    let problem = |error: jsonschema::ValidationError<'_>| format!("{}: {}", error.instance_path(), error.masked());
    Ok(SCHEMA.iter_errors(&run).take(MOST_PROBLEMS).map(problem).collect())
}

/// Refuses a text of another version of the format.
pub(super) fn check_format(text: impl std::io::Read) -> Result<(), ReadError> {
    let found = serde_json::from_reader::<_, Head>(text)?.format;
    if found == u64::from(FORMAT) { Ok(()) } else { Err(ReadError::OtherFormat { found }) }
}
