//! What a scrape of 100,000 series costs, against a constant body of the same length, while another thread keeps a core
//! busy. Run with `cargo bench --bench scrape`.
#![expect(clippy::unwrap_used, reason = "a failed measurement is none")]

use std::hint::black_box;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Bytes;
use axum::routing::get;
use crm_exporter::domain::Timestamp;
use crm_exporter::expose::{self, Explained, Published, Reloaded, State, Status};
use crm_exporter::exposition::{Body, Encoder, Labels};
use tokio::runtime::Runtime;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

const SERIES: usize = 100_000;
const OWN_SERIES: usize = 200;
const SCRAPES: usize = 500;

fn main() {
    let started = Instant::now();
    let text = figures("crm_activities", SERIES);
    let encoded = started.elapsed();
    let started = Instant::now();
    let body = Body::new(text);
    let compressed = started.elapsed();
    let own = figures("crm_exporter_own", OWN_SERIES);

    let plain = Bytes::from([&body.plain(), own.as_slice()].concat());
    let (head, tail) = body.gzip_with(&own);
    let gzip = Bytes::from([head, tail].concat());
    println!("{SERIES} series and {OWN_SERIES} of its own: {} bytes, gzip {} bytes", plain.len(), gzip.len());
    println!("encoded in {encoded:.1?}, compressed in {compressed:.1?}");

    let runtime = Runtime::new().unwrap();
    let ours = serve(&runtime, expose::router(state(body, own)));
    let constants = Router::new().route("/plain", get(|| async { plain })).route("/gzip", get(|| async { gzip }));
    let constant = serve(&runtime, constants);

    let busy = Arc::new(AtomicBool::new(true));
    let burner = std::thread::spawn({
        let busy = busy.clone();
        move || burn(&busy)
    });
    println!("{SCRAPES} scrapes each, one after the other, while one core is kept busy:");
    println!("{:<16} {:>10} {:>10} {:>10}", "", "p50", "p99", "max");
    for (name, server, path, encoding) in [
        ("plain", ours, "/metrics", "identity"),
        ("plain, constant", constant, "/plain", "identity"),
        ("gzip", ours, "/metrics", "gzip"),
        ("gzip, constant", constant, "/gzip", "gzip"),
    ] {
        let times = scrapes(server, path, encoding);
        let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize];
        println!("{name:<16} {:>10.2?} {:>10.2?} {:>10.2?}", at(0.5), at(0.99), at(1.0));
    }
    busy.store(false, Ordering::Relaxed);
    burner.join().unwrap();
}

/// A family of so many series that look like ours.
fn figures(name: &str, series: usize) -> Vec<u8> {
    let mut encoder = Encoder::default();
    encoder.family(name, "Activities done.");
    let mut labels = Labels::default();
    for rep in 0..series.div_ceil(50) {
        labels.clear();
        labels.push("team", &format!("Team {}", rep % 17)).push("rep", &format!("Person {rep}"));
        let person = labels.mark();
        for n in 0..50.min(series - rep * 50) {
            labels.truncate(person);
            let kind = ["call", "email", "meeting", "task", "other"][n % 5];
            labels.push("kind", kind).push("window", &format!("{n}d"));
            encoder.sample_with(&labels, (rep * 7919 % 1009 * n) as f64 / 4.0);
        }
    }
    encoder.finish()
}

fn state(body: Body, own: Vec<u8>) -> State {
    let at = Timestamp(1_795_280_400_000);
    let (_, snapshot) = watch::channel(Some(Arc::new(Published { body, at, series: SERIES, complete: true })));
    let status = Status {
        now: at,
        version: String::new(),
        docs: None,
        ready: Ok(()),
        settings_read: Some(at),
        reload_failed: None,
        sources: vec![],
    };
    State {
        snapshot,
        own: Arc::new(move || own.clone()),
        status: Arc::new(move || status.clone()),
        reload: Arc::new(|| Box::pin(std::future::ready(Reloaded::NotEnabled))),
        explain: Arc::new(|_| Box::pin(std::future::ready(Explained::NotEnabled))),
    }
}

fn serve(runtime: &Runtime, router: Router) -> SocketAddr {
    let listener = runtime.block_on(expose::bind("127.0.0.1:0")).unwrap();
    let address = listener.local_addr().unwrap();
    runtime.spawn(expose::serve(listener, router, Arc::default(), CancellationToken::new()));
    address
}

fn burn(busy: &AtomicBool) {
    let mut number = 1_u64;
    while busy.load(Ordering::Relaxed) {
        for _ in 0..10_000 {
            number = black_box(number.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1));
        }
    }
}

/// Times from request to last byte over one connection, sorted; the first few are not counted.
fn scrapes(server: SocketAddr, path: &str, encoding: &str) -> Vec<Duration> {
    let request = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: {encoding}\r\n\r\n");
    let mut client = TcpStream::connect(server).unwrap();
    let mut buffer = vec![0; 1 << 18];
    let mut times: Vec<Duration> = (0..SCRAPES + 20)
        .map(|_| {
            let started = Instant::now();
            client.write_all(request.as_bytes()).unwrap();
            read_response(&mut client, &mut buffer);
            started.elapsed()
        })
        .skip(20)
        .collect();
    times.sort_unstable();
    times
}

/// Reads a response whose length its header tells.
fn read_response(client: &mut TcpStream, buffer: &mut [u8]) {
    let mut header = Vec::new();
    let body_at = loop {
        let read = client.read(buffer).unwrap();
        assert_ne!(read, 0, "closed too early");
        header.extend_from_slice(&buffer[..read]);
        if let Some(at) = header.windows(4).position(|four| four == b"\r\n\r\n") {
            break at + 4;
        }
    };
    let head = std::str::from_utf8(&header[..body_at]).unwrap();
    assert!(head.starts_with("HTTP/1.1 200"));
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap();
    let mut rest = length.parse::<usize>().unwrap() - (header.len() - body_at);
    while rest > 0 {
        let read = client.read(buffer).unwrap();
        assert_ne!(read, 0, "closed too early");
        rest -= read;
    }
}
