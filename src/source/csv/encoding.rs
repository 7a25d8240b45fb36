//! Bytes into text: byte order marks, UTF-16 as a stream of UTF-8, and cells of other encodings.
//!
//! A file is never held whole. UTF-8 and encodings in which delimiters and quotes are their ASCII bytes are taken apart
//! as bytes and decoded cell by cell, so a row's offset in the file is simply known. UTF-16 is turned into UTF-8 on the
//! way; the offset of a row is then found by counting the code units of its page once more.

use std::borrow::Cow;
use std::fs::File;
use std::io::{self, BufReader, Read, Seek as _, SeekFrom};

use encoding_rs::{Encoding, ISO_2022_JP, REPLACEMENT, UTF_8, UTF_16BE, UTF_16LE, X_USER_DEFINED};

/// How many bytes a byte order mark has at most.
const LONGEST_MARK: u64 = 3;

/// The encoding of that label, if files in it can be read.
pub(super) fn named(label: &str) -> Option<&'static Encoding> {
    Encoding::for_label(label.as_bytes()).filter(|known| ![REPLACEMENT, ISO_2022_JP, X_USER_DEFINED].contains(known))
}

/// Whether `byte` always stands for its ASCII character: in some East Asian encodings, from `0` on, it may also be the
/// second half of another character.
pub(super) fn is_unambiguous(encoding: &'static Encoding, byte: u8) -> bool {
    byte < b'0' || [UTF_8, UTF_16LE, UTF_16BE].contains(&encoding) || encoding.is_single_byte() || byte == b';'
}

/// The encoding that the file's byte order mark tells, else `configured`, and where the text begins.
pub(super) fn detect(mut file: &File, configured: &'static Encoding) -> io::Result<(&'static Encoding, u64)> {
    file.seek(SeekFrom::Start(0))?;
    let mut start = Vec::new();
    file.take(LONGEST_MARK).read_to_end(&mut start)?;
    Ok(match Encoding::for_bom(&start) {
        Some((told, length)) => (told, length as u64),
        None => (configured, 0),
    })
}

/// The bytes of `file` from `offset` on; those of a file in UTF-16 as UTF-8.
pub(super) fn open_at<'f>(
    mut file: &'f File,
    encoding: &'static Encoding,
    offset: u64,
) -> io::Result<Box<dyn Read + 'f>> {
    file.seek(SeekFrom::Start(offset))?;
    Ok(if is_utf16(encoding) { Box::new(Utf16::new(file, encoding)) } else { Box::new(file) })
}

/// How many bytes of `file` from `offset` on are the next `length` bytes of [`open_at`].
pub(super) fn file_length(mut file: &File, encoding: &'static Encoding, offset: u64, length: u64) -> io::Result<u64> {
    if !is_utf16(encoding) {
        return Ok(length);
    }
    file.seek(SeekFrom::Start(offset))?;
    let mut text = Utf16::new(file, encoding);
    let (mut read, mut units) = (0, 0);
    while read < length {
        let Some(character) = text.character()? else { break };
        read += character.len_utf8() as u64;
        units += character.len_utf16() as u64;
    }
    Ok(units * 2)
}

/// The text of a cell; nothing if its bytes are none in this encoding.
pub(super) fn decode<'c>(encoding: &'static Encoding, cell: &'c [u8]) -> Option<Cow<'c, str>> {
    if is_utf16(encoding) || encoding == UTF_8 {
        return std::str::from_utf8(cell).ok().map(Cow::Borrowed);
    }
    let (text, malformed) = encoding.decode_without_bom_handling(cell);
    (!malformed).then_some(text)
}

fn is_utf16(encoding: &'static Encoding) -> bool {
    encoding == UTF_16LE || encoding == UTF_16BE
}

/// Reads UTF-16 as UTF-8. What is no character becomes U+FFFD, which takes one code unit too.
struct Utf16<R> {
    bytes: BufReader<R>,
    big_endian: bool,
    /// A code unit that was read but belongs to the next character.
    ahead: Option<u16>,
    /// The character that is being handed out.
    utf8: [u8; 4],
    left: std::ops::Range<usize>,
}

impl<R: Read> Utf16<R> {
    fn new(bytes: R, encoding: &'static Encoding) -> Self {
        let big_endian = encoding == UTF_16BE;
        Utf16 { bytes: BufReader::new(bytes), big_endian, ahead: None, utf8: [0; 4], left: 0..0 }
    }

    fn unit(&mut self) -> io::Result<Option<u16>> {
        if let Some(unit) = self.ahead.take() {
            return Ok(Some(unit));
        }
        let mut pair = [0; 2];
        match self.bytes.read_exact(&mut pair) {
            Ok(()) => Ok(Some(if self.big_endian { u16::from_be_bytes(pair) } else { u16::from_le_bytes(pair) })),
            // A lone last byte is no text.
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn character(&mut self) -> io::Result<Option<char>> {
        let Some(first) = self.unit()? else { return Ok(None) };
        if !(0xD800..0xDC00).contains(&first) {
            return Ok(Some(char::from_u32(u32::from(first)).unwrap_or(char::REPLACEMENT_CHARACTER)));
        }
        let second = self.unit()?;
        let pair = [first, second.unwrap_or_default()];
        let character = char::decode_utf16(pair).next().and_then(Result::ok);
        if character.is_none() {
            self.ahead = second;
        }
        Ok(Some(character.unwrap_or(char::REPLACEMENT_CHARACTER)))
    }
}

impl<R: Read> Read for Utf16<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut filled = 0;
        while filled < buffer.len() {
            if self.left.is_empty() {
                let Some(character) = self.character()? else { break };
                self.left = 0..character.encode_utf8(&mut self.utf8).len();
            }
            let part = self.left.len().min(buffer.len() - filled);
            buffer[filled..filled + part].copy_from_slice(&self.utf8[self.left.start..self.left.start + part]);
            self.left.start += part;
            filled += part;
        }
        Ok(filled)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes_of(units: &[u16]) -> Vec<u8> {
        units.iter().flat_map(|unit| unit.to_le_bytes()).collect()
    }

    #[test]
    fn utf16_becomes_utf8_whatever_the_size_of_the_reads() {
        let mut units: Vec<u16> = "aé€😀z".encode_utf16().collect();
        // A lone high surrogate, a lone low one, and half a unit at the end.
        units.extend([0xD83D, 0x0062, 0xDE00]);
        let mut bytes = bytes_of(&units);
        bytes.push(7);
        for size in 1..8 {
            let mut reader = Utf16::new(bytes.as_slice(), UTF_16LE);
            let (mut text, mut buffer) = (Vec::new(), vec![0; size]);
            loop {
                match reader.read(&mut buffer).unwrap() {
                    0 => break,
                    read => text.extend_from_slice(&buffer[..read]),
                }
            }
            assert_eq!(String::from_utf8(text).unwrap(), "aé€😀z\u{fffd}b\u{fffd}");
        }
    }

    #[test]
    fn offsets_are_counted_back_to_the_file() {
        use std::io::Write as _;

        let mut file = tempfile::tempfile().unwrap();
        file.write_all(&bytes_of(&"aé€😀z".encode_utf16().collect::<Vec<_>>())).unwrap();
        // a: 1 byte, é: 2, €: 3, 😀: 4 in UTF-8; 1, 1, 1, 2 units in UTF-16.
        for (utf8, expected) in [(0, 0), (1, 2), (3, 4), (6, 6), (10, 10), (11, 12), (99, 12)] {
            assert_eq!(file_length(&file, UTF_16LE, 0, utf8).unwrap(), expected, "{utf8}");
        }
        assert_eq!(file_length(&file, UTF_16LE, 2, 5).unwrap(), 4);
        assert_eq!(file_length(&file, UTF_8, 0, 5).unwrap(), 5);
    }

    #[test]
    fn delimiters_that_may_be_half_a_character_are_known() {
        let japanese = named("shift_jis").unwrap();
        assert!(is_unambiguous(japanese, b',') && is_unambiguous(japanese, b';') && is_unambiguous(japanese, b'\t'));
        assert!(!is_unambiguous(japanese, b'|'));
        assert!(is_unambiguous(named("windows-1252").unwrap(), b'|') && is_unambiguous(UTF_8, b'|'));
        assert!(named("iso-2022-jp").is_none() && named("klingon").is_none());
    }
}
