//! What a source says when it is asked whether everything works.

use super::SourceError;

/// What a source says when it is asked whether everything works.
#[derive(Debug, Default)]
pub struct Probe {
    /// What there is to know of the account: a line each, without personal data.
    pub facts: Vec<String>,
    /// For every stream that asks for a permission of its own: whether it may be read, or why not.
    pub streams: Vec<(String, Result<(), SourceError>)>,
}
