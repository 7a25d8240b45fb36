//! What this process has used of the machine, as Linux tells it.

use std::fs;
use std::time::{Duration, Instant};

/// Wall time and processor time since some moment.
pub(crate) struct Clock {
    started: Instant,
    thread: Duration,
    process: Duration,
}

/// What passed on a [`Clock`].
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cost {
    /// Time on the wall.
    pub(crate) wall: Duration,
    /// Processor time of this thread.
    pub(crate) thread: Duration,
    /// Processor time of all threads, to a hundredth of a second.
    pub(crate) process: Duration,
}

impl Clock {
    /// Starts now.
    pub(crate) fn start() -> Clock {
        Clock { started: Instant::now(), thread: thread_time(), process: process_time() }
    }

    /// What passed since the start.
    pub(crate) fn cost(&self) -> Cost {
        Cost {
            wall: self.started.elapsed(),
            thread: thread_time() - self.thread,
            process: process_time() - self.process,
        }
    }
}

fn thread_time() -> Duration {
    let line = fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    Duration::from_nanos(line.split(' ').next().unwrap().parse().unwrap())
}

fn process_time() -> Duration {
    let line = fs::read_to_string("/proc/self/stat").unwrap();
    // The name, in brackets, may hold blanks; user and system time are the 12th and 13th fields behind it.
    let fields = line.rsplit(')').next().unwrap().split(' ');
    let ticks: u64 = fields.skip(12).take(2).map(|field| field.parse::<u64>().unwrap()).sum();
    Duration::from_millis(ticks * 10)
}

/// Memory that the process holds now, and the most that it held since [`forget_peak`], in bytes.
pub(crate) fn memory() -> (u64, u64) {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let field = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap();
        line.trim_matches(|letter: char| !letter.is_ascii_digit()).parse::<u64>().unwrap() * 1024
    };
    (field("VmRSS:"), field("VmHWM:"))
}

/// Counts the most memory from now on.
pub(crate) fn forget_peak() {
    fs::write("/proc/self/clear_refs", "5").unwrap();
}
