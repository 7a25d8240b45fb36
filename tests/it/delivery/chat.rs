//! A stand-in for Slack: takes what Alertmanager posts and remembers it.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use serde_json::Value;

/// A message as a channel shows it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Message {
    pub(super) channel: String,
    pub(super) title: String,
    pub(super) link: String,
    pub(super) text: String,
    pub(super) color: String,
    /// Who posted it: the header with the token.
    pub(super) authorization: String,
}

/// The server, on a port of its own. It ends with the process.
pub(super) struct Chat {
    pub(super) address: String,
    messages: Arc<Mutex<Vec<Message>>>,
}

impl Chat {
    pub(super) fn open() -> Chat {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let messages = Arc::default();
        let taken = Arc::clone(&messages);
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let taken = Arc::clone(&taken);
                thread::spawn(move || answer(stream, &taken));
            }
        });
        Chat { address, messages }
    }

    /// All messages so far.
    pub(super) fn messages(&self) -> Vec<Message> {
        self.messages.lock().unwrap().clone()
    }

    /// The messages of a channel so far.
    pub(super) fn of(&self, channel: &str) -> Vec<Message> {
        self.messages().into_iter().filter(|message| message.channel == channel).collect()
    }
}

/// Takes one request; whoever has another connects again.
fn answer(stream: TcpStream, messages: &Mutex<Vec<Message>>) -> Option<()> {
    let mut reader = BufReader::new(stream.try_clone().ok()?);
    let (mut length, mut authorization) = (0, String::new());
    let mut line = String::new();
    while reader.read_line(&mut line).ok()? > 2 {
        let (name, value) = line.split_once(':').unwrap_or((&line, ""));
        match name.to_ascii_lowercase().as_str() {
            "content-length" => length = value.trim().parse().ok()?,
            "authorization" => authorization = value.trim().to_owned(),
            _ => {}
        }
        line.clear();
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    let body: Value = serde_json::from_slice(&body).ok()?;
    let attachment = &body["attachments"][0];
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    messages.lock().unwrap().push(Message {
        channel: text(&body["channel"]),
        title: text(&attachment["title"]),
        link: text(&attachment["title_link"]),
        text: text(&attachment["text"]),
        color: text(&attachment["color"]),
        authorization,
    });
    let answer = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 11\r\nConnection: close\r\n\r\n{\"ok\":true}";
    (&stream).write_all(answer.as_bytes()).ok()
}
