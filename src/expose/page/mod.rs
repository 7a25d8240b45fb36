//! Pages for people: the landing page, and what stands where no page is.

mod html;
mod landing;
mod words;

use std::fmt::Write as _;

use axum::extract;
use axum::http::{Method, StatusCode, Uri};
use axum::response::Response;

use super::{PATHS, RELOAD, State};
use crate::html::Escaped;

/// The landing page.
pub(super) async fn landing(extract::State(state): extract::State<State>) -> Response {
    let status = (state.status)();
    let published = state.snapshot.borrow().clone();
    html::response(StatusCode::OK, "crm_exporter", &landing::content(&status, published.as_deref()))
}

/// Any path that leads nowhere.
pub(super) async fn not_found(uri: Uri) -> Response {
    let said = format!("There is nothing at <code>{}</code>.", Escaped(uri.path()));
    html::response(StatusCode::NOT_FOUND, "Not found · crm_exporter", &dead_end("Not found", &said))
}

/// A method that the path does not answer.
pub(super) async fn wrong_method(method: Method, uri: Uri) -> Response {
    let answers = if uri.path() == RELOAD { ["POST", "PUT"] } else { ["GET", "HEAD"] };
    let said = format!(
        "<code>{}</code> answers <code>{}</code> and <code>{}</code>, not <code>{}</code>.",
        Escaped(uri.path()),
        answers[0],
        answers[1],
        Escaped(method.as_str())
    );
    let content = dead_end("Method not allowed", &said);
    html::response(StatusCode::METHOD_NOT_ALLOWED, "Method not allowed · crm_exporter", &content)
}

/// What went wrong, and where one can go.
fn dead_end(heading: &str, said: &str) -> String {
    format!(
        "<header><h1>{heading}</h1></header>\n<main>\n<p>{said}</p>\n<h2>What is here</h2>\n{}</main>\n",
        paths(None, None)
    )
}

/// List of all paths but the one the list stands `at`, and of the documentation.
fn paths(at: Option<&str>, docs: Option<&str>) -> String {
    let others = PATHS.into_iter().filter(|(path, _)| Some(*path) != at).map(|(path, what)| (path, path, what));
    let docs = docs.map(|address| (address, "Documentation", "Every figure and every setting, explained"));
    let mut list = String::from("<ul class=\"paths\">\n");
    for (address, name, what) in others.chain(docs) {
        let address = Escaped(address);
        writeln!(list, "<li><a href=\"{address}\">{name}</a> <span>{what}</span></li>")
            .expect("a string takes any text");
    }
    list.push_str("</ul>\n");
    list
}

#[cfg(test)]
mod tests;
