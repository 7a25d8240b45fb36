//! What is refused, before anything is written.

use serde_json::json;

use super::fake::{Edition, Grafana, Role};
use super::{Desk, EDITIONS, FOLDER, mark};

/// A probe for the right to write playlists is no write: nothing has that name.
fn real_writes(grafana: &Grafana) -> Vec<String> {
    let writes = grafana.writes();
    writes.into_iter().filter(|line| !line.ends_with("/crm-exporter-asks-whether-it-may-write")).collect()
}

#[test]
fn missing_rights_are_all_named_before_the_first_write() {
    for edition in EDITIONS {
        let grafana = Grafana::start(edition);
        let desk = Desk::new(&grafana);
        grafana.set_role(Role::Viewer);
        for more in [&[][..], &["--dry-run"]] {
            let said = desk.refused(more);
            for part in [
                "the token may not do what is needed; nothing was written. It lacks:\n",
                "  make a folder: folders:create on folders:uid:general\n",
                "  write playlists: the role Editor",
                "give its service account the role Editor",
            ] {
                assert!(said.contains(part), "{edition:?}: {part}\n{said}");
            }
        }
        assert_eq!((grafana.content().changes, real_writes(&grafana)), (0, Vec::new()), "{edition:?}");
    }
}

#[test]
fn rights_are_asked_for_what_is_done_and_where() {
    for edition in EDITIONS {
        let grafana = Grafana::start(edition);
        let desk = Desk::new(&grafana);
        desk.applied(&[]);
        // Nothing to do needs no rights.
        grafana.set_role(Role::Viewer);
        assert!(desk.applied(&[]).ends_with("nothing to change\n"));
        let (boards, _) = desk.names();
        grafana.content().edit(&boards[0], |model| model["title"] = json!("Mine"));
        grafana.content().boards.remove(&boards[boards.len() - 1]);
        let there = grafana.content().shown();
        let said = desk.refused(&[]);
        if boards.len() > 1 {
            assert!(said.contains("change boards: dashboards:write on folders:uid:crm-exporter-boards\n"), "{said}");
        }
        assert!(
            said.contains("make boards in the folder: dashboards:create on folders:uid:crm-exporter-boards\n"),
            "{said}"
        );
        assert!(!said.contains("playlists") && !said.contains("make a folder"), "{said}");
        assert_eq!(grafana.content().shown(), there);
    }
}

/// Before 13 there is no permission for playlists: without the basic role, boards could be written and playlists not.
#[test]
fn a_token_that_may_only_write_boards_writes_none() {
    for edition in EDITIONS {
        let grafana = Grafana::start(edition);
        let desk = Desk::new(&grafana);
        grafana.set_role(Role::Folders);
        let said = desk.refused(&[]);
        assert!(said.contains("It lacks:\n  write playlists: the role Editor"), "{edition:?}: {said}");
        assert_eq!((grafana.content().changes, real_writes(&grafana)), (0, Vec::new()), "{edition:?}");
    }
}

#[test]
fn what_others_made_is_never_touched() {
    for edition in EDITIONS {
        let grafana = Grafana::start(edition);
        let desk = Desk::new(&grafana);
        let (boards, _) = desk.names();
        let uid = &boards[0];
        // An import by hand has our tag, but nobody applied it.
        let import = json!({"title": "Imported", "tags": ["crm_exporter", "wall"], "panels": []});
        grafana.content().add_board(uid, None, import);
        grafana.content().add_folder(FOLDER, "Board of directors", true);
        grafana.content().add_list("crm-floor", "Sales floor", &[("dashboard_by_uid", "weather")]);
        let there = grafana.content().shown();
        for more in [&[][..], &["--dry-run"], &["--prune"]] {
            let said = desk.refused(more);
            for part in [
                "what others made is in the way; nothing was written:\n".to_owned(),
                format!(
                    "  {uid} (Imported) was not made by grafana apply: delete it in Grafana if it is an import of ours\n"
                ),
                format!("  the folder {FOLDER} is titled \"Board of directors\" and has none of our boards: "),
                "  the playlist crm-floor (Sales floor) is not ours: delete or rename it in Grafana".to_owned(),
            ] {
                assert!(said.contains(&part), "{edition:?}: {part}\n{said}");
            }
        }
        assert_eq!((grafana.content().shown(), grafana.writes()), (there, Vec::new()), "{edition:?}");
    }
}

#[test]
fn a_board_from_a_file_or_a_folder_of_that_uid_is_left_alone() {
    for edition in EDITIONS {
        let grafana = Grafana::start(edition);
        let desk = Desk::new(&grafana);
        let uid = desk.names().0[0].clone();
        let ours = json!({"title": "Provisioned", "tags": ["crm_exporter"], "description": mark(&uid)});
        grafana.content().add_board(&uid, None, ours).file = Some("sales/board.json".to_owned());
        let said = desk.refused(&[]);
        assert!(said.contains(&format!("{uid} (Provisioned) is kept from outside (")), "{edition:?}: {said}");
        if edition == Edition::V11 {
            grafana.content().boards.clear();
            grafana.content().add_folder(&uid, "A folder", true);
            let said = desk.refused(&[]);
            assert!(said.contains(&format!("{uid} is a folder (A folder): delete it in Grafana")), "{said}");
        }
        assert_eq!(grafana.writes(), [""; 0]);
    }
}

#[test]
fn an_old_grafana_is_told_to_be_too_old() {
    let grafana = Grafana::start(Edition::V10);
    let desk = Desk::new(&grafana);
    let said = desk.refused(&[]);
    assert_eq!(said, "Grafana 10.4.19 is too old: the boards need 11.0 or later; update Grafana\n");
}

#[test]
fn a_wrong_token_and_missing_settings_are_named() {
    let grafana = Grafana::start(Edition::V13);
    let desk = Desk::new(&grafana);
    desk.write("token", "glsa_another\n");
    let said = desk.refused(&[]);
    assert!(
        said.contains("/api/frontend/settings: the token is not accepted (Invalid API key): make a token"),
        "{said}"
    );
    assert!(!said.contains("glsa_another"));
    desk.write("crm_exporter.yaml", "{}\n");
    assert_eq!(
        desk.refused(&[]),
        "crm_exporter.yaml, or the flags of grafana apply: grafana.url: is missing: write where Grafana is, such as \
         https://grafana.example.com\n"
    );
    let said = desk.refused(&["--url", &grafana.url()]);
    assert!(said.contains("grafana.token_file: is missing: name a file that holds the token"), "{said}");
    let said = desk.refused(&["--url", &grafana.url(), "--token-file", "nowhere"]);
    assert!(said.contains("grafana.token_file: ") && said.contains("nowhere cannot be read: "), "{said}");
}
