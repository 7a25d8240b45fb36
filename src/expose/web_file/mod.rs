//! The web file: TLS, passwords, headers and a rate limit in the format of Prometheus' exporter-toolkit.
//!
//! What it says applies to every path. It is read again when it or a file that it names has changed, so that renewed
//! certificates and new passwords need no restart; a file that has become wrong changes nothing. The settings of the
//! exporter itself are elsewhere: they only name this file.

mod clients;
mod error;
mod files;
mod format;
mod gate;
mod headers;
mod rate;
mod rules;
mod tls;
mod turns;
mod users;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;

use rustls::ServerConfig;
use tokio::task::spawn_blocking;
use tokio::time::sleep;

pub use error::WebFileError;

use files::SeenFile;
use rules::Rules;
use turns::Turns;

/// The files are looked at so often.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// What the web file says, kept up to date. Without a web file: plain HTTP for everybody.
#[derive(Default)]
pub struct WebFile {
    path: Option<PathBuf>,
    rules: RwLock<Arc<Rules>>,
    seen: Mutex<Seen>,
    turns: Turns,
}

/// The files as they were just before they were read last.
#[derive(Default)]
struct Seen {
    files: Vec<SeenFile>,
    /// How they are since they have changed; who changes them may not be done yet.
    changing: Option<Vec<SeenFile>>,
}

impl WebFile {
    /// Reads the web file, if there is to be one.
    ///
    /// # Errors
    /// Tells every problem with it that could be found: keys, values, certificates, hashes.
    pub fn open(path: Option<&Path>) -> Result<WebFile, WebFileError> {
        let web_file = WebFile { path: path.map(Path::to_owned), ..WebFile::default() };
        let Some(path) = path else { return Ok(web_file) };
        *web_file.write_rules() = Arc::new(web_file.read(path)?);
        Ok(web_file)
    }

    /// Reads the file again, and what it names. Blocks.
    ///
    /// # Errors
    /// If it has become wrong, or would switch TLS on or off or give up passwords, which takes a restart: what was in
    /// force stays in force.
    pub fn reload(&self) -> Result<(), WebFileError> {
        let Some(path) = &self.path else { return Ok(()) };
        let rules = self.read(path)?;
        match self.rules().given_up_by(&rules) {
            Some(problem) => Err(WebFileError::new(path, vec![problem])),
            None => {
                *self.write_rules() = Arc::new(rules);
                Ok(())
            }
        }
    }

    /// Whether connections are encrypted.
    pub fn has_tls(&self) -> bool {
        self.rules().tls.is_some()
    }

    /// Whether a password is asked for.
    pub fn has_users(&self) -> bool {
        self.rules().users.is_some()
    }

    /// Reads the file again whenever it or a file that it names has changed; for ever. What comes of it is logged.
    pub(super) async fn follow(self: &Arc<Self>) {
        loop {
            sleep(LOOK_EVERY).await;
            let web_file = self.clone();
            if let Err(error) = spawn_blocking(move || web_file.look()).await {
                tracing::error!(%error, "looking for changes of the web file has failed");
            }
        }
    }

    /// How a connection that begins now is encrypted.
    pub(super) fn tls(&self) -> Option<Arc<ServerConfig>> {
        self.rules().tls.clone()
    }

    /// Reads the files again if they have changed since they were read, and not since the last look.
    fn look(&self) {
        if !self.has_settled() {
            return;
        }
        match self.reload() {
            Ok(()) => tracing::info!("the web file has been read again"),
            Err(error) => {
                tracing::error!(%error, "the web file cannot be read again; what it said before stays in force");
            }
        }
    }

    fn has_settled(&self) -> bool {
        let mut seen = self.seen();
        let now: Vec<SeenFile> = seen.files.iter().map(SeenFile::again).collect();
        if now == seen.files {
            seen.changing = None;
            return false;
        }
        seen.changing.replace(now.clone()) == Some(now)
    }

    fn read(&self, path: &Path) -> Result<Rules, WebFileError> {
        let (files, rules) = Rules::read(path);
        *self.seen() = Seen { files, changing: None };
        rules
    }

    fn rules(&self) -> Arc<Rules> {
        self.rules.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn write_rules(&self) -> std::sync::RwLockWriteGuard<'_, Arc<Rules>> {
        self.rules.write().unwrap_or_else(PoisonError::into_inner)
    }

    fn seen(&self) -> std::sync::MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
