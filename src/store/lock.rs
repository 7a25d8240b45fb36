//! One writer: a lock that the operating system drops with the process, however that ends.

use std::fs::{self, File, TryLockError};
use std::io::{self, Write as _};
use std::path::Path;

use super::error::OpenError;
use super::open::{private, sidecar};

/// Held as long as the store is open for writing. The lock file stays behind, since removing it would be a race.
#[derive(Debug)]
pub(super) struct WriterLock {
    _file: File,
}

impl WriterLock {
    /// Takes the lock, and leaves in its file who has it.
    pub(super) fn take(store: &Path) -> Result<WriterLock, OpenError> {
        let path = sidecar(store, ".lock");
        let failed = |cause: io::Error| OpenError::Lock { path: path.clone(), cause };
        let mut file = private().create(true).truncate(false).open(&path).map_err(failed)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let holder = fs::read_to_string(&path).map_err(failed)?;
                let holder = if holder.is_empty() { "another process".to_owned() } else { holder };
                return Err(OpenError::Held { path: store.to_owned(), holder });
            }
            Err(TryLockError::Error(cause)) => return Err(failed(cause)),
        }
        file.set_len(0).map_err(failed)?;
        write!(file, "process {} on host {}", std::process::id(), host()).map_err(failed)?;
        Ok(WriterLock { _file: file })
    }
}

/// This host's name: a process id alone says little where the file is on a shared volume.
fn host() -> String {
    let name = fs::read_to_string("/proc/sys/kernel/hostname").ok().or_else(|| std::env::var("HOSTNAME").ok());
    name.map_or_else(|| "unknown".to_owned(), |name| name.trim().to_owned())
}
