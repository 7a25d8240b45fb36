//! CRMs that are not there: servers on the loopback that answer as a CRM does, keep what they were asked, and fail as they
//! are told to.
//!
//! This file is the server that all of them share. What one CRM knows and how it answers lives in a folder of its own and
//! follows the published facts about that CRM, never our connector. Everything is seen through the fake's own clock, so
//! no test waits for a limit to pass or an index to catch up.

mod body;
mod clock;
mod fault;
pub(crate) mod hubspot;
mod log;
mod message;
mod tests;

use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::thread::JoinHandle;

use axum::Router;
use axum::extract::State;
use axum::response::Response;
use tokio_util::sync::CancellationToken;

pub(crate) use self::clock::Clock;
pub(crate) use self::fault::{Fault, When};
pub(crate) use self::log::Entry;
pub(crate) use self::message::{Answer, Request};

/// What a fake CRM does with a request. Called from the server's thread, one request at a time.
pub(crate) trait Crm: Send + Sync + 'static {
    /// Its answer, complete but for the `Date` header.
    fn answer(&self, request: &Request) -> Answer;
}

/// A fake CRM that listens until it is dropped.
pub(crate) struct Server {
    url: String,
    shared: Arc<Shared>,
    stopped: CancellationToken,
    thread: Option<JoinHandle<()>>,
}

struct Shared {
    crm: Arc<dyn Crm>,
    clock: Arc<Clock>,
    log: Mutex<Vec<Entry>>,
    faults: Mutex<Vec<fault::Planned>>,
    keeps_answers: AtomicBool,
}

impl Server {
    /// Listens on a free port of the loopback, in a thread of its own: tests with and without a runtime can use it.
    pub(crate) fn start(crm: Arc<dyn Crm>, clock: Arc<Clock>) -> Server {
        let shared = Arc::new(Shared {
            crm,
            clock,
            log: Mutex::default(),
            faults: Mutex::default(),
            keeps_answers: AtomicBool::new(false),
        });
        let stopped = CancellationToken::new();
        let (told, address) = mpsc::channel();
        let thread = std::thread::spawn({
            let (shared, stopped) = (shared.clone(), stopped.clone());
            move || serve(shared, &stopped, &told)
        });
        let url = format!("http://{}", address.recv().unwrap());
        Server { url, shared, stopped, thread: Some(thread) }
    }

    /// Where it listens, without a slash at the end.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// Lets requests fail from now on; those that a plan counts are counted from here.
    pub(crate) fn plan(&self, when: When, fault: Fault) {
        self.shared.faults.lock().unwrap().push(fault::Planned::new(when, fault));
    }

    /// Forgets all plans: nothing fails any more.
    pub(crate) fn lift(&self) {
        self.shared.faults.lock().unwrap().clear();
    }

    /// Keeps the bodies of answers in the log from now on. A long run would fill the memory with them.
    pub(crate) fn keep_answers(&self) {
        self.shared.keeps_answers.store(true, Ordering::SeqCst);
    }

    /// All requests so far with their answers, in order, and an empty log from here.
    pub(crate) fn take_log(&self) -> Vec<Entry> {
        std::mem::take(&mut *self.shared.log.lock().unwrap())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stopped.cancel();
        if let Some(thread) = self.thread.take() {
            // A panic there has been printed; whoever waited for an answer has failed by it.
            let _ = thread.join();
        }
    }
}

fn serve(shared: Arc<Shared>, stopped: &CancellationToken, told: &mpsc::Sender<SocketAddr>) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        told.send(listener.local_addr().unwrap()).unwrap();
        let router = Router::new().fallback(handle).with_state(shared);
        tokio::select! {
            ended = async { axum::serve(listener, router).await } => ended.unwrap(),
            // Connections are dropped as they are: a body may be stalling on purpose.
            () = stopped.cancelled() => {}
        }
    });
    runtime.shutdown_background();
}

async fn handle(State(shared): State<Arc<Shared>>, request: axum::extract::Request) -> Response {
    let request = Request::read(request).await;
    let at = shared.clock.now();
    let fault = fault::strike(&mut shared.faults.lock().unwrap(), &request);
    let (answer, delivery) = match fault {
        Some(fault) => fault.apply(&request, |request| shared.crm.answer(request)),
        None => (shared.crm.answer(&request), body::Delivery::Whole),
    };
    let keep = shared.keeps_answers.load(Ordering::SeqCst);
    shared.log.lock().unwrap().push(Entry::new(at, &request, &answer, keep));
    answer.with_date(shared.clock.now()).into_response(delivery)
}
