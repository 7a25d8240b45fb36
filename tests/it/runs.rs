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
