//! Polls that repeat, and their end.

use super::*;

/// The daemon's loop at work.
struct Running {
    interval: watch::Sender<Duration>,
    shutdown: CancellationToken,
    ended: tokio::task::JoinHandle<Stopped>,
}

fn start(syncer: Syncer, first: Instant, interval: u64) -> Running {
    let (interval, told) = watch::channel(Duration::from_secs(interval));
    let shutdown = CancellationToken::new();
    let ended = tokio::spawn(syncer.run(first, told, shutdown.clone()));
    Running { interval, shutdown, ended }
}

impl Running {
    async fn stop(self) -> Stopped {
        self.shutdown.cancel();
        self.ended.await.unwrap()
    }
}

async fn pass(seconds: u64) {
    tokio::time::sleep(Duration::from_secs(seconds)).await;
}

/// Runs the daemon's loop for so long, then stops it, and tells how long that took.
async fn run_for(floor: &Floor, interval: u64, seconds: u64) -> Duration {
    let running = start(floor.syncer(), Instant::now(), interval);
    pass(seconds).await;
    let asked = Instant::now();
    running.stop().await;
    asked.elapsed()
}

/// How many polls have succeeded under that name.
fn polls(floor: &Floor, name: &str) -> String {
    let succeeded = format!(r#"polls_total{{result="success",source="{name}"}} "#);
    let lines = floor.series("polls_total");
    lines.iter().find_map(|line| line.strip_prefix(&succeeded)).unwrap_or_default().to_owned()
}

#[tokio::test(start_paused = true)]
async fn a_source_that_runs_short_of_requests_is_polled_less_often() {
    let floor = floor();
    floor.fake.slow_down(Duration::from_secs(300));
    let running = start(floor.syncer(), Instant::now(), 60);
    pass(299).await;
    assert_eq!(polls(&floor, "crm"), "1");
    assert_eq!(floor.series("source_interval"), [r#"source_interval_seconds{source="crm"} 300"#]);
    floor.fake.slow_down(Duration::ZERO);
    pass(2).await;
    assert_eq!(polls(&floor, "crm"), "2");
    pass(60).await;
    assert_eq!(polls(&floor, "crm"), "3");
    assert_eq!(floor.series("source_interval"), [r#"source_interval_seconds{source="crm"} 60"#]);
    running.stop().await;
}

#[tokio::test(start_paused = true)]
async fn another_interval_counts_from_the_last_poll_and_costs_no_poll() {
    let floor = floor();
    let running = start(floor.syncer(), Instant::now(), 60);
    pass(10).await;
    running.interval.send_replace(Duration::from_secs(100));
    pass(89).await;
    assert_eq!(polls(&floor, "crm"), "1");
    assert_eq!(floor.series("source_interval"), [r#"source_interval_seconds{source="crm"} 100"#]);
    pass(2).await;
    assert_eq!(polls(&floor, "crm"), "2");
    // At 100 s; a shorter interval that is over already makes the next one due.
    running.interval.send_replace(Duration::from_secs(30));
    pass(28).await;
    assert_eq!(polls(&floor, "crm"), "2");
    pass(2).await;
    assert_eq!(polls(&floor, "crm"), "3");
    running.stop().await;
}

#[tokio::test(start_paused = true)]
async fn a_stopped_syncer_goes_on_under_another_name_when_it_would_have_polled() {
    let floor = floor();
    let running = start(floor.syncer(), Instant::now(), 60);
    pass(20).await;
    let Stopped { syncer, due } = running.stop().await;
    let source: Arc<dyn Source> = Arc::<Fake>::clone(&floor.fake);
    floor.shared.meter.add_source("floor", "fake");
    let upstream = Upstream { name: "floor".into(), kind: "fake", key: floor.key, source };
    let running = start(syncer.with_upstream(upstream), due, 60);
    pass(39).await;
    assert_eq!((polls(&floor, "crm").as_str(), polls(&floor, "floor").as_str()), ("1", "0"));
    pass(2).await;
    assert_eq!((polls(&floor, "crm").as_str(), polls(&floor, "floor").as_str()), ("1", "1"));
    assert_eq!(floor.read_model(), floor.stored());
    running.stop().await;
}

#[tokio::test(start_paused = true)]
async fn a_poll_that_was_cut_off_is_due_at_once() {
    let floor = floor();
    floor.fake.fail("deals@1", [Fault::Silence]);
    let running = start(floor.syncer(), Instant::now(), 60);
    pass(10).await;
    let Stopped { syncer, due } = running.stop().await;
    assert!(due < Instant::now());
    let running = start(syncer, due, 60);
    pass(1).await;
    assert_eq!(polls(&floor, "crm"), "1");
    running.stop().await;
}

#[tokio::test(start_paused = true)]
async fn polls_at_once_and_then_at_every_interval() {
    let floor = floor();
    assert_eq!(run_for(&floor, 60, 150).await, Duration::ZERO);
    assert_eq!(floor.series("polls_total")[1], r#"polls_total{result="success",source="crm"} 3"#);
    assert_eq!(floor.series("source_interval"), [r#"source_interval_seconds{source="crm"} 60"#]);
    assert_eq!(floor.fake.calls()[7..], ["deals@3", "deals@3"]);
}

#[tokio::test(start_paused = true)]
async fn a_long_poll_puts_off_the_next_one() {
    let floor = floor();
    floor.fake.fail("stages@0", [Fault::NotYet(90)]);
    // At 0 s until 90 s, at once again since one was missed, and then a whole interval later.
    run_for(&floor, 60, 149).await;
    assert_eq!(floor.series("polls_total")[1], r#"polls_total{result="success",source="crm"} 2"#);
}

#[tokio::test(start_paused = true)]
async fn a_source_that_wants_rest_gets_it() {
    let floor = floor();
    floor.fake.fail("deals@0", [Fault::NotYet(1_000)]);
    run_for(&floor, 60, 999).await;
    assert_eq!(floor.fake.calls(), ["stages@0", "deals@0"]);
    assert_eq!(floor.status().up, Some(false));
    run_for(&floor, 60, 1).await;
    assert_eq!(floor.status().up, Some(true));
}

#[tokio::test(start_paused = true)]
async fn a_source_that_is_down_is_tried_again_at_the_next_interval() {
    let floor = floor();
    floor.fake.fail("stages@0", [Fault::Unauthorized; 2]);
    run_for(&floor, 60, 121).await;
    assert_eq!(
        floor.series("polls_total"),
        [r#"polls_total{result="failure",source="crm"} 2"#, r#"polls_total{result="success",source="crm"} 1"#]
    );
    assert_eq!(floor.status().up, Some(true));
}

#[tokio::test(start_paused = true)]
async fn the_end_of_the_program_does_not_wait_for_an_answer_or_a_pause() {
    for fault in [Fault::Silence, Fault::NotYet(300), Fault::Unavailable] {
        let floor = floor();
        floor.fake.fail("deals@1", [fault]);
        let seconds = if matches!(fault, Fault::Unavailable) { 0 } else { 10 };
        assert_eq!(run_for(&floor, 60, seconds).await, Duration::ZERO, "{fault:?}");
        let ended = floor.series("polls_total").into_iter().filter(|line| !line.ends_with(" 0")).count();
        assert_eq!((ended, floor.status().up), (0, None), "a poll that was cut off says nothing of the source");
        assert_eq!(floor.read_model(), floor.stored());
    }
}

#[tokio::test(start_paused = true)]
async fn a_poll_tells_that_it_was_interrupted() {
    let floor = floor();
    floor.fake.fail("deals@1", [Fault::Silence]);
    let shutdown = CancellationToken::new();
    let mut syncer = floor.syncer();
    let cancel = async {
        tokio::time::sleep(Duration::from_secs(5)).await;
        shutdown.cancel();
    };
    let (outcome, ()) = tokio::join!(syncer.poll(&(), &shutdown), cancel);
    assert_eq!((outcome.verdict, outcome.errors.len()), (Verdict::Interrupted, 0));
}
