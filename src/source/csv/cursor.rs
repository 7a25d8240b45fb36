//! What a stream of files has to remember between two pages.

use std::fs;
use std::io;
use std::path::Path;
use std::time::{Duration, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

use super::rows::Place;
use crate::domain::{Cursor, Timestamp};

/// The form in which cursors are written; part of every fingerprint.
pub(super) const FORM: u32 = 1;

/// What tells one state of a file from another without reading it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct FileId {
    /// Length in bytes.
    size: u64,
    /// When it was last written, in nanoseconds since 1970.
    written_ns: i64,
    /// Its number on its file system (Unix): another one after a file was replaced.
    inode: Option<u64>,
}

impl FileId {
    /// As the file is now.
    pub(super) fn of(path: &Path) -> io::Result<FileId> {
        fs::metadata(path).and_then(|metadata| FileId::from_metadata(&metadata))
    }

    /// As an open file is now.
    pub(super) fn from_metadata(metadata: &fs::Metadata) -> io::Result<FileId> {
        let nanos = |length: Duration| i64::try_from(length.as_nanos()).unwrap_or(i64::MAX);
        let written_ns = match metadata.modified()?.duration_since(UNIX_EPOCH) {
            Ok(since) => nanos(since),
            Err(before) => -nanos(before.duration()),
        };
        Ok(FileId { size: metadata.len(), written_ns, inode: inode(metadata) })
    }

    /// When it was last written.
    pub(super) fn written_at(&self) -> Timestamp {
        Timestamp(self.written_ns.div_euclid(1_000_000))
    }
}

#[cfg(unix)]
fn inode(metadata: &fs::Metadata) -> Option<u64> {
    use std::os::unix::fs::MetadataExt as _;

    Some(metadata.ino())
}

#[cfg(not(unix))]
fn inode(_metadata: &fs::Metadata) -> Option<u64> {
    None
}

/// Where a stream stands.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct State {
    /// The files that were last listed to the end.
    pub(super) loaded: Option<Vec<FileId>>,
    /// When the last listing began, finished or not, in milliseconds since 1970.
    pub(super) last_began_at: Option<i64>,
    /// The listing that is under way.
    pub(super) listing: Option<Listing>,
    /// Files whose time of writing lies in the future, and when they were first seen so.
    pub(super) look: Option<Look>,
}

/// A listing that is under way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Listing {
    /// When it began, in milliseconds since 1970.
    pub(super) began_at: i64,
    /// The files that are listed.
    pub(super) files: Vec<FileId>,
    /// The number of the file in which the next page begins.
    pub(super) file: usize,
    /// Where in that file; none: behind its header.
    pub(super) place: Option<Place>,
    /// Whether rows may have been swallowed by a quote, so that nothing is known to have disappeared.
    pub(super) doubtful: bool,
}

/// Files as they were seen at an instant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Look {
    /// The files.
    pub(super) files: Vec<FileId>,
    /// When, in milliseconds since 1970.
    pub(super) at: i64,
}

impl State {
    /// The state that a cursor holds. One that cannot be read stands for the beginning: all is listed once more.
    pub(super) fn read(cursor: Option<&Cursor>) -> State {
        cursor.and_then(|cursor| serde_json::from_str(&cursor.0).ok()).unwrap_or_default()
    }

    /// As a cursor.
    pub(super) fn cursor(&self) -> Result<Cursor, serde_json::Error> {
        serde_json::to_string(self).map(Cursor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_come_back_from_cursors() {
        let id = FileId { size: 3, written_ns: -1, inode: Some(u64::MAX) };
        let place = Place { byte: u64::MAX, line: 7 };
        let state = State {
            loaded: Some(vec![id]),
            last_began_at: Some(5),
            listing: Some(Listing { began_at: 5, files: vec![id], file: 1, place: Some(place), doubtful: true }),
            look: Some(Look { files: vec![id], at: 9 }),
        };
        assert_eq!(State::read(Some(&state.cursor().unwrap())), state);
        assert_eq!(State::read(Some(&Cursor("of another kind".into()))), State::default());
        assert_eq!(id.written_at(), Timestamp(-1));
    }
}
