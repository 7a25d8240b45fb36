//! `deploy/compose/`: what can be said of containers without running any.

use std::collections::BTreeSet;

use regex::Regex;
use yaml_rust2::{Yaml, YamlLoader};

use super::{compose_directory, read};

const FILES: [&str; 2] = ["compose.yaml", "own.yaml"];

fn parsed(file: &str) -> Yaml {
    YamlLoader::load_from_str(&read(&compose_directory().join(file))).unwrap().remove(0)
}

/// A key of a table, also one that was merged into it by `<<`.
fn get<'y>(table: &'y Yaml, key: &str) -> Option<&'y Yaml> {
    let entries = table.as_hash()?;
    let own = entries.get(&Yaml::String(key.to_owned()));
    own.or_else(|| entries.get(&Yaml::String("<<".to_owned())).and_then(|merged| get(merged, key)))
}

fn texts(value: Option<&Yaml>) -> Vec<String> {
    let items = value.and_then(Yaml::as_vec).map(Vec::as_slice).unwrap_or_default();
    items.iter().map(|item| item.as_str().unwrap().to_owned()).collect()
}

/// The services of a file, by name.
fn services(file: &Yaml) -> Vec<(&str, &Yaml)> {
    let services = file["services"].as_hash().unwrap();
    services.iter().map(|(name, service)| (name.as_str().unwrap(), service)).collect()
}

/// Each service of the stack.
fn of_the_stack(file: &Yaml) -> Vec<(&str, &Yaml)> {
    let services = services(file);
    let names: Vec<&str> = services.iter().map(|(name, _)| *name).collect();
    assert_eq!(names, ["exporter", "render", "prometheus", "alertmanager", "grafana", "playlists"]);
    services
}

/// The arguments of a service of the stack.
pub(super) fn command(name: &str) -> Vec<String> {
    texts(get(&parsed("compose.yaml")["services"][name], "command"))
}

/// The command that tells whether a service of the stack is well.
pub(super) fn health_check(name: &str) -> Vec<String> {
    let mut test = texts(get(&parsed("compose.yaml")["services"][name]["healthcheck"], "test"));
    assert_eq!(test.remove(0), "CMD");
    test
}

#[test]
fn nothing_runs_with_more_rights_than_it_needs() {
    for (name, service) in of_the_stack(&parsed("compose.yaml")) {
        assert_eq!(get(service, "read_only"), Some(&Yaml::Boolean(true)), "{name}");
        assert_eq!(texts(get(service, "cap_drop")), ["ALL"], "{name}");
        assert_eq!(texts(get(service, "security_opt")), ["no-new-privileges:true"], "{name}");
        let user = get(service, "user").and_then(Yaml::as_str).unwrap();
        assert!(user.split(':').next().unwrap().parse::<u32>().unwrap() > 0, "{name}: {user}");
        for key in ["privileged", "cap_add", "network", "pid", "ipc", "userns_mode", "devices"] {
            assert!(get(service, key).is_none(), "{name}: {key}");
        }
    }
}

#[test]
fn images_have_exact_versions_and_ours_is_this_one() {
    let exact = Regex::new(r"^[a-z_/]+:v?\d+\.\d+\.\d+$").unwrap();
    let mut images = BTreeSet::new();
    let file = parsed("compose.yaml");
    for (name, service) in of_the_stack(&file) {
        let image = get(service, "image").and_then(Yaml::as_str).unwrap();
        assert!(exact.is_match(image), "{name}: {image}");
        images.insert(image.to_owned());
    }
    assert_eq!(images.len(), 4, "{images:?}");
    assert!(images.contains(&format!("crm_exporter:{}", env!("CARGO_PKG_VERSION"))), "{images:?}");
    // The pages name the versions too.
    let page = read(&super::root().join("docs/deploy.md"));
    for version in images.iter().filter_map(|image| image.split_once(':')).map(|(_, tag)| tag.trim_start_matches('v')) {
        assert!(page.contains(version), "docs/deploy.md does not name {version}");
    }
}

#[test]
fn only_this_machine_reaches_what_is_published() {
    for (name, service) in of_the_stack(&parsed("compose.yaml")) {
        for port in texts(get(service, "ports")) {
            let is_local = port.starts_with("127.0.0.1:") || port.starts_with("${GRAFANA_ADDRESS:-127.0.0.1}:");
            assert!(is_local, "{name}: {port}");
        }
        for key in ["network_mode", "networks"] {
            let own = get(service, key).and_then(Yaml::as_str).unwrap_or("none");
            assert_eq!(own, "none", "{name}: {key}");
        }
    }
    for (name, service) in services(&parsed("own.yaml")) {
        assert!(get(service, "ports").is_none(), "{name}");
    }
}

#[test]
fn whoever_stays_is_watched_and_started_again() {
    for (name, service) in of_the_stack(&parsed("compose.yaml")) {
        let stays = get(service, "restart").and_then(Yaml::as_str) == Some("unless-stopped");
        let test = texts(get(service, "healthcheck").and_then(|check| get(check, "test")));
        match name {
            "render" | "playlists" => assert!(!stays && test.is_empty(), "{name}"),
            // Not by a shell: two of the images have none, or may lose it.
            _ => assert!(stays && test[0] == "CMD", "{name}: {test:?}"),
        }
    }
}

#[test]
fn what_is_mounted_is_there_and_written_only_where_it_is_meant() {
    let mut mounted = 0;
    for file in FILES {
        let parsed = parsed(file);
        for (name, service) in services(&parsed) {
            for volume in texts(get(service, "volumes")) {
                let parts: Vec<&str> = volume.split(':').collect();
                let is_read_only = parts.get(2) == Some(&"ro");
                mounted += 1;
                if parts[0].starts_with('.') {
                    assert!(compose_directory().join(parts[0]).exists() && is_read_only, "{file}: {name}: {volume}");
                } else {
                    assert!(get(&parsed["volumes"], parts[0]).is_some(), "{file}: {name}: {volume}");
                    // Each writes what is its own.
                    let own = match name {
                        "render" => "rendered",
                        "exporter" => "records",
                        _ => name,
                    };
                    assert!(is_read_only || parts[0] == own, "{file}: {name}: {volume}");
                }
            }
        }
    }
    assert!(mounted >= 12, "{mounted}");
}

#[test]
fn secrets_are_in_files_that_git_does_not_take() {
    let secret = Regex::new("(?i)password|token|secret|key").unwrap();
    for (name, service) in of_the_stack(&parsed("compose.yaml")) {
        let environment = get(service, "environment").and_then(Yaml::as_hash);
        for (key, _) in environment.into_iter().flatten() {
            let key = key.as_str().unwrap();
            assert!(!secret.is_match(key) || key.ends_with("__FILE"), "{name}: {key}");
        }
    }
    for directory in ["settings", "secrets/exporter", "secrets/alertmanager"] {
        let directory = compose_directory().join(directory);
        assert!(read(&directory.join(".gitignore")).starts_with("*\n"), "{}", directory.display());
    }
}

/// The files say which command each container runs: those of ours have to be understood.
#[test]
fn the_commands_of_the_exporter_exist() {
    let commands = FILES.map(parsed);
    let commands =
        commands.iter().flat_map(|file| services(file)).filter(|(name, _)| ["exporter", "render"].contains(name));
    let commands: Vec<Vec<String>> = commands.map(|(_, service)| texts(get(service, "command"))).collect();
    assert_eq!(commands.len(), 4);
    for command in commands {
        let output = crate::program().args(&command).arg("--help").output().unwrap();
        assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
        let help = String::from_utf8(output.stdout).unwrap();
        for flag in command.iter().filter_map(|word| word.strip_prefix("--")) {
            let flag = flag.split('=').next().unwrap();
            assert!(help.contains(&format!("--{flag}")), "{command:?}: --{flag}");
        }
    }
}
