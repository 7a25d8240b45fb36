//! Refresh tokens that the CRM replaces, kept across restarts.

use std::borrow::Cow;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use ring::digest::{SHA256, digest};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::http::Secret;
use crate::setting::Problem;

/// The key of the settings.
const KEY: &str = "token_state_file";

/// The file that keeps the newest refresh token. It belongs to one source; only its owner may read it.
#[derive(Debug, Clone)]
pub struct StateFile {
    path: PathBuf,
}

/// The file's content.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct State<'a> {
    /// SHA-256 of the token in the settings that the newest one descends from.
    configured: String,
    refresh_token: Cow<'a, str>,
}

impl StateFile {
    /// The file of the key `token_state_file`, seen from `directory`, for a CRM that replaces refresh tokens.
    ///
    /// # Errors
    /// If the key is missing: after a restart there would be no token that the CRM takes. Or if the file's directory is
    /// not there.
    pub fn required(path: Option<&Path>, directory: &Path) -> Result<StateFile, Problem> {
        StateFile::optional(path, directory)?.ok_or_else(|| {
            let text = "is missing: this CRM replaces refresh tokens, so name a file in which the newest can be kept";
            Problem::new(KEY, text)
        })
    }

    /// As [`StateFile::required`], for a CRM whose refresh tokens may stay the same.
    ///
    /// # Errors
    /// If the file's directory is not there.
    pub fn optional(path: Option<&Path>, directory: &Path) -> Result<Option<StateFile>, Problem> {
        let Some(path) = path else { return Ok(None) };
        let path = directory.join(path);
        match path.parent() {
            Some(parent) if parent.is_dir() && path.file_name().is_some() => Ok(Some(StateFile { path })),
            _ => Err(Problem::new(KEY, format!("{} is in no directory that exists; create it", path.display()))),
        }
    }

    /// The token to use: the one kept, unless another one has been configured since.
    pub(super) fn newest(&self, configured: &Secret) -> Result<Secret, Problem> {
        let text = match fs::read_to_string(&self.path) {
            Ok(text) => Zeroizing::new(text),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(configured.clone()),
            Err(error) => return Err(self.problem(&format!("cannot be read: {error}; make it readable"))),
        };
        let state: State<'_> = serde_json::from_str(&text).map_err(|_| {
            self.problem("is no state file of ours; delete it and give a refresh token that is still good")
        })?;
        let kept = state.configured == hash(configured);
        Ok(if kept { Secret::new(state.refresh_token.into_owned()) } else { configured.clone() })
    }

    /// Keeps `newest`, which descends from `configured`. The file is replaced as a whole: a kill leaves the old one or
    /// the new one.
    pub(super) fn save(&self, configured: &Secret, newest: &Secret) -> Result<(), Problem> {
        self.replace(configured, newest).map_err(|error| {
            let text = format!("cannot be written: {error}; until it can, a restart needs a new refresh token");
            self.problem(&text)
        })
    }

    fn replace(&self, configured: &Secret, newest: &Secret) -> io::Result<()> {
        let state = State { configured: hash(configured), refresh_token: newest.expose().into() };
        let text = Zeroizing::new(serde_json::to_vec(&state)?);
        let mut name = self.path.file_name().unwrap_or_default().to_owned();
        name.push(".new");
        let new = self.path.with_file_name(name);
        // One that a kill has left behind may be readable by others.
        match fs::remove_file(&new) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let mut file = create_private(&new)?;
        file.write_all(&text)?;
        file.sync_all()?;
        fs::rename(&new, &self.path)?;
        // The new name is safe once the directory is.
        self.path.parent().map_or(Ok(()), |directory| File::open(directory)?.sync_all())
    }

    fn problem(&self, what: &str) -> Problem {
        Problem::new(KEY, format!("{} {what}", self.path.display()))
    }
}

/// A new file that only its owner may read.
fn create_private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

fn hash(secret: &Secret) -> String {
    let hash = digest(&SHA256, secret.expose().as_bytes());
    hash.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state_file() -> (tempfile::TempDir, StateFile) {
        let directory = tempfile::tempdir().unwrap();
        let file = StateFile::required(Some(Path::new("token.json")), directory.path()).unwrap();
        (directory, file)
    }

    #[test]
    fn the_kept_token_serves_until_another_one_is_configured() {
        let (directory, file) = state_file();
        let [first, second, third] = ["first", "second", "third"].map(Secret::new);
        assert!(file.newest(&first).unwrap() == first);
        file.save(&first, &second).unwrap();
        assert!(file.newest(&first).unwrap() == second);
        file.save(&first, &third).unwrap();
        let after_restart = StateFile::required(Some(&directory.path().join("token.json")), Path::new("/")).unwrap();
        assert!(after_restart.newest(&first).unwrap() == third);
        let configured_anew = Secret::new("anew");
        assert!(file.newest(&configured_anew).unwrap() == configured_anew);
    }

    #[test]
    #[cfg(unix)]
    fn only_the_owner_may_read_it_whatever_was_left_behind() {
        use std::os::unix::fs::PermissionsExt as _;
        let (directory, file) = state_file();
        let left_behind = directory.path().join("token.json.new");
        fs::write(&left_behind, "half").unwrap();
        fs::set_permissions(&left_behind, fs::Permissions::from_mode(0o644)).unwrap();
        file.save(&Secret::new("first"), &Secret::new("second")).unwrap();
        let mode = fs::metadata(directory.path().join("token.json")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        assert!(!left_behind.exists());
    }

    #[test]
    fn a_file_in_another_form_is_told_without_showing_it() {
        let (directory, file) = state_file();
        fs::write(directory.path().join("token.json"), "my-token").unwrap();
        let problem = file.newest(&Secret::new("first")).unwrap_err().to_string();
        assert!(problem.starts_with("token_state_file: ") && problem.contains("delete it"), "{problem}");
        assert!(!problem.contains("my-token"), "{problem}");
    }

    #[test]
    fn it_must_be_there_and_in_a_directory() {
        let missing = StateFile::required(None, Path::new("/")).unwrap_err();
        assert_eq!(missing.key, "token_state_file");
        assert!(missing.text.starts_with("is missing"), "{missing}");
        let directory = tempfile::tempdir().unwrap();
        let nowhere = StateFile::required(Some(Path::new("nowhere/token.json")), directory.path()).unwrap_err();
        assert!(nowhere.text.contains("create it"), "{nowhere}");
        assert!(StateFile::optional(None, Path::new("/")).unwrap().is_none());
    }
}
