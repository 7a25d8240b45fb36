//! Rates and budgets, in a time that passes only when all wait for it.

use std::time::Duration;

use proptest::prelude::*;
use tokio::time::{Instant, advance};

use super::*;

const SECOND: Duration = Duration::from_secs(1);

/// In how many seconds after the start each of `count` requests was let through.
async fn let_through(bucket: &Bucket, count: usize) -> Vec<f64> {
    let start = Instant::now();
    let mut times = Vec::new();
    for _ in 0..count {
        bucket.take().await;
        times.push(start.elapsed().as_secs_f64());
    }
    times
}

fn run_paused<T>(test: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
    runtime.unwrap().block_on(test)
}

/// The most requests in any period, which is open at its end.
fn most_in_any(times: &[f64], period: f64) -> usize {
    let within = |start: &f64| times.iter().filter(|time| (*start..start + period).contains(*time)).count();
    times.iter().map(within).max().unwrap_or(0)
}

#[tokio::test(start_paused = true)]
async fn a_tenth_comes_at_once_and_the_rest_is_spread() {
    let bucket = Bucket::new(100, 10 * SECOND);
    let times = let_through(&bucket, 100).await;
    assert!(times[..10].iter().all(|time| *time == 0.0));
    assert!((9.9..10.3).contains(&times[99]), "ninety more at nine a second: {}", times[99]);
}

#[tokio::test(start_paused = true)]
async fn a_small_limit_is_spread_evenly() {
    let times = let_through(&Bucket::new(5, SECOND), 9).await;
    assert_eq!(most_in_any(&times, 1.0), 4);
    assert!((2.0..2.1).contains(&times[8]), "eight more at four a second: {times:?}");
    let times = let_through(&Bucket::new(1, SECOND), 3).await;
    assert!((2.0..2.1).contains(&times[2]), "{times:?}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn no_period_ever_sees_more(
        limit in 1u32..60,
        period in 1u32..30,
        pauses in prop::collection::vec(prop_oneof![3 => Just(0u64), 1 => 0u64..20_000], 1..200),
    ) {
        let times = run_paused(async {
            let bucket = Bucket::new(limit, period * SECOND);
            let start = Instant::now();
            let mut times = Vec::new();
            for pause in pauses {
                advance(Duration::from_millis(pause)).await;
                bucket.take().await;
                times.push(start.elapsed().as_secs_f64());
            }
            times
        });
        prop_assert!(most_in_any(&times, f64::from(period)) <= limit as usize, "{:?}", times);
    }

    #[test]
    fn the_stretched_interval_lasts_and_is_never_shorter(
        interval in 1u32..3600,
        cost in 0.0f64..500.0,
        free in 0u64..1_000_000,
        left in 1u32..86_400,
    ) {
        let (interval, left) = (interval * SECOND, left * SECOND);
        let pace = stretched(interval, cost, free, left);
        prop_assert!(pace >= interval);
        prop_assert!(pace <= interval.max(left));
        let polls = (left.as_secs_f64() / pace.as_secs_f64() + 1e-9).floor();
        prop_assert!(pace == left || polls * cost <= free as f64 + 1e-6, "{pace:?}");
        prop_assert!(stretched(interval, cost, free + 1, left) <= pace, "more budget is no reason to wait longer");
        prop_assert!(stretched(interval, cost + 1.0, free, left) >= pace, "dearer polls come no sooner");
    }
}

#[tokio::test(start_paused = true)]
async fn who_comes_first_is_let_through_first() {
    let bucket = Bucket::new(1, SECOND);
    let order = Arc::new(std::sync::Mutex::new(Vec::new()));
    let waiting: Vec<_> = (0..20)
        .map(|number| {
            let (bucket, order) = (bucket.clone(), order.clone());
            tokio::spawn(async move {
                bucket.take().await;
                order.lock().unwrap().push(number);
            })
        })
        .collect();
    for task in waiting {
        task.await.unwrap();
    }
    assert_eq!(*order.lock().unwrap(), (0..20).collect::<Vec<_>>());
}

#[tokio::test(start_paused = true)]
async fn who_gives_up_takes_nothing() {
    let bucket = Bucket::new(1, SECOND);
    bucket.take().await;
    let start = Instant::now();
    for _ in 0..5 {
        assert!(tokio::time::timeout(Duration::from_millis(1), bucket.take()).await.is_err());
    }
    bucket.take().await;
    assert!(start.elapsed() < Duration::from_millis(1_010), "{:?}", start.elapsed());
}

#[tokio::test(start_paused = true)]
async fn what_the_crm_tells_counts() {
    let bucket = Bucket::new(100, 10 * SECOND);
    bucket.set_remaining(2, 10 * SECOND);
    let times = let_through(&bucket, 3).await;
    assert_eq!(times[1], 0.0);
    assert!(times[2] > 0.0, "others have used the rest");
    bucket.set_remaining(0, 7 * SECOND);
    let times = let_through(&bucket, 1).await;
    assert_eq!(times, [7.0]);
    bucket.pause(3 * SECOND);
    bucket.pause(SECOND);
    assert_eq!(let_through(&bucket, 1).await, [3.0]);
    bucket.set_limit(10, 10 * SECOND);
    let times = let_through(&bucket, 3).await;
    assert!(times[2] - times[1] > 1.0, "nine more in ten seconds: {times:?}");
}

#[tokio::test(start_paused = true)]
async fn a_limit_that_changes_counts_for_those_who_wait() {
    let bucket = Bucket::new(1, 1000 * SECOND);
    bucket.take().await;
    let start = Instant::now();
    bucket.set_limit(10, SECOND);
    bucket.take().await;
    assert!(start.elapsed() < SECOND, "{:?}", start.elapsed());
}

#[tokio::test]
async fn a_request_takes_a_place_in_each_of_its_buckets() {
    let server = saying(Reply::json("{}")).await;
    let (all, search) = (Bucket::new(1000, SECOND), Bucket::new(10, 3600 * SECOND));
    let (client, _) = client_with(&server, |setup| setup.buckets = vec![all.clone()]);
    client.send(get("/list")).await.unwrap();
    client.send(get("/search").through(&search)).await.unwrap();
    assert!(all.free() < 100.0 && search.free() < 0.1);
}

fn budget(reserve: f64) -> Arc<Budget> {
    Budget::new("daily", reserve.try_into().unwrap(), &Surroundings::none("crm"))
}

fn quota(remaining: u64, hours: u32) -> Quota {
    Quota { limit: 1000, remaining, resets_in: hours * 3600 * SECOND }
}

#[tokio::test(start_paused = true)]
async fn the_reserve_is_left_for_others_until_the_quota_is_whole_again() {
    let budget = budget(0.2);
    for _ in 0..5000 {
        assert_eq!(budget.spend(), Ok(()), "nothing is known");
    }
    budget.tell(quota(203, 5));
    for _ in 0..3 {
        assert_eq!(budget.spend(), Ok(()));
    }
    assert_eq!(budget.spend(), Err(5 * 3600 * SECOND));
    advance(3600 * SECOND).await;
    assert_eq!(budget.spend(), Err(4 * 3600 * SECOND));
    budget.tell(quota(150, 4));
    assert_eq!(budget.spend(), Err(4 * 3600 * SECOND), "others have begun on the reserve");
    advance(4 * 3600 * SECOND).await;
    assert_eq!(budget.spend(), Ok(()));
}

#[tokio::test(start_paused = true)]
async fn a_quota_that_the_crm_says_is_used_up_is_left_alone() {
    let budget = budget(0.2);
    budget.hold(3600 * SECOND);
    budget.hold(SECOND);
    assert_eq!(budget.spend(), Err(3600 * SECOND));
    advance(3600 * SECOND).await;
    assert_eq!(budget.spend(), Ok(()));
}

#[tokio::test]
async fn a_client_stops_at_the_reserve_and_says_so() {
    let server = saying(Reply::json("{}")).await;
    let budget = budget(0.2);
    budget.tell(quota(201, 5));
    let (client, _) = client_with(&server, |setup| setup.budget = Some(budget.clone()));
    client.send(get("/deals")).await.unwrap();
    let error = client.send(get("/deals")).await.unwrap_err();
    assert!(
        error.to_string().contains("the quota of requests is used up, or down to the reserve for others"),
        "{error}"
    );
    let Error::Busy { wait, .. } = error else { panic!("{error}") };
    assert!(wait > 4 * 3600 * SECOND);
    assert_eq!(server.lines().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn polls_that_would_not_last_come_less_often() {
    let budget = budget(0.2);
    let poll = |requests: u32| {
        (0..requests).for_each(|_| budget.spend().unwrap());
        budget.pace(60 * SECOND)
    };
    assert_eq!(poll(10), 60 * SECOND, "nothing is known");
    budget.tell(quota(1000, 1));
    assert_eq!(poll(2), 60 * SECOND, "60 polls of 2 requests");
    assert_eq!(poll(300), 60 * SECOND, "a sweep now and then is no reason");
    budget.tell(quota(260, 1));
    // 250 are left after this poll, 50 of them for us. The polls cost 10, 2 and 10 but for the dearest: 22/3.
    assert_eq!(poll(10), 600 * SECOND, "6 polls in an hour");
    budget.tell(quota(200, 1));
    assert_eq!(poll(0), 3600 * SECOND, "nothing is left until the quota is whole again");
    advance(3600 * SECOND).await;
    assert_eq!(poll(0), 60 * SECOND);
}

#[test]
fn a_reserve_is_a_share() {
    let read = |text: &str| {
        let value = config::Value::from(text);
        crate::setting::read::<Reserve>(value)
    };
    assert_eq!(read("0.5").unwrap(), 0.5.try_into().unwrap());
    assert_eq!(read("0").unwrap(), 0.0.try_into().unwrap());
    for wrong in ["1", "-0.1", "NaN", "20%"] {
        assert!(read(wrong).is_err(), "{wrong}");
    }
    assert_eq!(Reserve::default(), 0.2.try_into().unwrap());
}
