//! Who may have a password checked when.
//!
//! A check is meant to be expensive, so it must not be possible to make the program do nothing else: few run at a time,
//! and an address that sends many waits behind itself, not before others.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use tokio::sync::{OwnedMutexGuard, OwnedSemaphorePermit, Semaphore};

/// Hands out turns.
pub(super) struct Turns {
    running: Arc<Semaphore>,
    queues: Mutex<HashMap<IpAddr, Queue>>,
}

/// Of one address; only its head waits together with others.
type Queue = Arc<tokio::sync::Mutex<()>>;

/// The right to check one password, until it is dropped. It goes where the work is done: who gave up waiting for the
/// answer has not ended the work.
pub(super) struct Turn {
    _head: OwnedMutexGuard<()>,
    _running: Option<OwnedSemaphorePermit>,
}

impl Default for Turns {
    /// Half of the processors may be checking passwords, at least one.
    fn default() -> Self {
        let processors = thread::available_parallelism().map_or(1, usize::from);
        Turns::of((processors / 2).max(1))
    }
}

impl Turns {
    fn of(running: usize) -> Turns {
        Turns { running: Arc::new(Semaphore::new(running)), queues: Mutex::default() }
    }

    /// Waits for the next turn of `peer`.
    pub(super) async fn next(&self, peer: IpAddr) -> Turn {
        let head = self.queue(peer).lock_owned().await;
        // Never closed, so there is always a permit at last.
        let running = self.running.clone().acquire_owned().await.ok();
        Turn { _head: head, _running: running }
    }

    fn queue(&self, peer: IpAddr) -> Queue {
        let mut queues = self.queues.lock().unwrap_or_else(PoisonError::into_inner);
        queues.retain(|_, queue| Arc::strong_count(queue) > 1);
        queues.entry(peer).or_default().clone()
    }
}

#[cfg(test)]
mod tests {
    use std::task::Poll;

    use super::*;

    /// Whether a turn is handed out without waiting.
    async fn now(turn: impl Future<Output = Turn>) -> Option<Turn> {
        let mut turn = Box::pin(turn);
        std::future::poll_fn(|cx| {
            Poll::Ready(match turn.as_mut().poll(cx) {
                Poll::Ready(turn) => Some(turn),
                Poll::Pending => None,
            })
        })
        .await
    }

    fn peer(last: u8) -> IpAddr {
        [192, 0, 2, last].into()
    }

    #[tokio::test]
    async fn an_address_waits_behind_itself() {
        let turns = Turns::of(2);
        let first = now(turns.next(peer(1))).await.unwrap();
        assert!(now(turns.next(peer(1))).await.is_none(), "two at a time for one address");
        let second = now(turns.next(peer(2))).await.unwrap();
        assert!(now(turns.next(peer(3))).await.is_none(), "more than may run");
        drop(first);
        assert!(now(turns.next(peer(3))).await.is_some());
        drop(second);
        assert!(now(turns.next(peer(1))).await.is_some());
    }

    #[tokio::test]
    async fn a_newcomer_comes_after_one_of_each_address() {
        let turns = Arc::new(Turns::of(1));
        let running = turns.next(peer(1)).await;
        let (tell, mut told) = tokio::sync::mpsc::unbounded_channel();
        // Three of one address, then a newcomer: each waits from the moment at which it is told apart.
        for (place, last) in [1, 1, 1, 2].into_iter().enumerate() {
            let (turns, tell) = (turns.clone(), tell.clone());
            tokio::spawn(async move {
                let turn = turns.next(peer(last)).await;
                tell.send(place).unwrap();
                drop(turn);
            });
            tokio::task::yield_now().await;
        }
        drop((running, tell));
        let mut order = Vec::new();
        while let Some(place) = told.recv().await {
            order.push(place);
        }
        assert_eq!(order.iter().position(|place| *place == 3), Some(0), "{order:?}");
        assert_eq!(order.len(), 4);
    }

    #[tokio::test]
    async fn queues_of_addresses_that_left_are_forgotten() {
        let turns = Turns::of(1);
        for last in 0..100 {
            drop(turns.next(peer(last)).await);
        }
        assert_eq!(turns.queues.lock().unwrap().len(), 1);
    }
}
