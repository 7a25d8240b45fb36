//! Clients that are slow, silent or gone, over real connections. No test waits for time to pass but those of a limit,
//! which set it short and end when it is over.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream as Client};

use axum::body::Bytes;
use axum::routing::get;
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use tokio::runtime::Runtime;
use tokio::task::JoinHandle;

use super::*;

const LONG: Duration = Duration::from_secs(3_600);
const SHORT: Duration = Duration::from_millis(20);

/// More than the buffers of a connection take.
const LARGE: usize = 64 << 20;

const PATIENT: Limits = Limits { handshake: LONG, header: LONG, stall: LONG, grace: LONG, pause: LONG, connections: 8 };

struct Running {
    runtime: Runtime,
    address: SocketAddr,
    shutdown: CancellationToken,
    ended: JoinHandle<()>,
}

fn start(limits: Limits) -> Running {
    start_with(limits, WebFile::default())
}

/// Starts a server that speaks TLS; with what clients have to trust.
fn start_encrypted(limits: Limits) -> (Running, RootCertStore) {
    let pair = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("crt"), pair.cert.pem()).unwrap();
    std::fs::write(directory.path().join("key"), pair.signing_key.serialize_pem()).unwrap();
    let file = directory.path().join("web.yml");
    std::fs::write(&file, "tls_server_config: {cert_file: crt, key_file: key}").unwrap();
    let mut roots = RootCertStore::empty();
    roots.add(pair.cert.der().clone()).unwrap();
    (start_with(limits, WebFile::open(Some(&file)).unwrap()), roots)
}

fn start_with(limits: Limits, web_file: WebFile) -> Running {
    let runtime = Runtime::new().unwrap();
    let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
    let address = listener.local_addr().unwrap();
    let large = Bytes::from(vec![b'x'; LARGE]);
    let router = Router::new().route("/small", get(|| async { "small" })).route("/large", get(|| async { large }));
    let site = Site { router, web_file: web_file.into() };
    let shutdown = CancellationToken::new();
    let ended = runtime.spawn(serve_within(limits, listener, site, shutdown.clone()));
    Running { runtime, address, shutdown, ended }
}

impl Running {
    fn connect(&self) -> Client {
        let client = Client::connect(self.address).unwrap();
        client.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        client
    }

    /// A connection encrypted as `roots` can trust, on which the large response is asked for.
    fn encrypted(&self, roots: RootCertStore) -> StreamOwned<ClientConnection, Client> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
        let config = Arc::new(config.with_root_certificates(roots).with_no_client_auth());
        let connection = ClientConnection::new(config, "localhost".try_into().unwrap()).unwrap();
        let mut client = StreamOwned::new(connection, self.connect());
        client.write_all(b"GET /large HTTP/1.1\r\nHost: x\r\n\r\n").unwrap();
        client
    }

    /// A connection on which the header and the first bytes of the large response have arrived.
    fn reading(&self) -> Client {
        let mut client = self.connect();
        client.write_all(b"GET /large HTTP/1.1\r\nHost: x\r\n\r\n").unwrap();
        let mut start = [0; 1024];
        client.read_exact(&mut start).unwrap();
        assert!(start.starts_with(b"HTTP/1.1 200"));
        client
    }

    /// Returns once the server has ended; `shutdown` must have been cancelled.
    fn join(self) {
        self.runtime.block_on(self.ended).unwrap();
    }
}

/// Asks for the small response and reads it whole; the connection stays open.
fn ask(client: &mut Client) {
    client.write_all(b"GET /small HTTP/1.1\r\nHost: x\r\n\r\n").unwrap();
    let mut read = Vec::new();
    while !read.ends_with(b"\r\n\r\nsmall") {
        let mut some = [0; 512];
        let length = client.read(&mut some).unwrap();
        assert_ne!(length, 0, "closed too early");
        read.extend_from_slice(&some[..length]);
    }
}

/// Length of all that still comes; none where the connection was reset.
fn rest(client: &mut Client) -> Option<usize> {
    let mut read = Vec::new();
    match client.read_to_end(&mut read) {
        Ok(length) => Some(length),
        Err(error) if error.kind() == io::ErrorKind::ConnectionReset => None,
        Err(error) => panic!("{error}"),
    }
}

#[test]
fn a_connection_serves_several_requests() {
    let running = start(PATIENT);
    let mut client = running.connect();
    ask(&mut client);
    ask(&mut client);
}

#[test]
fn a_stop_closes_idle_connections_at_once() {
    let running = start(PATIENT);
    let (mut used, mut fresh) = (running.connect(), running.connect());
    ask(&mut used);
    running.shutdown.cancel();
    let address = running.address;
    running.join();
    assert_eq!(rest(&mut used), Some(0));
    // Closed in good order if it had been accepted, else reset.
    assert!(matches!(rest(&mut fresh), Some(0) | None));
    assert!(Client::connect(address).is_err(), "still accepted");
}

#[test]
fn a_stop_lets_responses_be_finished() {
    let running = start(PATIENT);
    let mut client = running.reading();
    running.shutdown.cancel();
    let read = rest(&mut client).unwrap();
    assert!((LARGE - 1024..LARGE).contains(&read), "{read} bytes");
    running.join();
}

#[test]
fn a_stop_cuts_stalled_clients_when_its_time_is_over() {
    let running = start(Limits { grace: SHORT, ..PATIENT });
    let mut stalled = running.reading();
    let mut half = running.connect();
    half.write_all(b"GET /small HTTP/1.1\r\nHo").unwrap();
    running.shutdown.cancel();
    running.join();
    assert!(rest(&mut stalled).is_none_or(|read| read < LARGE - 1024));
    assert!(matches!(rest(&mut half), Some(0) | None));
}

#[test]
fn a_client_that_stops_reading_is_cut() {
    let running = start(Limits { stall: SHORT, connections: 1, ..PATIENT });
    let _stalled = running.reading();
    // Accepted only once the stalled one is gone.
    ask(&mut running.connect());
}

#[test]
fn a_client_that_never_finishes_its_header_is_cut() {
    let running = start(Limits { header: SHORT, ..PATIENT });
    let mut half = running.connect();
    half.write_all(b"GET /small HTTP/1.1\r\nHo").unwrap();
    assert_eq!(rest(&mut half), Some(0));
}

#[test]
fn a_client_that_never_agrees_on_tls_is_cut() {
    let (running, _) = start_encrypted(Limits { handshake: SHORT, ..PATIENT });
    assert_eq!(rest(&mut running.connect()), Some(0));
}

#[test]
fn a_stop_does_not_wait_for_clients_that_agree_on_tls() {
    let (running, _) = start_encrypted(PATIENT);
    let mut silent = running.connect();
    running.shutdown.cancel();
    running.join();
    assert!(matches!(rest(&mut silent), Some(0) | None));
}

#[test]
fn a_stop_lets_encrypted_responses_be_finished() {
    let (running, roots) = start_encrypted(PATIENT);
    let mut client = running.encrypted(roots);
    let mut read = vec![0; 1024];
    client.read_exact(&mut read).unwrap();
    running.shutdown.cancel();
    // A connection that is cut has no proper end, which is an error.
    let length = client.read_to_end(&mut read).unwrap();
    assert!((LARGE - 1024..LARGE).contains(&length), "{length} bytes");
    running.join();
}

#[test]
fn an_encrypted_client_that_stops_reading_is_cut() {
    let (running, roots) = start_encrypted(Limits { stall: SHORT, connections: 1, ..PATIENT });
    let mut stalled = running.encrypted(roots.clone());
    stalled.read_exact(&mut [0; 1024]).unwrap();
    // Accepted only once the stalled one is gone.
    running.encrypted(roots).read_exact(&mut [0; 1024]).unwrap();
}
