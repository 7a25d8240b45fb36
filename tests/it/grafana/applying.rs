//! What an apply leaves in Grafana, and what it says of it.

use serde_json::json;

use super::fake::{Edition, Grafana};
use super::{Desk, EDITIONS, FOLDER, former_board};

#[test]
fn the_first_apply_makes_everything_and_the_second_nothing() {
    for edition in EDITIONS {
        let grafana = Grafana::start(edition);
        let desk = Desk::new(&grafana);
        let (boards, lists) = desk.names();
        let said = desk.applied(&[]);
        assert!(said.ends_with("done\n") && said.contains("created: folder Sales\n"), "{edition:?}: {said}");
        for (uid, board) in desk.boards() {
            let line = format!("created: board {uid} ({})\n", board["title"].as_str().unwrap());
            assert!(said.contains(&line), "{edition:?}: {said}");
            let content = grafana.content();
            let there = &content.boards[&uid];
            assert_eq!(there.folder.as_deref(), Some(FOLDER));
            let (title, panels) = (&there.model["title"], there.model["panels"].as_array().unwrap().len());
            assert_eq!((title, panels), (&board["title"], board["panels"].as_array().unwrap().len()));
            assert!(there.messages.last().unwrap().starts_with("crm_exporter "), "{:?}", there.messages);
        }
        assert_eq!(grafana.content().folders[FOLDER].title, "Sales");
        assert_eq!(grafana.content().lists.len(), lists);
        let there = grafana.content().shown();
        grafana.writes();
        let said = desk.applied(&[]);
        assert!(
            said.contains(&format!("unchanged: {} boards\nnothing to change\n", boards.len())),
            "{edition:?}: {said}"
        );
        assert_eq!((grafana.writes(), grafana.content().shown()), (Vec::new(), there), "{edition:?}");
    }
}

/// The three ways of playlists: under our name from 12 on, where Grafana chooses before; with our label from 12.4 on.
#[test]
fn playlists_are_made_as_each_version_serves_them() {
    for (edition, path, is_named, is_labelled) in [
        (Edition::V11, "POST /api/playlists", false, false),
        (Edition::V12, "POST /apis/playlist.grafana.app/v0alpha1/namespaces/default/playlists", true, false),
        (Edition::V12_4, "POST /apis/playlist.grafana.app/v1/namespaces/default/playlists", true, true),
        (Edition::V13, "POST /apis/playlist.grafana.app/v1/namespaces/default/playlists", true, true),
    ] {
        let grafana = Grafana::start(edition);
        let desk = Desk::new(&grafana);
        let said = desk.applied(&[]);
        assert!(grafana.writes().contains(&path.to_owned()), "{edition:?}");
        let content = grafana.content();
        let (name, list) = content.lists.iter().find(|(_, list)| list.title == "Sales floor").unwrap();
        assert_eq!((name == "crm-floor", list.labels != json!({})), (is_named, is_labelled), "{edition:?}");
        assert_eq!(list.items[0].0, "dashboard_by_uid");
        assert!(list.items.iter().all(|(_, uid)| content.boards.contains_key(uid)), "{:?}", list.items);
        // TVs find it where it is, whoever chose the name.
        let fit = if edition == Edition::V13 { "" } else { "&autofitpanels" };
        assert!(said.contains(&format!("TVs play at {}/playlists/play/{name}?kiosk{fit}\n", grafana.url())), "{said}");
    }
}

#[test]
fn a_board_and_a_playlist_changed_by_hand_are_restored() {
    for edition in EDITIONS {
        let grafana = Grafana::start(edition);
        let desk = Desk::new(&grafana);
        desk.applied(&[]);
        let (boards, _) = desk.names();
        let uid = &boards[0];
        grafana.content().edit(uid, |model| {
            model["title"] = json!("Mine");
            model["panels"].as_array_mut().unwrap().pop();
        });
        grafana.content().add_folder("company", "Company", true);
        grafana.content().boards.get_mut(uid).unwrap().folder = Some("company".to_owned());
        let list = grafana.content().lists.keys().next().unwrap().clone();
        grafana.content().lists.get_mut(&list).unwrap().interval = "9h".to_owned();
        let said = desk.applied(&[]);
        for part in [
            &format!("changed: board {uid} ("),
            "  folder: company -> crm-exporter-boards\n",
            "  title: \"Mine\" -> \"",
            ": is missing\n",
            &format!("changed: playlist {list} ("),
            "  interval: \"9h\" -> \"",
        ] {
            assert!(said.contains(part), "{edition:?}: {part}\n{said}");
        }
        let (board, was) = (grafana.content().boards[uid].clone(), desk.boards()[0].1.clone());
        assert_eq!((board.folder.as_deref(), &board.model["title"]), (Some(FOLDER), &was["title"]));
        assert_eq!(board.version, 3, "created, edited, restored");
        assert!(desk.applied(&[]).ends_with("nothing to change\n"), "{edition:?}");
    }
}

/// A key that boards leave to Grafana is restored too: the number of the save tells that somebody was there.
#[test]
fn a_change_where_we_write_nothing_is_seen() {
    for edition in EDITIONS {
        let grafana = Grafana::start(edition);
        let desk = Desk::new(&grafana);
        desk.applied(&[]);
        let uid = desk.names().0[0].clone();
        grafana.content().edit(&uid, |model| model["panels"][0]["options"]["invented"] = json!(true));
        let said = desk.applied(&[]);
        assert!(said.contains(&format!("changed: board {uid} (")) && said.contains("options.invented"), "{said}");
        assert_eq!(grafana.content().boards[&uid].model["panels"][0]["options"]["invented"], json!(null));
        assert!(desk.applied(&[]).ends_with("nothing to change\n"), "{edition:?}");
    }
}

#[test]
fn a_rewritten_description_does_not_make_a_board_foreign() {
    let grafana = Grafana::start(Edition::V12_4);
    let desk = Desk::new(&grafana);
    desk.applied(&[]);
    let uid = desk.names().0[0].clone();
    grafana.content().edit(&uid, |model| model["description"] = json!("Ours since Tuesday"));
    let said = desk.applied(&[]);
    assert!(said.contains("  description: \"Ours since Tuesday\" -> "), "{said}");
    assert!(desk.applied(&[]).ends_with("nothing to change\n"));
}

#[test]
fn a_dry_run_tells_the_same_and_writes_nothing() {
    for edition in EDITIONS {
        let grafana = Grafana::start(edition);
        let desk = Desk::new(&grafana);
        let said = desk.applied(&["--dry-run"]);
        let (boards, lists) = desk.names();
        let would = said.matches("would be created: ").count();
        assert_eq!(would, 1 + boards.len() + lists, "{edition:?}: {said}");
        assert!(said.ends_with("nothing was written\n"), "{said}");
        assert_eq!(grafana.content().changes, 0, "{edition:?}");
        desk.applied(&[]);
        grafana.content().edit(&boards[0], |model| model["refresh"] = json!("5m"));
        let there = grafana.content().shown();
        let said = desk.applied(&["--dry-run"]);
        assert!(said.contains(&format!("would be changed: board {} (", boards[0])), "{said}");
        assert!(said.contains("  refresh: \"5m\" -> \"30s\"\n"), "{said}");
        assert_eq!(grafana.content().shown(), there, "{edition:?}");
        desk.applied(&[]);
        assert!(desk.applied(&["--dry-run"]).ends_with("nothing to change\n"));
    }
}

#[test]
fn another_title_of_the_folder_renames_it() {
    for edition in EDITIONS {
        let grafana = Grafana::start(edition);
        let desk = Desk::new(&grafana);
        desk.applied(&[]);
        desk.settings(&grafana, "  folder: Vertrieb\n");
        let said = desk.applied(&[]);
        assert!(said.contains("changed: folder Vertrieb\n  title: \"Sales\" -> \"Vertrieb\"\n"), "{edition:?}: {said}");
        assert_eq!(grafana.content().folders[FOLDER].title, "Vertrieb");
        assert!(desk.applied(&[]).ends_with("nothing to change\n"));
    }
}

/// People may sort our folder into one of theirs: it stays there, and so do the boards.
#[test]
fn a_folder_that_was_moved_stays_where_it_is() {
    for edition in [Edition::V11, Edition::V13] {
        let grafana = Grafana::start(edition);
        let desk = Desk::new(&grafana);
        desk.applied(&[]);
        grafana.content().add_folder("company", "Company", true);
        grafana.content().folders.get_mut(FOLDER).unwrap().parent = Some("company".to_owned());
        desk.settings(&grafana, "  folder: Vertrieb\n");
        desk.applied(&[]);
        let folder = grafana.content().folders[FOLDER].clone();
        assert_eq!((folder.title.as_str(), folder.parent.as_deref()), ("Vertrieb", Some("company")), "{edition:?}");
    }
}

#[test]
fn boards_no_longer_rendered_are_told_and_deleted_when_asked() {
    for edition in EDITIONS {
        let grafana = Grafana::start(edition);
        let desk = Desk::new(&grafana);
        desk.applied(&[]);
        grafana.content().add_board("crm-former", Some(FOLDER), former_board());
        // A copy that somebody made, with our tag and our mark, but not for its own uid.
        grafana.content().add_board("copy", Some(FOLDER), former_board());
        grafana.content().add_list("others", "Weather", &[("dashboard_by_uid", "copy")]);
        let said = desk.applied(&[]);
        assert!(said.contains("no longer rendered, --prune deletes it: board crm-former (Former)\n"), "{said}");
        assert!(said.ends_with("nothing to change\n") && grafana.content().boards.contains_key("crm-former"));
        let there = grafana.content().boards.len();
        assert!(desk.applied(&["--prune", "--dry-run"]).contains("would be deleted: board crm-former (Former)\n"));
        assert_eq!(grafana.content().boards.len(), there);
        let said = desk.applied(&["--prune"]);
        assert!(said.contains("deleted: board crm-former (Former)\n") && said.ends_with("done\n"), "{said}");
        let content = grafana.content();
        assert!(!content.boards.contains_key("crm-former") && content.boards.contains_key("copy"));
        assert!(content.lists.contains_key("others"));
    }
}

/// Labels tell which playlists are ours, where Grafana keeps them; elsewhere none is deleted.
#[test]
fn a_playlist_no_longer_rendered_is_deleted_if_it_has_our_label() {
    let grafana = Grafana::start(Edition::V13);
    let desk = Desk::new(&grafana);
    let uid = desk.names().0[0].clone();
    for name in ["crm-former", "theirs", "theirs-too"] {
        grafana.content().add_list(name, "Former", &[("dashboard_by_uid", &uid)]);
    }
    let label = json!({"app.kubernetes.io/managed-by": "crm_exporter"});
    grafana.content().lists.get_mut("crm-former").unwrap().labels = label;
    let said = desk.applied(&["--prune"]);
    assert!(said.contains("deleted: playlist crm-former (Former)\n"), "{said}");
    let content = grafana.content();
    assert!(!content.lists.contains_key("crm-former") && content.lists.contains_key("theirs-too"));
}

/// Boards that are provisioned from files stay as they are.
#[test]
fn playlists_alone_need_no_boards_of_ours() {
    for edition in EDITIONS {
        let grafana = Grafana::start(edition);
        let desk = Desk::new(&grafana);
        for (uid, board) in desk.boards() {
            grafana.content().add_board(&uid, None, board).file = Some(format!("{uid}.json"));
        }
        let said = desk.refused(&[]);
        assert!(said.contains("take it out of there, or apply with --playlists-only"), "{said}");
        let said = desk.applied(&["--playlists-only", "--prune"]);
        assert!(said.contains("created: playlist ") && !said.contains("board"), "{edition:?}: {said}");
        assert!(grafana.content().folders.is_empty() && !grafana.content().lists.is_empty());
        assert!(desk.applied(&["--playlists-only"]).ends_with("nothing to change\n"), "{edition:?}");
    }
}

#[test]
fn flags_win_over_the_settings() {
    let (grafana, other) = (Grafana::start_below(Edition::V12_4, "/grafana"), Grafana::start(Edition::V12_4));
    let desk = Desk::new(&other);
    desk.write("another", super::TOKEN);
    desk.write("token", "wrong");
    let said = desk.applied(&["--url", &format!("{}/", grafana.url()), "--token-file", "another"]);
    assert!(said.starts_with(&format!("Grafana 12.4.0 at {}/\n", grafana.url())), "{said}");
    assert!(said.contains(&format!("{}/playlists/play/crm-floor?kiosk", grafana.url())), "{said}");
    assert_eq!(other.content().changes, 0);
}

#[test]
fn a_grafana_without_prometheus_is_warned_of() {
    let grafana = Grafana::start(Edition::V13);
    let desk = Desk::new(&grafana);
    let output = desk.apply(&[]);
    assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
    grafana.without_prometheus();
    let output = desk.apply(&[]);
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(
        output.status.success() && said.starts_with("warning: Grafana has no data source of type Prometheus"),
        "{said}"
    );
}
