//! Runs of the program that are waited for or killed.

use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// Lets a command come to its end, which must be a good one, and tells how long it took.
pub(crate) fn to_the_end(mut command: Command) -> Duration {
    let began = Instant::now();
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    began.elapsed()
}

/// Begins a command and kills it after that time. False if it had ended by itself.
pub(crate) fn kill_after(mut command: Command, delay: Duration) -> bool {
    let mut child: Child = command.stderr(Stdio::null()).spawn().unwrap();
    sleep(delay);
    if let Some(status) = child.try_wait().unwrap() {
        assert!(status.success(), "{status}");
        return false;
    }
    child.kill().unwrap();
    child.wait().unwrap().code().is_none()
}

/// Whether a program that the machine may lack runs here.
pub(crate) fn is_there(program: &str) -> bool {
    Command::new(program).arg("--version").output().is_ok_and(|output| output.status.success())
}

/// Whether all these programs run here; of one that does not it is said, since a test is left out for want of it.
pub(crate) fn are_there(programs: &[&str]) -> bool {
    let missing = programs.iter().find(|program| !is_there(program));
    if let Some(program) = missing {
        eprintln!("skipped: there is no {program}");
    }
    missing.is_none()
}
