//! A text that many scrapes share: compressed once, joined with what is each scrape's own.

use bytes::Bytes;
use crc32fast::Hasher;
use flate2::{Compress, Compression, FlushCompress, Status};

/// Start of a gzip member (RFC 1952, section 2.3): magic, deflate, no flags, no time, no hint, unknown system.
const GZIP_HEADER: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff];

/// Level 1: text as repetitive as this still shrinks several times, at the least cost to a refresh.
const LEVEL: Compression = Compression::fast();

/// An immutable text, plain and compressed. Clones share the memory.
///
/// The compressed form ends at a byte boundary with no final block, so that another deflate stream can follow it in the
/// same gzip member.
#[derive(Debug, Clone)]
pub struct Body {
    plain: Bytes,
    /// Header of a gzip member and the text's deflate blocks, none of them final.
    head: Bytes,
    checksum: Hasher,
}

impl Body {
    /// Compresses `plain`, which takes some 30 ms for 10 MB: not on a thread that serves.
    pub fn new(mut plain: Vec<u8>) -> Body {
        // It lives until the next one is made, and its maker's spare capacity may be as large as itself.
        plain.shrink_to_fit();
        let mut head = GZIP_HEADER.to_vec();
        deflate(&plain, FlushCompress::Full, &mut head);
        head.shrink_to_fit();
        Body { checksum: checksum(&plain), plain: plain.into(), head: head.into() }
    }

    /// The text itself.
    pub fn plain(&self) -> Bytes {
        self.plain.clone()
    }

    /// One gzip member of the text and `tail`, in two pieces to be sent one after the other.
    ///
    /// The cost is that of compressing `tail`; the first piece is shared by all calls.
    pub fn gzip_with(&self, tail: &[u8]) -> (Bytes, Bytes) {
        let mut end = Vec::with_capacity(64 + tail.len() / 4);
        deflate(tail, FlushCompress::Finish, &mut end);
        let mut whole = self.checksum.clone();
        whole.combine(&checksum(tail));
        end.extend_from_slice(&whole.finalize().to_le_bytes());
        // RFC 1952: the length modulo 2^32.
        let length = (self.plain.len() + tail.len()) as u32;
        end.extend_from_slice(&length.to_le_bytes());
        (self.head.clone(), end.into())
    }
}

impl Default for Body {
    /// The empty text.
    fn default() -> Self {
        Body::new(Vec::new())
    }
}

fn checksum(text: &[u8]) -> Hasher {
    let mut hasher = Hasher::new();
    hasher.update(text);
    hasher
}

/// Appends `text`, compressed by itself and flushed, to `out`.
fn deflate(text: &[u8], flush: FlushCompress, out: &mut Vec<u8>) {
    let mut stream = Compress::new(LEVEL, false);
    let mut rest = text;
    loop {
        // zlib repeats its flush mark when it has less than six bytes to write it to.
        out.reserve(64 + rest.len() / 8);
        let before = stream.total_in();
        let status = stream.compress_vec(rest, out, flush).expect("a fresh stream accepts any input");
        rest = &rest[(stream.total_in() - before) as usize..];
        let flushed = rest.is_empty() && out.len() < out.capacity();
        if status == Status::StreamEnd || (flushed && !matches!(flush, FlushCompress::Finish)) {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Read as _, Write as _};
    use std::process::{Command, Stdio};

    use flate2::read::GzDecoder;
    use proptest::prelude::*;

    use super::*;

    /// Series of the kind we serve, several blocks long.
    fn long() -> Vec<u8> {
        (0..20_000).flat_map(|n| format!("crm_activities{{rep=\"Rep {n}\"}} {}\n", n * 7 % 1000).into_bytes()).collect()
    }

    fn gzipped(body: &Body, tail: &[u8]) -> Vec<u8> {
        let (head, end) = body.gzip_with(tail);
        [head, end].concat()
    }

    /// What one member holds; more than one member, or bytes behind it, is a failure.
    fn unzipped(bytes: &[u8]) -> Vec<u8> {
        let mut decoder = GzDecoder::new(bytes);
        let mut text = Vec::new();
        decoder.read_to_end(&mut text).unwrap();
        assert!(decoder.into_inner().is_empty(), "bytes behind the member");
        text
    }

    #[test]
    fn one_member_holds_both_parts() {
        let texts: [&[u8]; 3] = [b"", b"crm_wins 3\n", &long()];
        for plain in texts {
            let body = Body::new(plain.to_vec());
            assert_eq!(body.plain(), plain);
            for tail in texts {
                assert_eq!(unzipped(&gzipped(&body, tail)), [plain, tail].concat());
            }
        }
        assert_eq!(unzipped(&gzipped(&Body::default(), b"")), b"");
    }

    #[test]
    fn scrapes_share_the_large_part() {
        let body = Body::new(long());
        let (first, other) = (body.gzip_with(b"a 1\n").0, body.clone().gzip_with(b"a 2\n").0);
        assert_eq!(first.as_ptr(), other.as_ptr());
        assert_eq!(body.plain().as_ptr(), body.clone().plain().as_ptr());
        assert!(first.len() < body.plain().len() / 3, "{} of {} bytes", first.len(), body.plain().len());
    }

    #[test]
    fn a_wrong_byte_is_noticed() {
        let mut bytes = gzipped(&Body::new(b"crm_wins 3\n".to_vec()), b"crm_losses 2\n");
        for from_end in [1, 5] {
            let at = bytes.len() - from_end;
            bytes[at] ^= 1;
            let mut text = Vec::new();
            assert!(GzDecoder::new(bytes.as_slice()).read_to_end(&mut text).is_err());
            bytes[at] ^= 1;
        }
    }

    #[test]
    fn other_programs_read_it() {
        const PYTHON: &str = "import sys, gzip; sys.stdout.buffer.write(gzip.decompress(sys.stdin.buffer.read()))";
        let plain = long();
        let bytes = gzipped(&Body::new(plain.clone()), b"crm_exporter_series 20000\n");
        for command in [["gzip", "-dc"].as_slice(), &["python3", "-c", PYTHON]] {
            let child =
                Command::new(command[0]).args(&command[1..]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
            let Ok(mut child) = child else {
                println!("skipped: no program {}", command[0]);
                continue;
            };
            let mut input = child.stdin.take().unwrap();
            let writer = std::thread::spawn({
                let bytes = bytes.clone();
                move || input.write_all(&bytes).unwrap()
            });
            let output = child.wait_with_output().unwrap();
            writer.join().unwrap();
            assert!(output.status.success(), "{} fails", command[0]);
            assert_eq!(output.stdout, [plain.as_slice(), b"crm_exporter_series 20000\n"].concat(), "{}", command[0]);
        }
    }

    proptest! {
        #[test]
        fn any_bytes_come_back(plain: Vec<u8>, tail: Vec<u8>) {
            let bytes = gzipped(&Body::new(plain.clone()), &tail);
            prop_assert_eq!(unzipped(&bytes), [plain, tail].concat());
        }
    }
}
