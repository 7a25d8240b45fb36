//! What is wrong with settings, word for word.

use super::*;

/// The problem of settings in YAML.
fn problem(yaml: &str) -> String {
    build(value(yaml), &context(Path::new("/nowhere"))).err().map_or_else(String::new, |problem| problem.to_string())
}

/// The problem of one object's settings.
fn of_object(object: &str, yaml: &str) -> String {
    problem(&format!("{{directory: ., objects: {{{object}: {{{yaml}}}}}}}"))
}

#[test]
fn settings_without_a_mistake_have_no_problem() {
    // Nothing is looked for on disk.
    assert_eq!(of_object("deals", "file: d.csv, columns: {id: id, status: s}"), "");
}

#[test]
fn mistakes_in_the_whole_are_told() {
    let table = [
        ("{objects: {deals: {}}}", "directory: say in which directory the files are"),
        (
            "{directory: .}",
            "objects: nothing is mapped: write which file holds which object, such as {deals: {file: deals.csv, \
             columns: {id: Id, stage: Stage}}}",
        ),
        ("{directory: ., objekts: {}}", "objekts: unknown key; did you mean `objects`?"),
        (
            "{directory: ., settle: 2}",
            "settle: `2` is no duration: write a number and its unit, such as 15s, 2m, 1h or 800d",
        ),
        (
            "{directory: ., objects: {deal: {file: d.csv}}}",
            "objects.deal: there is no such object, did you mean `deals`?; files may hold teams, users, accounts, contacts, \
             leads, deals, stage_changes, status_changes, owner_changes, activities, goals, surveys",
        ),
        (
            "{directory: ., objects: {pipelines: {file: d.csv}}}",
            "objects.pipelines: there is no such object; files may hold teams, users, accounts, contacts, leads, deals, \
             stage_changes, status_changes, owner_changes, activities, goals, surveys",
        ),
        (
            "{directory: ., objects: {deals: d.csv}}",
            "objects.deals: expected a table such as {file: deals.csv, columns: {id: Id}}, found `d.csv`",
        ),
    ];
    for (yaml, expected) in table {
        assert_eq!(problem(yaml), expected);
    }
}

#[test]
fn mistakes_in_an_object_are_told() {
    let table = [
        ("accounts", "columns: {id: id}", "file: say which file in `directory` holds the accounts"),
        ("accounts", "file: [a, a]", "file: `a` is listed twice: every row of it would be a duplicate"),
        ("accounts", "file: a", "columns.id: say which column tells accounts apart"),
        ("accounts", "file: a, colums: {}", "colums: unknown key; did you mean `columns`?"),
        (
            "accounts",
            "file: a, columns: {id: id}, encoding: klingon",
            "encoding: there is no encoding `klingon`: write one such as utf-8, utf-16le or windows-1252",
        ),
        (
            "accounts",
            "file: a, columns: {id: id}, encoding: shift_jis, delimiter: '|'",
            "encoding: in shift_jis the delimiter or quote may be half of another character: export the file in utf-8, or \
             use a comma, semicolon or tab and double quotes",
        ),
        (
            "accounts",
            "file: a, columns: {id: id}, delimiter: '||'",
            "delimiter: `||` is not one ASCII character: give one such as \";\" or \"|\", or write tab",
        ),
        (
            "accounts",
            "file: a, columns: {id: id}, quote: «",
            "quote: `«` is not one ASCII character: give one such as \"'\"",
        ),
        (
            "accounts",
            "file: a, columns: {id: id}, quote: ','",
            "quote: cells cannot be parted and enclosed by the same character",
        ),
        (
            "accounts",
            "file: a, columns: {id: id}, delimiter: \"\\n\"",
            "delimiter: rows end at line ends, so these can neither part nor enclose cells",
        ),
        (
            "accounts",
            "file: a, columns: {id: id}, time_zone: Berlin",
            "time_zone: there is no time zone `Berlin`: write an IANA name such as Europe/Berlin",
        ),
        (
            "accounts",
            "file: a, columns: {id: id}, currency: Euro",
            "currency: `Euro` is no ISO 4217 currency code such as USD or EUR",
        ),
        ("users", "file: a, columns: {id: id}, currency: EUR", "currency: users have no amounts: leave it out"),
        ("users", "file: a, columns: {id: id}, pipeline: Sales", "pipeline: users are in no pipeline: leave it out"),
        (
            "accounts",
            "file: a, columns: {id: id}, dates: YYYY",
            "dates: `YYYY` does not tell a whole date: write a pattern such as \"%d.%m.%Y %H:%M\", epoch_seconds or \
             epoch_millis",
        ),
        (
            "stage_changes",
            "file: a, columns: {deal: d, stage: s}",
            "columns.at: stage_changes are of no use without it: name its column or a default",
        ),
        (
            "activities",
            "file: a, columns: {at: d}",
            "columns.kind: activities are of no use without it: name its column or a default",
        ),
        (
            "owner_changes",
            "file: a, columns: {owner: o, at: d}",
            "columns: owner_changes are those of a deal or lead: map `deal` or `lead`",
        ),
    ];
    for (object, yaml, expected) in table {
        assert_eq!(of_object(object, yaml), format!("objects.{object}.{expected}"));
    }
}

#[test]
fn mistakes_in_the_stages_are_told() {
    let deals = |more: &str| of_object("deals", &format!("file: d, columns: {{id: id, stage: s}}{more}"));
    assert_eq!(
        deals(""),
        "objects.deals: nothing says which deals are won: list `stages` in order with open, won or lost, or map \
         `columns.status`"
    );
    assert_eq!(
        deals(", stages: {New: opened}"),
        "objects.deals.stages.New: `opened` is no outcome: write open, won or lost"
    );
    assert_eq!(
        deals(", stages: {Sales: {New: 1}}"),
        "objects.deals.stages.Sales.New: `1` is no outcome: write open, won or lost"
    );
    assert_eq!(
        deals(", stages: {Sales: {New: open}, Won: won}"),
        "objects.deals.stages: stages and pipelines are mixed: list either stages, or pipelines with their stages"
    );
    assert_eq!(deals(", stages: [New, Won]"), "objects.deals.stages: expected keys and values, found a list");
    assert_eq!(
        of_object("stage_changes", "file: m, stages: {New: open}, columns: {deal: d, stage: s, at: t}"),
        "objects.stage_changes.stages: stages are listed at `deals`: leave them out here"
    );
    let by_row = "{directory: ., objects: {
        deals: {file: d, columns: {id: id, stage: s, pipeline: p}, stages: {New: open}},
        stage_changes: {file: m, columns: {deal: d, stage: s, at: t}}}}";
    assert_eq!(
        problem(by_row),
        "objects.stage_changes.columns: deals name their pipeline in a column, so stage changes need one too: map \
         `pipeline`"
    );
}

#[test]
fn mistakes_in_a_field_are_told() {
    let table = [
        (
            "amout: a",
            "amout: deals have no such field, did you mean `amount`?; they have id, name, owner, account, contacts, pipeline, \
             stage, status, amount, currency, converted_amount, converted_currency, probability, created_at, closed_at, \
             expected_close, status_changed_at, lost_reason, source",
        ),
        ("contact: a, contacts: b", "contacts: this field is mapped twice: leave one of its names out"),
        ("amount: {scale: 2}", "amount: say where the value comes from: give a `column`, or a `default` for all rows"),
        ("amount: {column: a, scale: much}", "amount.scale: `much` is no number"),
        ("name: {column: a, scale: 2}", "name.scale: only numbers can be scaled: leave it out"),
        (
            "amount: {column: a, format: '1_234'}",
            "amount.format: `1_234` is no way to write 1234.56: use one of \"1234.56\", \"1,234.56\", \"1.234,56\", \
             \"1 234,56\", \"1 234.56\", \"1'234.56\", \"1234,56\"",
        ),
        (
            "closed_at: {column: a, format: '%Y'}",
            "closed_at.format: `%Y` does not tell a whole date: write a pattern such as \"%d.%m.%Y %H:%M\", epoch_seconds or \
             epoch_millis",
        ),
        (
            "name: {column: a, format: '%Y'}",
            "name.format: only dates and numbers have a format, and a number has one: leave it out",
        ),
        ("account: {column: a, split: ';'}", "account.split: this field holds one value only: leave it out"),
        ("contacts: {column: a, split: ''}", "contacts.split: say what stands between the values, such as \";\""),
        ("amount: {default: some}", "amount.default: `some` is no number"),
        ("closed_at: {default: soon}", "closed_at.default: `soon` is no date such as 2026-11-21 or 2026-11-21 17:00"),
        ("amount: {colum: a}", "amount.colum: unknown key; did you mean `column`?"),
        (
            "amount: [a, b]",
            "amount: expected a column's name or a table such as {column: Amount, scale: 1000}, found a list",
        ),
    ];
    for (field, expected) in table {
        let found = of_object("deals", &format!("file: d, columns: {{id: id, status: s, {field}}}"));
        assert_eq!(found, format!("objects.deals.columns.{expected}"));
    }
    // Of several kinds of file, the number of the one is told.
    let list = "{directory: ., objects: {activities: [{file: a, columns: {kind: k}}, {file: b}]}}";
    assert_eq!(
        problem(list),
        "objects.activities.1.columns.kind: activities are of no use without it: name its column or a default"
    );
}
