//! Clients against a server on this machine.

mod answers;
mod faults;
mod oauth;
mod proxies;
mod rates;
mod redirects;
mod retries;
mod server;
mod tokens;

use std::path::Path;
use std::sync::Arc;

use self::server::{Reply, Seen, Server};
use super::*;
use crate::domain::Timestamp;
use crate::meter::Meter;

/// What no error and no log line may hold.
const TOKEN: &str = "tok-0123456789";

fn now() -> Timestamp {
    "2026-11-21T17:00:00Z".parse().unwrap()
}

fn secret(text: &str) -> SecretSource {
    SecretSource::here(Secret::new(text))
}

fn base(server: &Server) -> BaseUrl {
    BaseUrl::new("base_url", &server.url()).unwrap()
}

/// Surroundings with a meter that knows the source `crm`.
fn surroundings() -> (Surroundings, Arc<Meter>) {
    let meter = Arc::new(Meter::new().unwrap());
    meter.add_source("crm", "test");
    (Surroundings::new("crm", meter.clone(), Arc::new(now)), meter)
}

/// A client with a token that sends each request once, otherwise as usual but for what `change` changes.
fn client_with(server: &Server, change: impl FnOnce(&mut Setup)) -> (Client, Arc<Meter>) {
    let (surroundings, meter) = surroundings();
    let mut setup = Setup::new(base(server), Auth::bearer(secret(TOKEN)), &surroundings);
    setup.retries = Retries::NONE;
    change(&mut setup);
    (Client::new(setup).unwrap(), meter)
}

fn client(server: &Server) -> Client {
    client_with(server, |_| ()).0
}

fn get(path: &str) -> Request {
    Request::get("deals", path)
}

/// The samples of a metric, without its name.
fn counted(meter: &Meter, metric: &str) -> Vec<String> {
    let text = String::from_utf8(meter.encode()).unwrap();
    text.lines().filter_map(|line| line.strip_prefix(metric)).map(str::to_owned).collect()
}

/// A server that always says the same.
async fn saying(reply: Reply) -> Server {
    Server::start(move |_: &Seen| reply.clone()).await
}
