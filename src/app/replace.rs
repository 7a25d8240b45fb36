//! Files that are there as a whole or not at all.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write as _};
use std::path::Path;

use anyhow::Context as _;

/// Replaces a file in one go: whoever reads it sees the old content or the new, never a part.
///
/// # Errors
///
/// When the file cannot be written; what was there before stays.
pub fn replace(path: &Path, content: &[u8]) -> anyhow::Result<()> {
    replace_with(path, |file| file.write_all(content))
}

/// Replaces a file in one go by what `write` writes.
///
/// # Errors
///
/// As [`replace`]; also when `write` fails.
pub fn replace_with(path: &Path, write: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>) -> anyhow::Result<()> {
    let name = path.file_name().with_context(|| format!("{} names no file", path.display()))?;
    let mut temporary = OsString::from(name);
    // In the same directory, so that renaming works. Whoever collects files by the end of their names passes it over.
    temporary.push(format!(".{}.tmp", std::process::id()));
    let temporary = path.with_file_name(temporary);
    let written = (|| {
        let mut file = BufWriter::new(File::create(&temporary)?);
        write(&mut file)?;
        file.into_inner()?.sync_all()?;
        fs::rename(&temporary, path)
    })();
    if written.is_err() {
        // What went wrong is told; a file left behind would only be in the way.
        let _ = fs::remove_file(&temporary);
    }
    written.with_context(|| format!("cannot write {}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_and_nothing_is_left_beside_it() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("crm.prom");
        replace(&path, b"old").unwrap();
        replace(&path, b"new").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"new");
        assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 1);
        let problem = replace(&directory.path().join("absent/crm.prom"), b"x").unwrap_err();
        assert!(problem.to_string().ends_with("absent/crm.prom"), "{problem}");
    }
}
