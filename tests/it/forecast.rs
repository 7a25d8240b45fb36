//! The forecast on the demo, held against what came: a smaller version of what docs/forecast.md tells.

use std::fs;

use serde_json::Value;

use crate::program;

/// Past, so that the floor is the same whenever this runs.
const NOW: &str = "2026-11-22T00:00:00Z";

fn printed(directory: &std::path::Path, arguments: &[&str]) -> String {
    let output = program().args(arguments).current_dir(directory).output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// The numbers under a key in the rows of a table.
fn numbers(backtest: &Value, table: &str, key: &str) -> Vec<f64> {
    backtest[table].as_array().unwrap().iter().map(|row| row[key].as_f64().unwrap()).collect()
}

#[test]
fn the_forecast_of_the_demo_holds_what_it_promises() {
    let directory = tempfile::tempdir().unwrap();
    let floor = ["demo", "--print-config", "--now", NOW, "--demo.years", "4", "--demo.pace", "0.3"];
    let config = printed(directory.path(), &floor).replace("    history:\n", "    history: 30d\n");
    fs::write(directory.path().join("demo.yaml"), config).unwrap();
    printed(directory.path(), &["sync", "--config.file", "demo.yaml"]);
    let ask = ["forecast", "backtest", "--config.file", "demo.yaml", "--now", NOW, "--every", "10"];
    let backtest = printed(directory.path(), &[&ask[..], &["--format", "json"]].concat());
    let backtest: Value = serde_json::from_str(&backtest).unwrap();

    assert_eq!(backtest["quarters"].as_array().unwrap().len(), 12);
    // Of everybody and of the three teams.
    let held = numbers(&backtest, "scopes", "held");
    assert_eq!(held.len(), 4);
    let mean = held.iter().sum::<f64>() / held.len() as f64;
    assert!((0.7..=0.9).contains(&held[0]) && (0.7..=0.9).contains(&mean), "{held:?}");
    let errors = ["error", "error_last_quarter", "error_stage_probability"];
    let [error, last_quarter, stage_probability] = errors.map(|key| numbers(&backtest, "scopes", key));
    for (place, error) in error.iter().enumerate() {
        assert!(*error < 0.7 * last_quarter[place], "{error} {last_quarter:?}");
        assert!(*error < 0.7 * stage_probability[place], "{error} {stage_probability:?}");
    }

    let table = printed(directory.path(), &ask);
    assert!(table.starts_with("| everybody and teams |") && table.contains("\n| Q3 FY2026 "), "{table}");
}

#[test]
fn without_a_year_of_deals_there_is_nothing_to_replay() {
    let directory = tempfile::tempdir().unwrap();
    let floor = ["demo", "--print-config", "--now", "2026-11-22T00:00:00Z", "--demo.pace", "0.1"];
    fs::write(directory.path().join("demo.yaml"), printed(directory.path(), &floor)).unwrap();
    printed(directory.path(), &["sync", "--config.file", "demo.yaml"]);
    let output = program()
        .args(["forecast", "backtest", "--config.file", "demo.yaml", "--now", "2025-06-30"])
        .current_dir(directory.path())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(said, "no finished quarter has deals of the year before it to learn from: nothing to replay yet\n");
}
