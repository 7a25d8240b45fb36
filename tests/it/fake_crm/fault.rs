//! What goes wrong, and at which request.

use std::ops::Range;
use std::sync::Arc;

use serde_json::Value;

use super::body::Delivery;
use super::message::{Answer, Request};

/// The requests that a fault strikes: those whose method and path contain a text, from one to another in their order.
#[derive(Debug, Clone)]
pub(crate) struct When {
    contains: String,
    nth: Range<usize>,
    stride: usize,
}

impl When {
    /// Every request whose `METHOD /path` contains `text`.
    pub(crate) fn every(text: &str) -> When {
        When::each(1, text)
    }

    /// The first of them.
    pub(crate) fn first(text: &str) -> When {
        When::nth(1, text)
    }

    /// The `nth` of them, counting from one.
    pub(crate) fn nth(nth: usize, text: &str) -> When {
        When { contains: text.to_owned(), nth: nth..nth + 1, stride: 1 }
    }

    /// The first so many of them.
    pub(crate) fn times(times: usize, text: &str) -> When {
        When { contains: text.to_owned(), nth: 1..times + 1, stride: 1 }
    }

    /// The first of them, and after it each `stride`th.
    pub(crate) fn each(stride: usize, text: &str) -> When {
        When { contains: text.to_owned(), nth: 1..usize::MAX, stride }
    }

    fn strikes(&self, number: usize) -> bool {
        self.nth.contains(&number) && (number - self.nth.start).is_multiple_of(self.stride)
    }
}

/// What changes the JSON of an answer.
type Rewrite = dyn Fn(&Request, &mut Value) + Send + Sync;

/// Something that goes wrong. What only one CRM can say is made by that CRM's folder from these.
#[derive(Clone)]
pub(crate) enum Fault {
    /// This answer instead; the CRM never sees the request.
    Instead(Answer),
    /// The true answer, delivered so.
    Delivered(Delivery),
    /// The true answer cut in half, as if it were complete.
    Truncated,
    /// Something happens just before this goes wrong.
    After(Arc<dyn Fn() + Send + Sync>, Box<Fault>),
    /// The true answer with its JSON changed.
    Rewritten(Arc<Rewrite>),
}

impl Fault {
    /// A page of HTML in the name of JSON, as gateways send it.
    pub(crate) fn html(status: u16) -> Fault {
        let page = format!("<html><head><title>{status}</title></head><body><h1>Bad Gateway</h1></body></html>");
        Fault::Instead(Answer::text(status, "text/html", &page))
    }

    /// The connection breaks in mid-body.
    pub(crate) fn broken() -> Fault {
        Fault::Delivered(Delivery::Broken)
    }

    /// The body arrives a little at a time.
    pub(crate) fn slow() -> Fault {
        Fault::Delivered(Delivery::Pieces)
    }

    /// The body never ends.
    pub(crate) fn stalled() -> Fault {
        Fault::Delivered(Delivery::Stalled)
    }

    /// `happen` is called just before the CRM answers.
    pub(crate) fn before(happen: impl Fn() + Send + Sync + 'static) -> Fault {
        Fault::Delivered(Delivery::Whole).after(happen)
    }

    /// `happen` is called just before this goes wrong.
    pub(crate) fn after(self, happen: impl Fn() + Send + Sync + 'static) -> Fault {
        Fault::After(Arc::new(happen), Box::new(self))
    }

    /// The JSON of the true answer goes through `rewrite`.
    pub(crate) fn rewritten(rewrite: impl Fn(&Request, &mut Value) + Send + Sync + 'static) -> Fault {
        Fault::Rewritten(Arc::new(rewrite))
    }

    pub(super) fn apply(self, request: &Request, truth: impl Fn(&Request) -> Answer) -> (Answer, Delivery) {
        match self {
            Fault::Instead(answer) => (answer, Delivery::Whole),
            Fault::Delivered(delivery) => (truth(request), delivery),
            Fault::Truncated => {
                let mut answer = truth(request);
                answer.body.truncate(answer.body.len() / 2);
                (answer, Delivery::Whole)
            }
            Fault::After(happen, fault) => {
                happen();
                fault.apply(request, truth)
            }
            Fault::Rewritten(rewrite) => (rewritten(request, truth(request), &*rewrite), Delivery::Whole),
        }
    }
}

fn rewritten(request: &Request, mut answer: Answer, rewrite: &Rewrite) -> Answer {
    let mut body = serde_json::from_slice(&answer.body).unwrap();
    rewrite(request, &mut body);
    answer.body = body.to_string().into();
    answer
}

/// A fault with the number of requests that it has seen.
pub(super) struct Planned {
    when: When,
    seen: usize,
    fault: Fault,
}

impl Planned {
    pub(super) fn new(when: When, fault: Fault) -> Planned {
        Planned { when, seen: 0, fault }
    }
}

/// The fault for this request, if one is planned; of several, the one planned first. All of them count it.
pub(super) fn strike(planned: &mut [Planned], request: &Request) -> Option<Fault> {
    let line = format!("{} {}", request.method, request.path);
    let mut struck = None;
    for plan in planned.iter_mut().filter(|plan| line.contains(&plan.when.contains)) {
        plan.seen += 1;
        if plan.when.strikes(plan.seen) && struck.is_none() {
            struck = Some(plan.fault.clone());
        }
    }
    struck
}
