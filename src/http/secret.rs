//! Secrets, and where the settings say that they are.

use std::fmt;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Deserializer};
use zeroize::Zeroizing;

use crate::setting::Problem;

/// A text that must not be seen: it prints as `***`, cannot be serialized, and is wiped when it is dropped.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Keeps `text` from being seen.
    pub fn new(text: impl Into<String>) -> Secret {
        Secret(Zeroizing::new(text.into()))
    }

    /// The text itself, for the one place that needs it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Secret, D::Error> {
        String::deserialize(deserializer).map(Secret::new)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// Where a secret is read from: a file, or an environment variable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecretSource {
    key: String,
    place: Place,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Place {
    File(PathBuf),
    Variable(String),
    Here(Secret),
}

impl SecretSource {
    /// The secret `name` from the keys `NAME_file` and `NAME_env` of the settings, of which exactly one must be there.
    /// Files are looked for from `directory` on. The secret is read once, to see whether it is there.
    ///
    /// # Errors
    /// Names the key and what to do.
    pub fn required(
        name: &str,
        file: Option<&Path>,
        variable: Option<&str>,
        directory: &Path,
    ) -> Result<SecretSource, Problem> {
        SecretSource::optional(name, file, variable, directory)?.ok_or_else(|| {
            let text = format!("is missing: name a file that holds the {name}, or a variable with {name}_env");
            Problem::new(format!("{name}_file"), text)
        })
    }

    /// As [`SecretSource::required`], but it may be that neither key is there.
    ///
    /// # Errors
    /// Names the key and what to do.
    pub fn optional(
        name: &str,
        file: Option<&Path>,
        variable: Option<&str>,
        directory: &Path,
    ) -> Result<Option<SecretSource>, Problem> {
        let source = match (file, variable) {
            (None, None) => return Ok(None),
            (Some(_), Some(_)) => {
                let text = format!("{name}_file is set too; keep one of them");
                return Err(Problem::new(format!("{name}_env"), text));
            }
            (Some(file), None) => {
                SecretSource { key: format!("{name}_file"), place: Place::File(directory.join(file)) }
            }
            (None, Some(variable)) => {
                SecretSource { key: format!("{name}_env"), place: Place::Variable(variable.to_owned()) }
            }
        };
        source.read()?;
        if let Place::File(path) = &source.place
            && is_open_to_all(path)
        {
            tracing::warn!(key = source.key, path = %path.display(), "everybody on this machine can read the secret: chmod o-r");
        }
        Ok(Some(source))
    }

    /// The key of the settings that it stands at.
    pub(super) fn key(&self) -> &str {
        &self.key
    }

    /// A secret that is known already.
    pub fn here(secret: Secret) -> SecretSource {
        SecretSource { key: String::new(), place: Place::Here(secret) }
    }

    /// The secret as it is now, without the white space around it.
    ///
    /// # Errors
    /// Names the key and what to do.
    pub fn read(&self) -> Result<Secret, Problem> {
        let problem = |text: String| Problem::new(self.key.clone(), text);
        let text = match &self.place {
            Place::Here(secret) => return Ok(secret.clone()),
            Place::Variable(name) => Zeroizing::new(std::env::var(name).map_err(|error| match error {
                std::env::VarError::NotPresent => problem(format!("the environment has no variable {name}; set it")),
                std::env::VarError::NotUnicode(_) => problem(format!("the variable {name} is no UTF-8 text")),
            })?),
            Place::File(path) => Zeroizing::new(std::fs::read_to_string(path).map_err(|error| {
                problem(format!("{} cannot be read: {error}; make it readable for this program", path.display()))
            })?),
        };
        let secret = text.trim();
        if secret.is_empty() {
            return Err(problem(format!("{} is empty; write the secret into it", self.place_name())));
        }
        Ok(Secret::new(secret))
    }

    fn place_name(&self) -> String {
        match &self.place {
            Place::File(path) => path.display().to_string(),
            Place::Variable(name) => format!("the variable {name}"),
            Place::Here(_) => String::new(),
        }
    }
}

/// Whether every user of this machine may read the file.
fn is_open_to_all(path: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        std::fs::metadata(path).is_ok_and(|file| file.permissions().mode() & 0o004 != 0)
    }
    #[cfg(not(unix))]
    {
        let _ = path;
        false
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn a_file_that_all_may_read_is_noticed() {
        let file = tempfile::NamedTempFile::new().unwrap();
        for (mode, open) in [(0o600, false), (0o640, false), (0o644, true), (0o604, true)] {
            std::fs::set_permissions(file.path(), std::fs::Permissions::from_mode(mode)).unwrap();
            assert_eq!(is_open_to_all(file.path()), open, "{mode:o}");
        }
    }
}
