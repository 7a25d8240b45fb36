//! The pages under `docs/` and the README, held against the program.
//!
//! `docs/metrics.md` is printed by the program: `UPDATE_EXPECTED=1 cargo test --test it docs` writes it anew. The other
//! pages are written by hand; what can be counted in them is checked here.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use crm_exporter::domain::{
    ActivityState, Column, ColumnKind, DealStatus, Dictionary, Direction, LeadLevel, Object, Record,
};
use crm_exporter::measures::quality::Check;
use crm_exporter::metrics::find;

use crate::program;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap()
}

/// What the program prints to standard output and to standard error; it has to succeed.
fn run(arguments: &[&str], directory: &Path) -> (String, String) {
    let output = program().args(arguments).current_dir(directory).output().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{arguments:?}: {stderr}");
    (String::from_utf8(output.stdout).unwrap(), stderr)
}

/// What the program prints to standard output.
fn printed(arguments: &[&str], directory: &Path) -> String {
    run(arguments, directory).0
}

/// The text between a line that is `heading` and the next heading of its level or above.
fn section<'p>(page: &'p str, heading: &str) -> &'p str {
    let level = heading.chars().take_while(|c| *c == '#').count();
    let start = page.find(&format!("\n{heading}\n")).unwrap_or_else(|| panic!("there is no heading `{heading}`"));
    let body = &page[start + heading.len() + 2..];
    let ends = (1..=level).filter_map(|level| body.find(&format!("\n{} ", "#".repeat(level))));
    &body[..ends.min().unwrap_or(body.len())]
}

/// The code in the first cell of each row of a section's tables.
fn first_cells(section: &str) -> Vec<String> {
    let cells = section.lines().filter_map(|line| line.strip_prefix("| `")?.split_once('`'));
    cells.map(|(cell, _)| cell.to_owned()).collect()
}

/// The blocks of code in that language, without indentation.
fn blocks(page: &str, language: &str) -> Vec<String> {
    let mut blocks = Vec::new();
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        if line.trim() == format!("```{language}") {
            let indent = line.len() - line.trim_start().len();
            let block = lines.by_ref().take_while(|line| line.trim() != "```");
            blocks.push(block.map(|line| line.get(indent..).unwrap_or("").to_owned() + "\n").collect());
        }
    }
    blocks
}

/// Copies a directory of small files, as if they had been written an hour ago: what was written just now is waited for.
fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let target = to.join(entry.file_name());
        match entry.file_type().unwrap().is_dir() {
            true => copy(&entry.path(), &target),
            false => write(&target, &fs::read(entry.path()).unwrap()),
        }
    }
}

fn write(path: &Path, bytes: &[u8]) {
    fs::write(path, bytes).unwrap();
    let file = File::options().write(true).open(path).unwrap();
    file.set_modified(SystemTime::now() - Duration::from_secs(3600)).unwrap();
}

#[test]
fn the_page_of_data_quality_has_every_check() {
    let checks = Check::ALL.map(Check::name);
    assert_eq!(first_cells(section(&read("docs/quality.md"), "## The checks")), checks);
}

#[test]
fn the_page_of_metrics_is_what_the_program_prints() {
    let text = printed(&["metrics", "--format", "markdown"], root());
    if std::env::var_os("UPDATE_EXPECTED").is_some() {
        fs::write(root().join("docs/metrics.md"), &text).unwrap();
    }
    assert_eq!(text, read("docs/metrics.md"), "UPDATE_EXPECTED=1 cargo test --test it docs");
    let table = printed(&["metrics"], root());
    assert_eq!(table.lines().filter(|line| line.chars().count() > 80).collect::<Vec<_>>(), [""; 0]);
}

#[test]
fn the_page_of_the_past_names_what_there_is() {
    let page = read("docs/backfill.md");
    let names = page.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).filter(|word| word.starts_with("crm_"));
    let names: BTreeSet<&str> = names.filter(|word| *word != "crm_exporter").collect();
    assert!(names.len() > 5);
    names.iter().for_each(|name| assert!(find(name).is_some(), "{name} is not in the catalogue"));
    let help = printed(&["backfill", "--help"], root());
    let commands = blocks(&page, "sh").into_iter().filter(|block| block.contains("crm_exporter")).collect::<String>();
    let flags: Vec<&str> = commands.split_whitespace().filter(|word| word.starts_with("--")).collect();
    assert!(flags.len() > 5 && flags.iter().all(|flag| help.contains(&format!("{flag} <"))), "{flags:?}");
}

/// Samples of a floor that lives change, so only their names and labels are held against the catalogue.
#[test]
fn the_samples_of_the_readme_are_of_the_catalogue() {
    let page = read("README.md");
    let samples = blocks(&page, "text").concat();
    let samples = samples.lines().filter(|line| line.starts_with("crm_") && !line.contains(" = "));
    let samples: Vec<(&str, &str)> = samples.filter_map(|line| line.split_once('{')).collect();
    assert!(samples.len() > 3);
    for (name, rest) in samples {
        let metric = find(name).unwrap_or_else(|| panic!("{name} is not in the catalogue"));
        let labels: Vec<&str> = rest.split("=\"").map(|part| part.rsplit(['{', ',']).next().unwrap()).collect();
        assert_eq!(labels[..labels.len() - 1], metric.labels(), "{name}");
    }
}

/// What the page of contests shows can be pasted beside the goals and key activities that it names.
#[test]
fn settings_of_the_page_of_contests_are_right() {
    let directory = tempfile::tempdir().unwrap();
    let named = "activities: {key: {executive_meeting: {kind: meeting}}}\n\
                 goals: {quota: {measure: crm_deals_won_value, window: quarter, target: {default: 1}}}\n";
    let shown = blocks(&read("docs/contests.md"), "yaml");
    assert_eq!(shown.len(), 2);
    fs::write(directory.path().join("crm_exporter.yaml"), named.to_owned() + &shown.concat()).unwrap();
    printed(&["check"], directory.path());
}

/// A plan, and that its goals can be pasted into the settings that it was made with.
#[test]
fn the_plan_of_the_page_is_what_is_printed() {
    let page = read("docs/plan.md");
    let directory = tempfile::tempdir().unwrap();
    copy(&root().join("examples"), &directory.path().join("examples"));
    let commands = blocks(&page, "sh").concat();
    let mut commands = commands.lines().map(|line| line.split_whitespace().skip(1).collect::<Vec<_>>());
    printed(&commands.next().unwrap(), directory.path());
    let plan = printed(&commands.next().unwrap(), directory.path());
    assert_eq!(blocks(&page, "text").concat(), plan, "docs/plan.md");
    let goals = plan.split_once("goals:\n").unwrap().1;
    let file = directory.path().join("examples/crm_exporter.yaml");
    let settings = fs::read_to_string(&file).unwrap();
    fs::write(&file, settings.replace("\ngoals:\n", &format!("\ngoals:\n{goals}"))).unwrap();
    printed(&["check", "--config.file", "examples/crm_exporter.yaml"], directory.path());
}

#[test]
fn explanations_of_the_pages_are_what_is_printed() {
    let directory = tempfile::tempdir().unwrap();
    copy(&root().join("examples"), &directory.path().join("examples"));
    printed(&["sync", "--config.file", "examples/crm_exporter.yaml"], directory.path());
    for (page, count) in [("README.md", 1), ("docs/explain.md", 2)] {
        let page = read(page);
        let explained = blocks(&page, "text").into_iter().filter(|block| block.contains(" = "));
        let commands = blocks(&page, "sh").concat().replace("\\\n", "");
        let commands = commands.lines().filter(|line| line.contains(" explain ") && line.contains("examples/"));
        let pairs: Vec<(String, &str)> = explained.zip(commands).collect();
        assert_eq!(pairs.len(), count);
        for (explained, command) in pairs {
            let selector = command.split('\'').nth(1).unwrap();
            let rest = command.rsplit('\'').next().unwrap().split_whitespace().collect();
            assert_eq!(printed(&[vec!["explain", selector], rest].concat(), directory.path()), explained);
        }
    }
}

#[test]
fn the_page_of_files_lists_every_object_and_field() {
    let page = read("docs/csv.md");
    let objects = section(&page, "## Objects and fields");
    let headings: BTreeSet<&str> = objects.lines().filter_map(|line| line.strip_prefix("### ")).collect();
    let not_in_files = [Object::Pipeline, Object::Stage, Object::CurrencyRate];
    let all = Object::ALL.into_iter().filter(|object| !not_in_files.contains(object));
    let all: Vec<Object> = all.collect();
    assert_eq!(headings, all.iter().map(|object| object.name()).collect());
    for object in all {
        let described = first_cells(section(objects, &format!("### {object}")));
        let columns = Record::<String>::columns(object).iter().map(|column| column.name.to_owned());
        // Stage changes are in a pipeline only by way of their stages.
        let pipeline = (object == Object::StageChange).then(|| "pipeline".to_owned());
        assert_eq!(
            described,
            ["id".to_owned()].into_iter().chain(columns).chain(pipeline).collect::<Vec<_>>(),
            "{object}"
        );
    }
}

#[test]
fn the_page_of_files_tells_the_type_of_every_field() {
    let page = read("docs/csv.md");
    let word = |column: &Column| match column.kind {
        ColumnKind::Text => "text".to_owned(),
        ColumnKind::Flag => "yes or no".to_owned(),
        ColumnKind::Int => "whole number".to_owned(),
        ColumnKind::Decimal => "number".to_owned(),
        ColumnKind::When => "date or time".to_owned(),
        ColumnKind::Day => "date".to_owned(),
        // Pipelines, stages and teams have no ids of their own in files.
        ColumnKind::Link(Object::Pipeline | Object::Stage) => "name".to_owned(),
        ColumnKind::Link(target) => format!("id of {target}"),
        ColumnKind::Links(target) => format!("ids of {target}"),
    };
    for object in Object::ALL {
        if [Object::Pipeline, Object::Stage, Object::CurrencyRate].contains(&object) {
            continue;
        }
        // The mark of what is required is no part of the table's form.
        let rows = section(&page, &format!("### {object}")).replace("` * |", "` |");
        for column in Record::<String>::columns(object) {
            let start = format!("| `{}` | {} |", column.name, word(column));
            assert!(rows.contains(&start), "{object}: {start}");
        }
    }
}

#[test]
fn the_page_of_files_lists_the_words_that_are_understood() {
    let page = read("docs/csv.md");
    let words = section(&page, "## Words");
    let row = |meaning: &str, words: Vec<&str>| {
        let words: Vec<String> = words.into_iter().map(|word| format!("`{word}`")).collect();
        format!("| {meaning} | {} |", words.join(", "))
    };
    let Dictionary { kinds, states, directions, outcomes, statuses, lead_statuses } = Dictionary::COMMON;
    assert_eq!(outcomes, &[], "outcomes are not on the page");
    let of = |meaning: ActivityState| states.iter().filter(move |(_, state)| *state == meaning).map(|(word, _)| *word);
    let mut expected: Vec<String> =
        kinds.iter().map(|(word, kind)| row(&format!("kind `{kind}`"), vec![word])).collect();
    expected.push(row("activity is done", of(ActivityState::Done).collect()));
    expected.push(row("activity is open", of(ActivityState::Open).collect()));
    expected.push(row("activity was cancelled", of(ActivityState::Cancelled).collect()));
    expected.push(row("meeting was a no-show", of(ActivityState::NoShow).collect()));
    for (name, meaning) in [("inbound", Direction::Inbound), ("outbound", Direction::Outbound)] {
        let words = directions.iter().filter(|(_, direction)| *direction == meaning).map(|(word, _)| *word);
        expected.push(row(&format!("direction is {name}"), words.collect()));
    }
    for (name, meaning) in [("open", DealStatus::Open), ("won", DealStatus::Won), ("lost", DealStatus::Lost)] {
        let words = statuses.iter().filter(|(_, status)| *status == meaning).map(|(word, _)| *word);
        expected.push(row(&format!("deal is {name}"), words.collect()));
    }
    for (name, meaning) in [("mql", LeadLevel::Mql), ("sql", LeadLevel::Sql), ("disqualified", LeadLevel::Disqualified)]
    {
        let words = lead_statuses.iter().filter(|(_, level)| *level == meaning).map(|(word, _)| *word);
        expected.push(row(&format!("lead is {name}"), words.collect()));
    }
    let rows: Vec<&str> = words.lines().filter(|line| line.starts_with("| ") && line.contains('`')).collect();
    assert_eq!(rows, expected);
}

/// Every worked example: files, each with its name before it, the settings, a command and some of what it prints.
#[test]
fn the_examples_of_the_page_of_files_give_the_figures_beside_them() {
    let page = read("docs/csv.md");
    let examples = section(&page, "## Worked examples");
    let names: Vec<&str> = examples.lines().filter_map(|line| line.strip_prefix("### ")).collect();
    assert_eq!(names.len(), 3);
    for name in names {
        let example = section(examples, &format!("### {name}"));
        let directory = tempfile::tempdir().unwrap();
        fs::create_dir(directory.path().join("exports")).unwrap();
        let files = example.lines().filter_map(|line| line.strip_prefix('`')?.strip_suffix("`:"));
        for (file, rows) in files.zip(blocks(example, "csv")) {
            write(&directory.path().join(file), rows.as_bytes());
        }
        let settings = blocks(example, "yaml").concat();
        fs::write(directory.path().join("crm_exporter.yaml"), settings).unwrap();
        let command = blocks(example, "sh").concat();
        let arguments = command.split_whitespace().skip(1).collect::<Vec<_>>();
        let (figures, told) = run(&arguments, directory.path());
        assert!(!told.contains("could not be read"), "{name}: {told}");
        for sample in blocks(example, "text").concat().lines() {
            assert!(figures.lines().chain(told.lines()).any(|line| line == sample), "{name}: {sample}");
        }
    }
}

/// Links between the pages, and to files of the repository.
#[test]
fn links_lead_somewhere() {
    for page in [
        "README.md",
        "ARCHITECTURE.md",
        "CHANGELOG.md",
        "docs/alerts.md",
        "docs/backfill.md",
        "docs/csv.md",
        "docs/demo.md",
        "docs/deploy.md",
        "docs/hubspot.md",
        "docs/metrics.md",
        "docs/reload.md",
        "docs/sizing.md",
    ] {
        let text = read(page);
        let directory: PathBuf = root().join(page).parent().unwrap().to_owned();
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let path = link.split('#').next().unwrap();
            let leads = link.starts_with("http") || path.is_empty() || directory.join(path).exists();
            assert!(leads, "{page}: {link}");
        }
    }
}
