//! Everything takes `now` as an argument, so that any past instant can be computed. Few may ask what time it is.

use super::source::{self, Source};

/// Who may: the program's edges, and logs, which tell when they were written.
const MAY: [&str; 3] = ["app", "cli", "logging"];

/// How the time of day is asked for.
const ASKING: [&str; 3] = ["Utc::now", "Local::now", "SystemTime::now"];

fn violation(file: &Source) -> Option<String> {
    let asking = ASKING.into_iter().find(|asking| file.code.contains(asking))?;
    let allowed = file.module().is_some_and(|module| MAY.contains(&module));
    (!allowed).then(|| format!("{} asks the clock ({asking}); let it take `now` as an argument", file.path))
}

#[test]
fn only_the_edges_read_the_clock() {
    let violations: Vec<String> = source::all().iter().filter_map(violation).collect();
    assert!(violations.is_empty(), "{}", violations.join("\n"));
}

#[test]
fn a_look_at_the_clock_is_found() {
    let file = |path: &str| Source { path: path.into(), code: "let now = chrono::Utc::now();".into() };
    assert!(violation(&file("facts/build.rs")).is_some());
    assert_eq!(violation(&file("app.rs")), None);
}
