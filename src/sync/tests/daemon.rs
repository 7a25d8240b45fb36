//! Polls that repeat, and their end.

use super::*;

/// Runs the daemon's loop for so long, then stops it, and tells how long that took.
async fn run_for(floor: &Floor, interval: u64, seconds: u64) -> Duration {
    let shutdown = CancellationToken::new();
    let running = tokio::spawn(floor.syncer().run(Duration::from_secs(interval), shutdown.clone()));
    tokio::time::sleep(Duration::from_secs(seconds)).await;
    let asked = Instant::now();
    shutdown.cancel();
    running.await.unwrap();
    asked.elapsed()
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
