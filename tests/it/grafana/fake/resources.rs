//! The API of resources, below `/apis`: one form for folders, boards and playlists.

use axum::http::Method;
use serde_json::{Value, json};

use super::content::{Board, Folder, List};
use super::{Asked, Edition, answers};
use crate::fake_crm::Answer;

/// The annotation that names the folder.
const FOLDER: &str = "grafana.app/folder";
/// The annotation without which a new object grants nobody anything.
const GRANT: &str = "grafana.app/grant-permissions";
/// Playlists on a page of a list, however many are asked for: `limit` is a maximum.
const PAGE: usize = 2;
/// The schema that boards are migrated to when they are stored.
const LATEST_SCHEMA: i64 = 42;

impl Asked<'_> {
    pub(super) fn resources(&mut self, group: &str, version: &str, plural: &str, name: Option<&str>) -> Answer {
        let served = self.edition.resources().iter();
        let Some((.., kind)) =
            served.into_iter().find(|served| (served.0, served.1, served.2) == (group, version, plural))
        else {
            return answers::failure(404, "NotFound", "the server could not find the requested resource");
        };
        let api_version = format!("{group}/{version}");
        let method = self.request.method.clone();
        if let Err(refusal) = self.allowed(&method, plural, name) {
            return refusal;
        }
        let answer = match (&method, name) {
            (&Method::GET, None) if plural == "playlists" => Ok(self.page(&api_version)),
            (&Method::GET, Some(name)) => {
                self.one(&api_version, kind, plural, name).map(|found| Answer::json(200, &found))
            }
            (&Method::POST, None) => self.create(&api_version, kind, plural),
            (&Method::PUT, Some(name)) => self.replace(&api_version, kind, plural, name),
            (&Method::DELETE, Some(name)) => self.remove(&api_version, kind, plural, name),
            _ => Err(answers::failure(405, "MethodNotAllowed", "the server does not allow this method")),
        };
        answer.unwrap_or_else(|refusal| refusal)
    }

    /// Rights come before everything else: playlists by the role before 13, the rest by actions.
    fn allowed(&self, method: &Method, plural: &str, name: Option<&str>) -> Result<(), Answer> {
        let verb = match *method {
            Method::POST => "create",
            Method::PUT => "write",
            Method::DELETE => "delete",
            _ => return self.readable(plural, name),
        };
        let may = match plural {
            "playlists" => self.may_write_lists(),
            "folders" if verb == "create" => self.may_in("folders:create", None),
            "folders" => self.may_in(&format!("folders:{verb}"), name),
            _ => {
                let body = self.request.json().unwrap_or_default();
                let there = name.and_then(|name| self.content.boards.get(name)).and_then(|board| board.folder.clone());
                let folder = there.or_else(|| body["metadata"]["annotations"][FOLDER].as_str().map(str::to_owned));
                self.may_in(&format!("dashboards:{verb}"), folder.as_deref())
            }
        };
        let message = format!(
            "{plural} is forbidden: User \"sa-1-crm\" cannot {verb} resource \"{plural}\" in the namespace \"default\""
        );
        if may { Ok(()) } else { Err(answers::failure(403, "Forbidden", &message)) }
    }

    /// Grafana fails over folders that are not there if who asks is no administrator (grafana/grafana#109608).
    fn readable(&self, plural: &str, name: Option<&str>) -> Result<(), Answer> {
        let Some(name) = name.filter(|_| plural == "folders") else { return Ok(()) };
        if !self.content.folders.contains_key(name) {
            let text = format!("Internal Server Error: could not resolve folders:uid:{name}: folder not found");
            return Err(Answer::text(500, "text/plain; charset=utf-8", &text));
        }
        let may = self.may_in("folders:read", Some(name));
        if may { Ok(()) } else { Err(answers::failure(403, "Forbidden", "folders is forbidden")) }
    }

    fn one(&self, api_version: &str, kind: &str, plural: &str, name: &str) -> Result<Value, Answer> {
        let content = &self.content;
        let found = match plural {
            "folders" => content.folders.get(name).map(|folder| folder_resource(name, folder)),
            "dashboards" => content.boards.get(name).map(|board| board_resource(name, board)),
            _ => content.lists.get(name).map(|list| list_resource(name, list)),
        };
        let mut found =
            found.ok_or_else(|| answers::failure(404, "NotFound", &format!("{plural} \"{name}\" not found")))?;
        found["kind"] = json!(kind);
        found["apiVersion"] = json!(api_version);
        found["metadata"]["namespace"] = json!("default");
        Ok(found)
    }

    /// Playlists, a few at a time.
    fn page(&self, api_version: &str) -> Answer {
        let from: usize =
            self.request.parameter("continue").map_or(0, |token| token.strip_prefix("at=").unwrap().parse().unwrap());
        let names = self.content.lists.keys().skip(from).take(PAGE);
        let items = names.filter_map(|name| self.one(api_version, "Playlist", "playlists", name).ok());
        let mut page = json!({"kind": "PlaylistList", "apiVersion": api_version, "metadata": {}, "items": items.collect::<Vec<_>>()});
        if from + PAGE < self.content.lists.len() {
            page["metadata"]["continue"] = json!(format!("at={}", from + PAGE));
        }
        Answer::json(200, &page)
    }

    fn create(&mut self, api_version: &str, kind: &str, plural: &str) -> Result<Answer, Answer> {
        let body = self.checked(api_version, kind)?;
        let name = body["metadata"]["name"].as_str().filter(|name| !name.is_empty());
        let name = name.ok_or_else(|| answers::failure(422, "Invalid", "name or generateName is required"))?.to_owned();
        if self.one(api_version, kind, plural, &name).is_ok() {
            return Err(answers::failure(409, "AlreadyExists", &format!("{plural} \"{name}\" already exists")));
        }
        match plural {
            "folders" => {
                let title = title(&body)?;
                let is_granted = body["metadata"]["annotations"][GRANT] == "default";
                self.content.add_folder(&name, &title, is_granted);
            }
            "dashboards" => {
                let (folder, model) = (self.folder_of(&body)?, migrated(&body)?);
                let message = message(&body);
                self.content.add_board(&name, folder.as_deref(), model).messages.push(message);
            }
            _ => {
                let mut list = self.list_of(&body)?;
                list.resource_version = self.content.next();
                self.content.lists.insert(name.clone(), list);
            }
        }
        Ok(Answer::json(201, &self.one(api_version, kind, plural, &name)?))
    }

    fn replace(&mut self, api_version: &str, kind: &str, plural: &str, name: &str) -> Result<Answer, Answer> {
        let body = self.checked(api_version, kind)?;
        let there = self.one(api_version, kind, plural, name)?;
        if body["metadata"]["name"] != *name {
            return Err(answers::failure(
                400,
                "BadRequest",
                "the name of the object does not match the name on the URL",
            ));
        }
        let (given, current) = (&body["metadata"]["resourceVersion"], &there["metadata"]["resourceVersion"]);
        if given.as_str().is_none_or(str::is_empty) {
            return Err(answers::failure(422, "Invalid", "metadata.resourceVersion: must be specified for an update"));
        }
        if given != current {
            let text = "the object has been modified; please apply your changes to the latest version and try again";
            return Err(answers::failure(409, "Conflict", text));
        }
        self.store(&body, plural, name)?;
        Ok(Answer::json(200, &self.one(api_version, kind, plural, name)?))
    }

    fn store(&mut self, body: &Value, plural: &str, name: &str) -> Result<(), Answer> {
        let next = self.content.next();
        match plural {
            "folders" => {
                let title = title(body)?;
                let folder = self.content.folders.get_mut(name).unwrap();
                (folder.title, folder.resource_version) = (title, next);
            }
            "dashboards" => {
                let (folder, model) = (self.folder_of(body)?, migrated(body)?);
                let board = self.content.boards.get_mut(name).unwrap();
                // "increments only when the spec changes"
                board.version += i64::from(board.model != model);
                (board.folder, board.model, board.resource_version) = (folder, model, next);
                board.messages.push(message(body));
            }
            _ => {
                let mut list = self.list_of(body)?;
                list.resource_version = next;
                self.content.lists.insert(name.to_owned(), list);
            }
        }
        Ok(())
    }

    fn remove(&mut self, api_version: &str, kind: &str, plural: &str, name: &str) -> Result<Answer, Answer> {
        self.one(api_version, kind, plural, name)?;
        match plural {
            "dashboards" => drop(self.content.boards.remove(name)),
            "playlists" => drop(self.content.lists.remove(name)),
            _ => panic!("nobody is to delete a folder"),
        }
        Ok(Answer::json(
            200,
            &json!({"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success", "code": 200}),
        ))
    }

    fn checked(&self, api_version: &str, kind: &str) -> Result<Value, Answer> {
        let body = self.body().map_err(|_| answers::failure(400, "BadRequest", "the body is no JSON"))?;
        if body["apiVersion"] != *api_version || body["kind"] != *kind {
            return Err(answers::failure(400, "BadRequest", "the API version or kind does not match the expected one"));
        }
        Ok(body)
    }

    fn folder_of(&self, body: &Value) -> Result<Option<String>, Answer> {
        let folder = body["metadata"]["annotations"][FOLDER].as_str().filter(|uid| !uid.is_empty());
        match folder {
            Some(uid) if !self.content.folders.contains_key(uid) => {
                Err(answers::failure(400, "BadRequest", "folder not found"))
            }
            folder => Ok(folder.map(str::to_owned)),
        }
    }

    /// "Custom labels ... are supported on some instances": the early version keeps none.
    fn list_of(&self, body: &Value) -> Result<List, Answer> {
        let spec = &body["spec"];
        let items =
            spec["items"].as_array().ok_or_else(|| answers::failure(422, "Invalid", "spec.items: Required value"))?;
        let part = |item: &Value, key: &str| item[key].as_str().map(str::to_owned);
        let items: Option<Vec<_>> =
            items.iter().map(|item| Some((part(item, "type")?, part(item, "value")?))).collect();
        let items = items.ok_or_else(|| answers::failure(422, "Invalid", "spec.items: Invalid value"))?;
        let interval =
            part(spec, "interval").ok_or_else(|| answers::failure(422, "Invalid", "spec.interval: Required value"))?;
        let labels = &body["metadata"]["labels"];
        let labels = if self.edition == Edition::V12 || labels.is_null() { json!({}) } else { labels.clone() };
        let is_label = |value: &Value| {
            let text = value.as_str().unwrap_or("/");
            text.len() < 64 && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
        };
        if !labels.as_object().unwrap().values().all(is_label) {
            return Err(answers::failure(422, "Invalid", "metadata.labels: Invalid value"));
        }
        Ok(List { title: title(body)?, interval, items, labels, resource_version: 0 })
    }
}

fn title(body: &Value) -> Result<String, Answer> {
    let title = body["spec"]["title"].as_str().filter(|title| !title.is_empty());
    title.map(str::to_owned).ok_or_else(|| answers::failure(422, "Invalid", "spec.title: Required value"))
}

fn message(body: &Value) -> String {
    body["metadata"]["annotations"]["grafana.app/message"].as_str().unwrap_or_default().to_owned()
}

/// What is stored of a board is not what was sent: the model is brought to the latest schema, and defaults are added and
/// removed as the browser does when it saves.
fn migrated(body: &Value) -> Result<Value, Answer> {
    title(body)?;
    let mut model = body["spec"].clone();
    let map = model.as_object_mut().unwrap();
    ["id", "uid", "version"].iter().for_each(|key| drop(map.shift_remove(*key)));
    map.retain(|_, value| *value != json!([]) && *value != json!({}));
    map.insert("schemaVersion".to_owned(), json!(LATEST_SCHEMA));
    let built_in =
        json!({"builtIn": 1, "name": "Annotations & Alerts", "type": "dashboard", "enable": true, "hide": true});
    map.insert("annotations".to_owned(), json!({"list": [built_in]}));
    for panel in model["panels"].as_array_mut().into_iter().flatten() {
        panel.as_object_mut().unwrap().entry("transparent").or_insert(json!(false));
    }
    Ok(model)
}

fn folder_resource(name: &str, folder: &Folder) -> Value {
    let mut annotations = json!({"grafana.app/createdBy": "service-account:cef2t2rfm73lsb"});
    if let Some(parent) = &folder.parent {
        annotations[FOLDER] = json!(parent);
    }
    let metadata = metadata(name, folder.resource_version, folder.version, annotations);
    json!({"metadata": metadata, "spec": {"title": folder.title}})
}

fn board_resource(name: &str, board: &Board) -> Value {
    let mut annotations = json!({"grafana.app/createdBy": "service-account:cef2t2rfm73lsb"});
    if let Some(folder) = &board.folder {
        annotations[FOLDER] = json!(folder);
    }
    if let Some(file) = &board.file {
        annotations["grafana.app/managedBy"] = json!("classic-file-provisioning");
        annotations["grafana.app/managerId"] = json!(file);
    }
    let mut metadata = metadata(name, board.resource_version, board.version, annotations);
    metadata["labels"] = json!({"grafana.app/deprecatedInternalID": board.id.to_string()});
    metadata["managedFields"] = json!([{"manager": "curl", "operation": "Update"}]);
    json!({"metadata": metadata, "spec": board.model, "status": {}})
}

fn list_resource(name: &str, list: &List) -> Value {
    let mut metadata = metadata(name, list.resource_version, 1, json!({}));
    metadata["labels"] = list.labels.clone();
    let items = list.items.iter().map(|(kind, value)| json!({"type": kind, "value": value}));
    let spec = json!({"title": list.title, "interval": list.interval, "items": items.collect::<Vec<_>>()});
    json!({"metadata": metadata, "spec": spec})
}

fn metadata(name: &str, resource_version: i64, generation: i64, annotations: Value) -> Value {
    json!({
        "name": name, "uid": "Cc7fA5ffHY94NnHZyMxXvFlpFtOmkK3qkBcVZPKSPXcX",
        "resourceVersion": resource_version.to_string(), "generation": generation,
        "creationTimestamp": "2026-04-24T20:35:29Z", "annotations": annotations,
    })
}
