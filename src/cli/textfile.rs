//! Figures in a file, for node_exporter's textfile collector.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use anyhow::Context as _;

/// Replaces a file in one go: whoever reads it sees the old content or the new, never a part.
pub(super) fn replace(path: &Path, content: &[u8]) -> anyhow::Result<()> {
    let mut name = path.file_name().with_context(|| format!("{} names no file", path.display()))?.to_owned();
    // In the same directory, so that renaming works; the collector reads only names that end in .prom.
    name.push(format!(".{}.tmp", std::process::id()));
    let temporary = path.with_file_name(name);
    let written = (|| {
        let mut file = fs::File::create(&temporary)?;
        file.write_all(content)?;
        file.sync_all()?;
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
