//! The older API, below `/api`: folders, boards and the search for them.

use axum::http::Method;
use serde_json::{Value, json};

use super::content::Board;
use super::{Asked, Edition, answers};
use crate::fake_crm::Answer;

/// Uids may be that long.
const LONGEST_UID: usize = 40;

impl Asked<'_> {
    pub(super) fn older(&mut self, parts: &[&str]) -> Answer {
        let method = self.request.method.clone();
        let answer = match (&method, parts) {
            (&Method::GET, ["folders", uid]) => self.folder(uid),
            (&Method::POST, ["folders"]) => self.create_folder(),
            (&Method::PUT, ["folders", uid]) => self.update_folder(uid),
            (&Method::GET, ["dashboards", "uid", uid]) => self.board(uid),
            (&Method::POST, ["dashboards", "db"]) => self.save_board(),
            (&Method::DELETE, ["dashboards", "uid", uid]) => self.delete_board(uid),
            (&Method::GET, ["search"]) => Ok(self.search()),
            _ => Err(answers::message(404, "Not found")),
        };
        answer.unwrap_or_else(|refusal| refusal)
    }

    /// Who is no administrator is not told in 12.4 and later that there is no such folder, but that they may not see it.
    fn folder(&self, uid: &str) -> Result<Answer, Answer> {
        if self.edition >= Edition::V12_4 && !self.may_in("folders:read", Some(uid)) {
            return Err(answers::forbidden("folders:read"));
        }
        let folder =
            self.content.folders.get(uid).ok_or_else(|| answers::with_status(404, "folder not found", "not-found"))?;
        let mut shown = json!({
            "id": folder.id, "uid": uid, "title": folder.title, "url": format!("/dashboards/f/{uid}/x"), "hasAcl": false,
            "canSave": true, "canEdit": true, "canAdmin": true, "version": folder.version,
        });
        // Only "if the folder is nested".
        if let Some(parent) = &folder.parent {
            shown["parentUid"] = json!(parent);
        }
        Ok(Answer::json(200, &shown))
    }

    fn create_folder(&mut self) -> Result<Answer, Answer> {
        let body = self.body()?;
        if !self.may_in("folders:create", body["parentUid"].as_str()) {
            return Err(answers::forbidden("folders:create"));
        }
        let title = body["title"].as_str().filter(|title| !title.is_empty());
        let title = title.ok_or_else(|| answers::message(400, "folder title cannot be empty"))?.to_owned();
        let uid = checked_uid(&body["uid"])?;
        if self.content.is_taken(&uid) {
            return Err(answers::message(412, "a folder/dashboard with the same uid already exists"));
        }
        self.content.add_folder(&uid, &title, true);
        self.folder(&uid)
    }

    fn update_folder(&mut self, uid: &str) -> Result<Answer, Answer> {
        let body = self.body()?;
        self.folder(uid)?;
        if !self.may_in("folders:write", Some(uid)) {
            return Err(answers::forbidden("folders:write"));
        }
        let next = self.content.next();
        let folder = self.content.folders.get_mut(uid).unwrap();
        if body["overwrite"] != true && body["version"] != folder.version {
            return Err(answers::with_status(412, "The folder has been changed by someone else", "version-mismatch"));
        }
        folder.title = body["title"].as_str().unwrap().to_owned();
        folder.version += 1;
        folder.resource_version = next;
        self.folder(uid)
    }

    fn board(&self, uid: &str) -> Result<Answer, Answer> {
        // A folder's uid is one of this API, too.
        if let Some(folder) = self.content.folders.get(uid) {
            let board = json!({"id": folder.id, "uid": uid, "title": folder.title, "version": folder.version});
            return Ok(Answer::json(200, &json!({"dashboard": board, "meta": {"isFolder": true, "folderUid": ""}})));
        }
        let board = self.found(uid)?;
        let mut model = board.model.clone();
        model["id"] = json!(board.id);
        model["uid"] = json!(uid);
        model["version"] = json!(board.version);
        let meta = json!({
            "type": "db", "canSave": true, "canEdit": true, "isFolder": false, "version": board.version,
            "url": format!("/d/{uid}/x"), "folderUid": board.folder.as_deref().unwrap_or_default(),
            "provisioned": board.file.is_some(), "provisionedExternalId": board.file.as_deref().unwrap_or_default(),
        });
        Ok(Answer::json(200, &json!({"dashboard": model, "meta": meta})))
    }

    fn found(&self, uid: &str) -> Result<&Board, Answer> {
        self.content.boards.get(uid).ok_or_else(|| answers::with_status(404, "Dashboard not found", "not-found"))
    }

    /// "Creates a new dashboard or updates an existing dashboard."
    fn save_board(&mut self) -> Result<Answer, Answer> {
        let body = self.body()?;
        let mut model = body["dashboard"].clone();
        if model["title"].as_str().is_none_or(str::is_empty) {
            return Err(answers::with_status(400, "Dashboard title cannot be empty", "empty-name"));
        }
        let uid = checked_uid(&model["uid"])?;
        let folder = body["folderUid"].as_str().filter(|uid| !uid.is_empty()).map(str::to_owned);
        if folder.as_ref().is_some_and(|uid| !self.content.folders.contains_key(uid)) {
            return Err(answers::message(404, "Folder not found"));
        }
        if self.content.folders.contains_key(&uid) {
            return Err(answers::message(400, "Dashboard cannot be changed to a folder"));
        }
        let there = self.content.boards.get(&uid).cloned();
        self.check_save(&model, &folder, there.as_ref(), body["overwrite"] == true)?;
        ["id", "uid", "version"].iter().for_each(|key| {
            model.as_object_mut().unwrap().shift_remove(*key);
        });
        let next = self.content.next();
        let board = match there {
            None => self.content.add_board(&uid, folder.as_deref(), model),
            Some(_) => {
                let board = self.content.boards.get_mut(&uid).unwrap();
                (board.model, board.folder, board.resource_version) = (model, folder, next);
                board.version += 1;
                board
            }
        };
        board.messages.push(body["message"].as_str().unwrap_or_default().to_owned());
        let saved = json!({"id": board.id, "uid": uid, "url": "/d/x", "status": "success", "version": board.version, "slug": "x"});
        Ok(Answer::json(200, &saved))
    }

    fn check_save(
        &self,
        model: &Value,
        folder: &Option<String>,
        there: Option<&Board>,
        overwrite: bool,
    ) -> Result<(), Answer> {
        let Some(there) = there else {
            if !model["id"].is_null() {
                return Err(answers::with_status(404, "Dashboard not found", "not-found"));
            }
            let may = self.may_in("dashboards:create", folder.as_deref());
            return if may { Ok(()) } else { Err(answers::forbidden("dashboards:create")) };
        };
        if there.file.is_some() {
            return Err(answers::message(400, "Cannot save provisioned dashboard"));
        }
        let may_move = there.folder == *folder || self.may_in("dashboards:create", folder.as_deref());
        if !self.may_in("dashboards:write", there.folder.as_deref()) || !may_move {
            return Err(answers::forbidden("dashboards:write"));
        }
        if !overwrite && model["version"] != there.version {
            return Err(answers::with_status(
                412,
                "The dashboard has been changed by someone else",
                "version-mismatch",
            ));
        }
        Ok(())
    }

    fn delete_board(&mut self, uid: &str) -> Result<Answer, Answer> {
        let board = self.found(uid)?.clone();
        if !self.may_in("dashboards:delete", board.folder.as_deref()) {
            return Err(answers::forbidden("dashboards:delete"));
        }
        if board.file.is_some() {
            return Err(answers::message(400, "provisioned dashboard cannot be deleted"));
        }
        self.content.boards.remove(uid);
        let title = board.model["title"].as_str().unwrap_or_default();
        let message = format!("Dashboard {title} deleted");
        Ok(Answer::json(200, &json!({"title": title, "message": message, "id": board.id})))
    }

    fn search(&self) -> Answer {
        let tags = self.request.list("tag");
        let limit: usize = self.request.parameter("limit").and_then(|limit| limit.parse().ok()).unwrap_or(1000);
        assert!(limit <= 5000, "the search gives 5000 at most");
        let has_tags = |board: &Board| {
            let own = board.model["tags"].as_array().cloned().unwrap_or_default();
            tags.iter().all(|tag| own.iter().any(|own| own == tag.as_str()))
        };
        let boards = self.content.boards.iter().filter(|(_, board)| has_tags(board)).take(limit);
        let hits = boards.map(|(uid, board)| {
            json!({
                "id": board.id, "uid": uid, "title": board.model["title"], "type": "dash-db", "tags": board.model["tags"],
                "folderUid": board.folder, "url": format!("/d/{uid}/x"),
            })
        });
        Answer::json(200, &Value::Array(hits.collect()))
    }
}

/// "The uid can have a maximum length of 40 characters."
fn checked_uid(uid: &Value) -> Result<String, Answer> {
    let uid = uid.as_str().unwrap_or_default();
    let is_plain = uid.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
    match uid.len() {
        0 => Err(answers::message(400, "this fake invents no uids")),
        1..=LONGEST_UID if is_plain => Ok(uid.to_owned()),
        1..=LONGEST_UID => Err(answers::message(400, "uid contains illegal characters")),
        _ => Err(answers::message(400, "uid too long, max 40 characters")),
    }
}
