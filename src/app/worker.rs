//! A thread of its own for work that comes again and again and takes much memory each time.
//!
//! The allocator keeps what a thread has freed for that thread. Work that wanders over the threads of a pool leaves in
//! each of them as much as it takes at its peak, which for a small floor is a third of the process.

use std::io;
use std::sync::mpsc;
use std::thread;

use tokio::sync::oneshot;

/// A thread that does one thing whenever it is asked to. It ends when nobody can ask any more.
pub(super) struct Worker<T> {
    asked: mpsc::Sender<oneshot::Sender<T>>,
}

impl<T: Send + 'static> Worker<T> {
    /// Starts the thread.
    ///
    /// # Errors
    /// If the system gives no thread.
    pub(super) fn start(name: &str, mut work: impl FnMut() -> T + Send + 'static) -> io::Result<Worker<T>> {
        let (asked, requests) = mpsc::channel::<oneshot::Sender<T>>();
        let run = move || {
            for done in requests {
                // Whoever asked may have gone meanwhile.
                let _ = done.send(work());
            }
        };
        thread::Builder::new().name(name.to_owned()).spawn(run)?;
        Ok(Worker { asked })
    }

    /// Does the work once. None if it has panicked, now or before.
    pub(super) async fn run(&self) -> Option<T> {
        let (done, result) = oneshot::channel();
        self.asked.send(done).ok()?;
        result.await.ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn all_work_is_done_by_one_thread_until_it_panics() {
        let mut times = 0;
        let worker = Worker::start("counting", move || {
            times += 1;
            assert!(times < 3, "enough");
            (times, thread::current().id())
        });
        let worker = worker.unwrap();
        let (first, second) = (worker.run().await.unwrap(), worker.run().await.unwrap());
        assert_eq!((first.0, second.0), (1, 2));
        assert_eq!(first.1, second.1);
        assert_ne!(first.1, thread::current().id());
        assert!(worker.run().await.is_none());
        assert!(worker.run().await.is_none());
    }
}
