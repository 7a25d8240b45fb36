//! Licences and origins of everything that is compiled in, from what cargo knows without a network.
//!
//! Withdrawn (yanked) versions are looked for by the script `test`. Security advisories are not looked for: no package
//! registry carries their database.

use std::process::Command;

use serde_json::Value;
use spdx::{Expression, LicenseReq, ParseMode};

/// Licences that allow to ship a program under Apache-2.0 with no more than a notice.
const LICENCES: [&str; 7] = ["Apache-2.0", "MIT", "BSD-2-Clause", "BSD-3-Clause", "ISC", "Unicode-3.0", "Zlib"];

/// Everything that is compiled for this platform, tests included.
fn packages() -> Vec<Value> {
    let host = output("rustc", &["-vV"]);
    let host = host.lines().find_map(|line| line.strip_prefix("host: ")).unwrap();
    let arguments = ["metadata", "--format-version=1", "--locked", "--offline", "--filter-platform", host];
    let mut metadata: Value = serde_json::from_str(&output(env!("CARGO"), &arguments)).unwrap();
    let Value::Array(packages) = metadata["packages"].take() else { panic!("cargo lists no packages") };
    packages.into_iter().filter(|package| package["name"] != env!("CARGO_PKG_NAME")).collect()
}

fn output(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).current_dir(env!("CARGO_MANIFEST_DIR")).output().unwrap();
    assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn is_allowed(requirement: &LicenseReq) -> bool {
    requirement.license.id().is_some_and(|id| LICENCES.contains(&id.name))
}

/// What is wrong with a package, if anything is.
fn problem(package: &Value) -> Option<String> {
    let name = format!("{} {}", package["name"].as_str()?, package["version"].as_str()?);
    let Some(source) = package["source"].as_str() else { return Some(format!("{name} comes from a path")) };
    if !(source.starts_with("registry+") && source.ends_with("/crates.io-index")) {
        return Some(format!("{name} comes from {source}"));
    }
    let Some(licence) = package["license"].as_str() else { return Some(format!("{name} names no licence")) };
    // Old packages write `/` for `OR`.
    let Ok(expression) = Expression::parse_mode(licence, ParseMode::LAX) else {
        return Some(format!("{name}: `{licence}` is no SPDX expression"));
    };
    (!expression.evaluate(is_allowed)).then(|| format!("{name} is under {licence}"))
}

#[test]
fn dependencies_are_free_to_ship_and_from_the_registry() {
    let packages = packages();
    assert!(packages.len() > 50, "cargo lists {} packages only", packages.len());
    let problems: Vec<String> = packages.iter().filter_map(problem).collect();
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn wrong_licences_and_origins_are_found() {
    let registry = "registry+https://example.com/crates.io-index";
    let package = |license: Option<&str>, source: Option<&str>| {
        problem(&serde_json::json!({"name": "p", "version": "1.0.0", "license": license, "source": source}))
    };
    for fine in [
        "MIT",
        "MIT/Apache-2.0",
        "GPL-3.0-only OR MIT",
        "(MIT OR GPL-2.0-only) AND Zlib",
        "Apache-2.0 WITH LLVM-exception",
    ] {
        assert_eq!(package(Some(fine), Some(registry)), None, "{fine}");
    }
    assert_eq!(package(Some("GPL-3.0-only"), Some(registry)).unwrap(), "p 1.0.0 is under GPL-3.0-only");
    assert_eq!(package(Some("MIT AND GPL-3.0-only"), Some(registry)).unwrap(), "p 1.0.0 is under MIT AND GPL-3.0-only");
    assert_eq!(package(Some("Free"), Some(registry)).unwrap(), "p 1.0.0: `Free` is no SPDX expression");
    assert_eq!(package(None, Some(registry)).unwrap(), "p 1.0.0 names no licence");
    assert_eq!(package(Some("MIT"), None).unwrap(), "p 1.0.0 comes from a path");
    let git = "git+https://example.com/p";
    assert_eq!(package(Some("MIT"), Some(git)).unwrap(), format!("p 1.0.0 comes from {git}"));
}
