//! The older API of playlists, below `/api/playlists`: Grafana chooses their uids, and the role decides who may write.

use axum::http::Method;
use serde_json::{Value, json};

use super::content::List;
use super::{Asked, answers};
use crate::fake_crm::Answer;

impl Asked<'_> {
    pub(super) fn older_playlists(&mut self, parts: &[&str]) -> Answer {
        let method = self.request.method.clone();
        // Whether they may is asked before whether it is there.
        if method != Method::GET && !self.may_write_lists() {
            return answers::message(403, "Permission denied");
        }
        let answer = match (&method, parts) {
            (&Method::GET, []) => Ok(self.lists()),
            (&Method::GET, [uid]) => self.list(uid),
            (&Method::POST, []) => self.create_list(),
            (&Method::PUT, [uid]) => self.update_list(uid),
            (&Method::DELETE, [uid]) => self.list(uid).map(|_| {
                self.content.lists.remove(*uid);
                Answer::json(200, &json!({}))
            }),
            _ => Err(answers::message(404, "Not found")),
        };
        answer.unwrap_or_else(|refusal| refusal)
    }

    /// Without items.
    fn lists(&self) -> Answer {
        let lists = self.content.lists.iter();
        let lists = lists.map(|(uid, list)| json!({"uid": uid, "name": list.title, "interval": list.interval}));
        Answer::json(200, &Value::Array(lists.collect()))
    }

    fn list(&self, uid: &str) -> Result<Answer, Answer> {
        let list = self.content.lists.get(uid).ok_or_else(|| answers::message(404, "Playlist not found"))?;
        let items = list.items.iter().enumerate().map(|(at, (kind, value))| {
            json!({"id": at + 1, "playlistUid": uid, "type": kind, "value": value, "order": at + 1, "title": value})
        });
        let items: Vec<Value> = items.collect();
        Ok(Answer::json(200, &json!({"uid": uid, "name": list.title, "interval": list.interval, "items": items})))
    }

    fn create_list(&mut self) -> Result<Answer, Answer> {
        let mut list = read(&self.body()?)?;
        list.resource_version = self.content.next();
        let uid = format!("adk{}xq1zw5b", list.resource_version);
        let shown = json!({"uid": uid, "name": list.title, "interval": list.interval});
        self.content.lists.insert(uid, list);
        Ok(Answer::json(200, &shown))
    }

    fn update_list(&mut self, uid: &str) -> Result<Answer, Answer> {
        let mut list = read(&self.body()?)?;
        self.list(uid)?;
        list.resource_version = self.content.next();
        self.content.lists.insert(uid.to_owned(), list);
        self.list(uid)
    }
}

fn read(body: &Value) -> Result<List, Answer> {
    let text = |value: &Value| value.as_str().filter(|text| !text.is_empty()).map(str::to_owned);
    let required = |value: &Value| text(value).ok_or_else(|| answers::message(400, "bad request data"));
    let mut items = Vec::new();
    for item in body["items"].as_array().map(Vec::as_slice).unwrap_or_default() {
        items.push((required(&item["type"])?, required(&item["value"])?));
    }
    let (title, interval) = (required(&body["name"])?, required(&body["interval"])?);
    Ok(List { title, interval, items, labels: json!({}), resource_version: 0 })
}
