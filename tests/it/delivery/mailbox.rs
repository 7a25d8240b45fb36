//! A stand-in for a mail server: takes every letter and remembers it.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::SystemTime;

/// A letter as its reader sees it.
#[derive(Debug, Clone)]
pub(super) struct Letter {
    /// Whom the sender told the server to bring it to.
    pub(super) to: Vec<String>,
    pub(super) subject: String,
    pub(super) text: String,
    pub(super) html: String,
    pub(super) came_at: SystemTime,
}

/// The server, on a port of its own. It ends with the process.
pub(super) struct Mailbox {
    pub(super) address: String,
    letters: Arc<Mutex<Vec<Letter>>>,
}

impl Mailbox {
    pub(super) fn open() -> Mailbox {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let letters = Arc::default();
        let taken = Arc::clone(&letters);
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let taken = Arc::clone(&taken);
                thread::spawn(move || converse(stream, &taken));
            }
        });
        Mailbox { address, letters }
    }

    /// All letters so far.
    pub(super) fn letters(&self) -> Vec<Letter> {
        self.letters.lock().unwrap().clone()
    }

    /// The letters to an address so far.
    pub(super) fn of(&self, address: &str) -> Vec<Letter> {
        self.letters().into_iter().filter(|letter| letter.to.iter().any(|to| to == address)).collect()
    }
}

/// The little of RFC 5321 that a sender without credentials needs.
fn converse(stream: TcpStream, letters: &Mutex<Vec<Letter>>) -> Option<()> {
    let mut lines = BufReader::new(stream.try_clone().ok()?).lines().map_while(Result::ok);
    let say = |answer: &str| (&stream).write_all(format!("{answer}\r\n").as_bytes()).ok();
    say("220 here")?;
    let mut to = Vec::new();
    while let Some(line) = lines.next() {
        let verb = line.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase();
        match verb.as_str() {
            "DATA" => {
                say("354 go on")?;
                let body: Vec<String> = lines.by_ref().take_while(|line| line != ".").collect();
                letters.lock().unwrap().push(letter(std::mem::take(&mut to), &body.join("\n")));
            }
            "RCPT" => to.extend(line.split(['<', '>']).nth(1).map(str::to_owned)),
            "QUIT" => return say("221 bye"),
            _ => {}
        }
        say("250 yes")?;
    }
    Some(())
}

fn letter(to: Vec<String>, raw: &str) -> Letter {
    let subject = raw.lines().find_map(|line| line.strip_prefix("Subject: ")).unwrap_or_default().to_owned();
    Letter { to, subject, text: part(raw, "text/plain"), html: part(raw, "text/html"), came_at: SystemTime::now() }
}

/// The part of a MIME message that has this type; empty if it has none.
fn part(raw: &str, kind: &str) -> String {
    let from = raw.find(&format!("Content-Type: {kind}"));
    let body = from.and_then(|from| raw[from..].split_once("\n\n"));
    let body = body.map_or("", |(_, body)| body.split_once("\n--").map_or(body, |(body, _)| body));
    unquoted(body).trim().to_owned()
}

/// Text out of its quoted-printable form (RFC 2045, 6.7).
fn unquoted(text: &str) -> String {
    let text = text.replace("=\n", "");
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        let code = |high: u8, low: u8| {
            let digits = [high, low];
            u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()
        };
        match byte {
            b'=' => bytes.extend(rest.next().zip(rest.next()).and_then(|(high, low)| code(high, low))),
            plain => bytes.push(plain),
        }
    }
    String::from_utf8(bytes).unwrap()
}

#[test]
fn quoted_text_is_read() {
    assert_eq!(unquoted("a=3Db =E2=82=\n=AC 5"), "a=b \u{20ac} 5");
}
