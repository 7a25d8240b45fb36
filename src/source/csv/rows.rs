//! The rows of a file from any offset on, with the lines that they stand in.

use std::fs::File;
use std::io::{self, Cursor, Read};

use csv::{ByteRecord, Reader, ReaderBuilder, Terminator};
use encoding_rs::Encoding;
use serde::{Deserialize, Serialize};

use super::encoding;

/// What parts cells and encloses them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Dialect {
    /// Between cells.
    pub(super) delimiter: u8,
    /// Around cells that contain delimiters, quotes or line ends.
    pub(super) quote: u8,
}

/// Where a row begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Place {
    /// Bytes from the beginning of the file.
    pub(super) byte: u64,
    /// Number of the line, from 1 on.
    pub(super) line: u64,
}

/// A row as it stands in the file.
#[derive(Debug)]
pub(super) struct RawRow {
    /// Its cells, with blanks and perhaps a carriage return at the ends.
    pub(super) cells: ByteRecord,
    /// Number of its first line.
    pub(super) line: u64,
    /// Whether it runs over several lines.
    pub(super) spans_lines: bool,
}

/// Some rows in a row.
#[derive(Debug)]
pub(super) struct Batch {
    /// The rows.
    pub(super) rows: Vec<RawRow>,
    /// Where the next batch begins; none at the end of the file.
    pub(super) next: Option<Place>,
    /// Whether the last of the rows opens a quote that is not closed before the end of the file.
    pub(super) unclosed: bool,
}

/// Reads up to `limit` rows of `file` from `from` on. Blank lines, and rows of blank cells, are no rows.
pub(super) fn read_batch(
    file: &File,
    dialect: Dialect,
    encoding: &'static Encoding,
    from: Place,
    limit: usize,
) -> io::Result<Batch> {
    let mut reader = Lines::new(encoding::open_at(file, encoding, from.byte)?, dialect, from.line);
    let mut rows = Vec::new();
    let mut behind = 0;
    let mut next_line = from.line;
    // One row more tells whether there is another batch.
    while let Some(row) = reader.next_row()? {
        if rows.len() == limit {
            let byte = from.byte + encoding::file_length(file, encoding, from.byte, behind)?;
            return Ok(Batch { rows, next: Some(Place { byte, line: next_line }), unclosed: false });
        }
        rows.push(row);
        (behind, next_line) = reader.position();
    }
    Ok(Batch { rows, next: None, unclosed: !reader.at_mark })
}

/// A csv reader that knows lines and whether the last quote was closed.
///
/// Rows end at line feeds only, and a carriage return before one stays in the last cell, from where trimming takes it:
/// so positions lie behind whole line ends, which they otherwise do not in files with Windows line ends.
struct Lines<'f> {
    reader: Reader<Box<dyn Read + 'f>>,
    first_line: u64,
    /// Whether the mark behind the end of the file has been met.
    at_mark: bool,
}

impl<'f> Lines<'f> {
    fn new(bytes: Box<dyn Read + 'f>, dialect: Dialect, first_line: u64) -> Self {
        // A mark behind the end: a quote on a line of its own. If the file left a quote open, the mark closes it and
        // disappears in the last row; otherwise it opens one and arrives as a row of one line feed.
        let mark = Cursor::new([b'\n', dialect.quote, b'\n']);
        let reader = ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(dialect.delimiter)
            .quote(dialect.quote)
            .terminator(Terminator::Any(b'\n'))
            .from_reader(Box::new(bytes.chain(mark)) as Box<dyn Read + 'f>);
        Lines { reader, first_line, at_mark: false }
    }

    fn next_row(&mut self) -> io::Result<Option<RawRow>> {
        let mut cells = ByteRecord::new();
        while self.reader.read_byte_record(&mut cells).map_err(io::Error::from)? {
            self.at_mark = cells.len() == 1 && &cells[0] == b"\n";
            let blank = cells.iter().all(|cell| cell.trim_ascii().is_empty());
            if blank {
                continue;
            }
            let inner = cells.iter().flatten().filter(|byte| **byte == b'\n').count() as u64;
            let line = self.position().1 - 1 - inner;
            return Ok(Some(RawRow { cells, line, spans_lines: inner > 0 }));
        }
        Ok(None)
    }

    /// Bytes read and the number of the next line, behind the row that was read last.
    fn position(&self) -> (u64, u64) {
        let position = self.reader.position();
        (position.byte(), self.first_line + position.line() - 1)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use encoding_rs::{UTF_8, UTF_16LE};

    use super::*;

    const COMMA: Dialect = Dialect { delimiter: b',', quote: b'"' };

    fn file(content: &[u8]) -> File {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(content).unwrap();
        file
    }

    /// Line and cells of all rows, read in batches of `limit`.
    fn rows(file: &File, encoding: &'static Encoding, limit: usize) -> (Vec<(u64, Vec<String>)>, bool) {
        let (mut found, mut place) = (Vec::new(), Place { byte: 0, line: 1 });
        loop {
            let batch = read_batch(file, COMMA, encoding, place, limit).unwrap();
            for row in batch.rows {
                let text = |cell| String::from_utf8_lossy(cell).trim().to_owned();
                found.push((row.line, row.cells.iter().map(text).collect()));
            }
            match batch.next {
                Some(next) => place = next,
                None => return (found, batch.unclosed),
            }
        }
    }

    #[test]
    fn lines_are_right_whatever_ends_them_and_wherever_a_batch_begins() {
        let unix = "id,x\na,1\n\n\nb,\"q\nr, \"\"s\"\"\"\nc,3\n";
        let expected = [(1, ["id", "x"]), (2, ["a", "1"]), (5, ["b", "q\nr, \"s\""]), (7, ["c", "3"])];
        let without_end = unix.trim_end();
        for (text, windows) in [(unix, false), (without_end, false), (unix, true), (without_end, true)] {
            let text = if windows { text.replace('\n', "\r\n") } else { text.to_owned() };
            let units: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
            for (file, encoding) in [(file(text.as_bytes()), UTF_8), (file(&units), UTF_16LE)] {
                for limit in 1..6 {
                    let (found, unclosed) = rows(&file, encoding, limit);
                    let found: Vec<_> =
                        found.into_iter().map(|(line, cells)| (line, cells.join("|").replace("\r\n", "\n"))).collect();
                    let expected: Vec<_> = expected.iter().map(|(line, cells)| (*line, cells.join("|"))).collect();
                    assert_eq!(found, expected, "{text:?} in {} by {limit}", encoding.name());
                    assert!(!unclosed);
                }
            }
        }
    }

    #[test]
    fn a_quote_that_is_never_closed_is_told() {
        let open = file(b"id,x\na,\"1\nb,2\nc,3\n");
        for limit in 2..4 {
            let (found, unclosed) = rows(&open, UTF_8, limit);
            assert_eq!(found.len(), 2);
            assert!(unclosed, "by {limit}");
        }
        // A quote inside a cell that does not begin with one opens nothing; a quoted line end closes itself.
        assert!(!rows(&file(b"id,x\na,5\" pipe\n"), UTF_8, 9).1);
        assert!(!rows(&file(b"id,x\na,\"1\n\""), UTF_8, 9).1);
        assert!(!rows(&file(b""), UTF_8, 9).1);
    }
}
