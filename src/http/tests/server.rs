//! A server that says exactly what a test wants, byte by byte, and remembers what it was asked.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// What the server was asked.
#[derive(Debug, Clone)]
pub(super) struct Seen {
    /// Such as `GET /deals?limit=1`.
    pub line: String,
    /// By their names in lower case.
    pub headers: HashMap<String, String>,
    pub body: String,
}

impl Seen {
    pub(super) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }

    /// A field of a form.
    pub(super) fn field(&self, name: &str) -> String {
        let mut fields = form_urlencoded::parse(self.body.as_bytes());
        fields.find(|(field, _)| field == name).map(|(_, value)| value.into_owned()).unwrap_or_default()
    }
}

/// What it says.
#[derive(Debug, Clone)]
pub(super) struct Reply {
    bytes: Vec<u8>,
    hangs: bool,
}

impl Reply {
    /// An answer with a body, `headers` such as `["retry-after: 5"]`.
    pub(super) fn new(status: u16, headers: &[&str], body: impl AsRef<[u8]>) -> Reply {
        let length = format!("content-length: {}", body.as_ref().len());
        let mut reply = Reply::raw(status, &[headers, &[&length]].concat());
        reply.bytes.extend_from_slice(body.as_ref());
        reply
    }

    /// An answer that has only these headers, and no body yet.
    pub(super) fn raw(status: u16, headers: &[&str]) -> Reply {
        let mut text = format!("HTTP/1.1 {status} Said\r\nconnection: close\r\n");
        for header in headers {
            text.push_str(header);
            text.push_str("\r\n");
        }
        text.push_str("\r\n");
        Reply { bytes: text.into_bytes(), hangs: false }
    }

    pub(super) fn json(body: &str) -> Reply {
        Reply::new(200, &["content-type: application/json"], body)
    }

    /// Just these bytes.
    pub(super) fn bytes(bytes: &str) -> Reply {
        Reply { bytes: bytes.into(), hangs: false }
    }

    /// Goes on with these bytes.
    pub(super) fn and(mut self, bytes: &[u8]) -> Reply {
        self.bytes.extend_from_slice(bytes);
        self
    }

    /// Says nothing more, and keeps the connection open.
    pub(super) fn and_hangs(self) -> Reply {
        Reply { hangs: true, ..self }
    }

    /// Never says anything.
    pub(super) fn silence() -> Reply {
        Reply { bytes: Vec::new(), hangs: true }
    }
}

pub(super) struct Server {
    address: SocketAddr,
    seen: Arc<Mutex<Vec<Seen>>>,
    /// Ends with the test's runtime.
    _task: tokio::task::JoinHandle<()>,
}

impl Server {
    /// A server that answers as `reply` says.
    pub(super) async fn start(reply: impl FnMut(&Seen) -> Reply + Send + 'static) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let seen = Arc::<Mutex<Vec<Seen>>>::default();
        let remembered = seen.clone();
        let reply = Arc::new(Mutex::new(reply));
        let _task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, remembered.clone(), reply.clone()));
            }
        });
        Server { address, seen, _task }
    }

    pub(super) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    /// What it was asked so far.
    pub(super) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    /// The lines of what it was asked so far.
    pub(super) fn lines(&self) -> Vec<String> {
        self.seen().into_iter().map(|seen| seen.line).collect()
    }
}

async fn serve(
    mut stream: TcpStream,
    remembered: Arc<Mutex<Vec<Seen>>>,
    reply: Arc<Mutex<impl FnMut(&Seen) -> Reply>>,
) {
    let Some(seen) = read(&mut stream).await else { return };
    remembered.lock().unwrap().push(seen.clone());
    let reply = (reply.lock().unwrap())(&seen);
    // The client may have hung up.
    let _ = stream.write_all(&reply.bytes).await;
    let _ = stream.flush().await;
    if reply.hangs {
        std::future::pending::<()>().await;
    }
}

async fn read(stream: &mut TcpStream) -> Option<Seen> {
    let mut bytes = Vec::new();
    let head = loop {
        if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            break end;
        }
        (stream.read_buf(&mut bytes).await.ok()? > 0).then_some(())?;
    };
    let text = String::from_utf8(bytes[..head].to_vec()).ok()?;
    let mut lines = text.lines();
    let line = lines.next()?.rsplit_once(' ')?.0.to_owned();
    let header = |line: &str| line.split_once(": ").map(|(name, value)| (name.to_lowercase(), value.to_owned()));
    let headers: HashMap<String, String> = lines.filter_map(header).collect();
    let length = headers.get("content-length").map_or(0, |length| length.parse().unwrap_or(0));
    while bytes.len() < head + 4 + length {
        (stream.read_buf(&mut bytes).await.ok()? > 0).then_some(())?;
    }
    Some(Seen { line, headers, body: String::from_utf8(bytes[head + 4..].to_vec()).ok()? })
}
