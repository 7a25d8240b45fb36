//! The demo as people use it: the same bytes again, any way of polling, what was planted, and nothing left behind.

use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use crate::program;
use crate::samples::{Labels, Samples};

/// Past, so that the floor is the same whenever this runs.
const NOW: &str = "2025-11-18T15:00:00Z";

/// What the program prints.
fn printed(directory: &Path, arguments: &[&str]) -> String {
    let output = program().args(arguments).current_dir(directory).output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn config(directory: &Path, arguments: &[&str]) -> String {
    printed(directory, &[&["demo", "--print-config", "--now", NOW], arguments].concat())
}

/// The figures at [`NOW`], after catching up with the floor of this settings file.
fn figures(directory: &Path, config: &str) -> String {
    fs::write(directory.join("demo.yaml"), config).unwrap();
    printed(directory, &["snapshot", "--sync", "--config.file", "demo.yaml", "--now", NOW])
}

#[test]
fn the_same_seed_and_instant_give_the_same_bytes_however_polled() {
    let few = ["--demo.pace", "0.1"];
    let [once, again, steps, other] = [(); 4].map(|()| tempfile::tempdir().unwrap());
    let config_of = |seed: &str| config(once.path(), &[&few[..], &["--demo.seed", seed]].concat());
    let config = config_of("1");
    let expected = figures(once.path(), &config);
    assert!(expected.lines().count() > 2_000);
    assert_eq!(figures(again.path(), &config), expected);
    for until in ["2025-09-01T00:00:00Z", "2025-11-03T07:12:31Z", "2025-11-18T14:20:00Z", "2025-11-18T14:20:09Z"] {
        let earlier = config.replace(&format!("until: \"{NOW}\""), &format!("until: \"{until}\""));
        assert_ne!(earlier, config);
        fs::write(steps.path().join("demo.yaml"), earlier).unwrap();
        printed(steps.path(), &["sync", "--config.file", "demo.yaml"]);
    }
    assert_eq!(figures(steps.path(), &config), expected);
    assert_ne!(figures(other.path(), &config_of("2")), expected);
}

/// A figure of every rep, by name and team; of those that own deals, if asked.
fn by_rep(samples: &Samples, family: &str, labels: &[(&str, &str)]) -> Vec<((String, String), f64)> {
    let key = |labels: &Labels| (labels["team"].clone(), labels["rep"].clone());
    samples.having(family, labels).map(|(labels, value)| (key(labels), *value)).collect()
}

/// Spearman's rank correlation of a figure with the win ratio over a year, over the reps that have both.
fn correlation(samples: &Samples, family: &str, labels: &[(&str, &str)]) -> f64 {
    let ratios = by_rep(samples, "crm_win_ratio", &[("scope", "rep"), ("window", "365d")]);
    let figures = by_rep(samples, family, labels);
    let of = |rep: &(String, String)| figures.iter().find(|(other, _)| other == rep).map(|(_, value)| *value);
    let (left, right): (Vec<f64>, Vec<f64>) = ratios.iter().filter_map(|(rep, ratio)| Some((of(rep)?, *ratio))).unzip();
    assert!(left.len() >= 15, "{left:?}");
    let (left, right) = (ranks(&left), ranks(&right));
    let mean = (left.len() as f64 - 1.0) / 2.0;
    let product: f64 = left.iter().zip(&right).map(|(left, right)| (left - mean) * (right - mean)).sum();
    let square = |ranks: &[f64]| ranks.iter().map(|rank| (rank - mean) * (rank - mean)).sum::<f64>();
    product / (square(&left) * square(&right)).sqrt()
}

/// Mean ranks, from 0.
fn ranks(values: &[f64]) -> Vec<f64> {
    let rank = |value: &f64| {
        let below = values.iter().filter(|other| *other < value).count();
        let same = values.iter().filter(|other| *other == value).count();
        below as f64 + (same as f64 - 1.0) / 2.0
    };
    values.iter().map(rank).collect()
}

/// What docs/demo.md says is to be found.
#[test]
fn the_planted_truths_are_in_the_figures() {
    let directory = tempfile::tempdir().unwrap();
    let config = config(directory.path(), &["--demo.pace", "0.6"]).replace("previous_month, 28d]", "28d, 365d]");
    let samples = Samples::read(&figures(directory.path(), &config));
    samples.check_against_catalogue();

    let leak = |pipeline, stage| {
        let labels = [("scope", "org"), ("pipeline", pipeline), ("stage", stage), ("window", "90d")];
        samples.value("crm_stage_conversion_ratio", &labels).unwrap()
    };
    let proposal = leak("New business", "Proposal");
    for (pipeline, stages) in
        [("New business", &["Discovery", "Demo", "Negotiation"][..]), ("Expansion", &["Review", "Quote", "Agreement"])]
    {
        for stage in stages {
            assert!(leak(pipeline, stage) > proposal + 0.15, "{stage}: {} {proposal}", leak(pipeline, stage));
        }
    }

    let mut ratios = by_rep(&samples, "crm_win_ratio", &[("scope", "rep"), ("window", "365d")]);
    ratios.retain(|((_, rep), _)| rep != "Sanne van Aldervoort");
    ratios.sort_by(|(_, left), (_, right)| left.total_cmp(right));
    let (weakest, strongest) = (&ratios[0], &ratios[ratios.len() - 1]);
    assert_eq!((weakest.0.1.as_str(), strongest.0.1.as_str()), ("Piers Holloway-Finch", "Amara Okonjola"));
    assert!(strongest.1 > 3.0 * weakest.1, "{ratios:?}");

    let executives = [("activity", "executive_meeting"), ("window", "365d")];
    let drives = correlation(&samples, "crm_key_activities", &executives);
    assert!(drives > 0.6, "meetings with executives: {drives}");
    let nothing = correlation(&samples, "crm_activities", &[("kind", "email"), ("window", "365d")]);
    assert!(nothing.abs() < 0.35, "e-mails: {nothing}");

    let wait = |team| {
        let labels = [("scope", "team"), ("team", team), ("window", "28d"), ("stat", "p50")];
        samples.value("crm_lead_response_seconds", &labels).unwrap()
    };
    let [americas, emea, apac] = ["Americas", "EMEA", "APAC"].map(wait);
    assert!(americas < 2_700.0 && apac < 2_700.0 && emea > 7_200.0, "{americas} {emea} {apac}");

    let figure = |family: &str, team: &str, labels: &[(&str, &str)]| {
        samples.value(family, &[&[("scope", "team"), ("team", team)], labels].concat()).unwrap()
    };
    let window = ("window", "365d");
    for stat in ["mean", "nps"] {
        let labels = [("survey", "After purchase"), ("stat", stat), window];
        let [americas, emea, apac] =
            ["Americas", "EMEA", "APAC"].map(|team| figure("crm_customer_satisfaction", team, &labels));
        let less = if stat == "nps" { 25.0 } else { 1.0 };
        assert!(emea < americas - less && emea < apac - less, "{stat}: {americas} {emea} {apac}");
    }
    let [americas, emea, apac] =
        ["Americas", "EMEA", "APAC"].map(|team| figure("crm_customers_retained_ratio", team, &[window]));
    assert!(apac > americas + 0.15 && apac > emea + 0.15, "{americas} {emea} {apac}");
    let key_accounts = |family| {
        let labels = [window];
        let named = samples.having(family, &labels).filter(|(_, value)| *value > 0.0);
        named.map(|(labels, _)| labels["account"].as_str()).collect::<BTreeSet<_>>().len()
    };
    let [touched, won] = ["crm_key_account_interactions", "crm_key_account_won_value"].map(key_accounts);
    assert!(touched > 40 && won > 15, "{touched} key accounts talked to, {won} bought");

    let calls = |now: &str| {
        let text = printed(directory.path(), &["snapshot", "--config.file", "demo.yaml", "--now", now]);
        Samples::read(&text).sum("crm_activities", &[("kind", "call"), ("window", "28d")])
    };
    let [first, middle, last] = ["2024-11-20", "2025-06-20", "2025-11-18"].map(calls);
    assert!(middle > 1.5 * first, "{first} {middle}");
    assert!((last / middle - 1.0).abs() < 0.1, "{middle} {last}");

    the_review_finds_what_was_planted(directory.path());
}

/// The line of a subject in the review's first table: verdict, course, and whether it moves results.
fn reviewed<'r>(review: &'r str, title: &str) -> [&'r str; 3] {
    let line = review.lines().find(|line| line.starts_with(&format!("| {title} |")));
    let cells: Vec<&str> = line.unwrap_or_else(|| panic!("{title} is not reviewed")).split(" | ").collect();
    [cells[1], cells[3], cells[4].trim_end_matches(" |")]
}

/// The review of the twelve months before [`NOW`], of the floor in the directory.
fn the_review_finds_what_was_planted(directory: &Path) {
    let wanted = ["review", "--config.file", "demo.yaml", "--from", "2024-11-01", "--to", "2025-10-31"];
    let review = printed(directory, &[&wanted[..], &["--format", "markdown"]].concat());
    // Calls grew until half a year before the anchor, and do nothing for wins.
    assert_eq!(reviewed(&review, "Calls this week"), ["Replace", "plateau since May 2025", "no sign of it"]);
    let [verdict, course, moves] = reviewed(&review, "Meetings with executives this month");
    assert_eq!((course, moves), ("no trend", "yes, one month later"));
    assert!(
        ["Keep", "Lower"].contains(&verdict),
        "{verdict}: a goal that moves results stays; its target may be too high"
    );
    assert_eq!(reviewed(&review, "Activities: email"), ["No goal needed", "no trend", "no sign of it"]);
    // Nothing but calls, of which conversations are a part, has a plateau.
    assert_eq!(review.lines().filter(|line| line.contains(" | plateau since ")).count(), 2, "{review}");

    printed(directory, &[&wanted[..], &["--output", "review.html"]].concat());
    let page = fs::read_to_string(directory.join("review.html")).unwrap();
    assert!(page.starts_with("<!doctype html>") && page.contains("<svg") && page.trim_end().ends_with("</html>"));
    for foreign in ["http:", "https:", "<script", " src=", "url(", "@import", "Okonjola"] {
        assert!(!page.contains(foreign), "{foreign}");
    }
    let named = printed(directory, &[&wanted[..], &["--format", "markdown", "--coaching"]].concat());
    assert!(named.contains("Who could gain most") && named.contains("| Piers Holloway-Finch | EMEA |"), "{named}");
}

#[test]
fn a_review_needs_a_store_and_whole_months() {
    let directory = tempfile::tempdir().unwrap();
    let config = config(directory.path(), &["--demo.pace", "0.1"]);
    fs::write(directory.path().join("demo.yaml"), config.replace("until: \"2025", "until: \"2024")).unwrap();
    let refused = |days: [&str; 2]| {
        let arguments = ["review", "--config.file", "demo.yaml", "--from", days[0], "--to", days[1]];
        let output = program().args(arguments).current_dir(directory.path()).output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{days:?}");
        String::from_utf8(output.stderr).unwrap()
    };
    let said = refused(["2025-01-01", "2025-12-31"]);
    assert!(said.starts_with("there is no store at "), "{said}");
    printed(directory.path(), &["sync", "--config.file", "demo.yaml"]);
    let said = refused(["2025-02-01", "2025-01-31"]);
    assert_eq!(said, "2025-02-01 lies behind 2025-01-31: write the first day after --from and the last after --to\n");
    let said = refused(["2025-01-02", "2025-02-27"]);
    assert_eq!(said, "no whole month that has ended lies between 2025-01-02 and 2025-02-27\n");
}

/// The demo itself: it says where to look, serves, and removes its records.
#[test]
fn the_demo_serves_and_leaves_nothing_behind() {
    let temporary = tempfile::tempdir().unwrap();
    let mut command = program();
    command.args(["demo", "--demo.pace", "0.1", "--web.listen-address", "127.0.0.1:0"]);
    command.env("TMPDIR", temporary.path()).current_dir(temporary.path());
    let mut process = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let log = BufReader::new(process.stderr.take().unwrap());
    let lines = log.lines().map_while(Result::ok);
    let complete = lines.into_iter().any(|line| line.contains("the stream has been loaded completely"));
    assert!(complete, "the floor is never loaded");
    assert_eq!(fs::read_dir(temporary.path()).unwrap().count(), 1);
    let ended = Command::new("kill").args(["-TERM", &process.id().to_string()]).status().unwrap();
    assert!(ended.success());
    let output = process.wait_with_output().unwrap();
    assert!(output.status.success());
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(said.starts_with("An invented sales floor") && said.contains("http://127.0.0.1:0/metrics"), "{said}");
    assert_eq!(fs::read_dir(temporary.path()).unwrap().count(), 0, "something was left behind");
}

#[test]
fn the_demo_refuses_what_makes_no_floor() {
    let directory = tempfile::tempdir().unwrap();
    let refused = |arguments: &[&str]| {
        let output = program().arg("demo").args(arguments).current_dir(directory.path()).output().unwrap();
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    };
    let (code, said) = refused(&["--demo.pace", "99"]);
    assert_eq!(code, Some(1));
    assert_eq!(said, "--demo.pace: sources.demo.pace: `99` is no pace; write a number from 0.1 to 10\n");
    assert_eq!(refused(&["--now", NOW]).0, Some(2), "an instant is for settings only");
}

#[test]
fn a_settings_file_is_refused_where_none_is_read() {
    for arguments in
        [&["demo", "--config.file", "mine.yaml"][..], &["init", "--source", "hubspot", "--config.file", "mine.yaml"]]
    {
        let output = program().args(arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(1));
        let told = String::from_utf8(output.stderr).unwrap();
        assert!(told.starts_with(&format!("--config.file: {} reads no settings file; ", arguments[0])), "{told}");
    }
}
