//! Owners, users and teams. Records name owners by the owner's id; teams and goals name users by the user's.

use crm_exporter::domain::Timestamp;
use serde_json::{Value, json};

use super::account::Account;
use super::{arguments, cursor, errors, time};
use crate::fake_crm::{Answer, Request};

/// Somebody, or a queue, that records belong to.
#[derive(Debug, Clone)]
pub(crate) struct Owner {
    pub(crate) id: u64,
    /// Of people only.
    pub(crate) user_id: Option<u64>,
    pub(crate) first_name: String,
    pub(crate) last_name: String,
    pub(crate) archived: bool,
    pub(crate) team: Option<u64>,
    created_at: Timestamp,
    updated_at: Timestamp,
}

impl Owner {
    /// The address of a person.
    pub(crate) fn email(&self) -> Option<String> {
        self.user_id.map(|_| format!("{}.{}@example.com", self.first_name, self.last_name).to_lowercase())
    }

    fn to_json(&self, people: &People) -> Value {
        let teams = people.teams.iter().filter(|team| self.team == Some(team.id));
        let team = |team: &Team| json!({"id": team.id.to_string(), "name": team.name, "primary": true});
        json!({
            "id": self.id.to_string(),
            "email": self.email(),
            "type": if self.user_id.is_some() { "PERSON" } else { "QUEUE" },
            "firstName": self.first_name,
            "lastName": self.last_name,
            // Who has left is no user any more.
            "userId": self.user_id.filter(|_| !self.archived),
            "userIdIncludingInactive": self.user_id,
            "teams": teams.map(team).collect::<Vec<_>>(),
            "createdAt": time::iso(self.created_at),
            "updatedAt": time::iso(self.updated_at),
            "archived": self.archived,
        })
    }

    fn to_user_json(&self) -> Value {
        json!({
            "id": self.user_id.map(|id| id.to_string()),
            "email": self.email(),
            "firstName": self.first_name,
            "lastName": self.last_name,
            "roleIds": [],
            "primaryTeamId": self.team.map(|id| id.to_string()),
            "secondaryTeamIds": [],
            "superAdmin": false,
        })
    }
}

/// A group of people.
#[derive(Debug, Clone)]
pub(crate) struct Team {
    pub(crate) id: u64,
    pub(crate) name: String,
}

/// Everybody in the account.
#[derive(Debug, Default)]
pub(super) struct People {
    owners: Vec<Owner>,
    teams: Vec<Team>,
}

const FIRST_OWNER: u64 = 501;
const FIRST_USER: u64 = 7001;
const FIRST_TEAM: u64 = 31;

impl Account {
    /// Adds a team and tells its id.
    pub(crate) fn add_team(&mut self, name: &str) -> u64 {
        let id = FIRST_TEAM + self.people.teams.len() as u64;
        self.people.teams.push(Team { id, name: name.to_owned() });
        id
    }

    /// Adds a user who owns records, and tells the owner's id.
    pub(crate) fn add_owner(&mut self, first_name: &str, last_name: &str, team: Option<u64>) -> u64 {
        let user_id = Some(FIRST_USER + self.people.owners.len() as u64);
        self.push_owner(user_id, first_name, last_name, team)
    }

    /// Adds a queue, which owns records and is nobody, and tells its id.
    pub(crate) fn add_queue(&mut self, name: &str) -> u64 {
        self.push_owner(None, name, "", None)
    }

    fn push_owner(&mut self, user_id: Option<u64>, first_name: &str, last_name: &str, team: Option<u64>) -> u64 {
        let id = FIRST_OWNER + self.people.owners.len() as u64;
        let (first_name, last_name) = (first_name.to_owned(), last_name.to_owned());
        let (created_at, updated_at) = (self.now(), self.now());
        self.people.owners.push(Owner {
            id,
            user_id,
            first_name,
            last_name,
            archived: false,
            team,
            created_at,
            updated_at,
        });
        id
    }

    /// Lets an owner leave: the default answer no longer has them, records go on naming them.
    pub(crate) fn leave(&mut self, owner: u64) {
        let now = self.now();
        let owner = self.people.owners.iter_mut().find(|known| known.id == owner).unwrap();
        (owner.archived, owner.updated_at) = (true, now);
    }

    /// All teams.
    pub(crate) fn teams(&self) -> &[Team] {
        &self.people.teams
    }

    /// All owners, those who have left and queues included.
    pub(crate) fn owners(&self) -> &[Owner] {
        &self.people.owners
    }
}

/// `GET /crm/owners/{version}`: leavers on request only, and then alone.
pub(super) fn owners(account: &Account, request: &Request) -> Result<Answer, Answer> {
    let limit = arguments::limit(request, 100, 500)?;
    let archived = arguments::flag(request, "archived")?;
    let after = cursor::read(request.parameter("after"))?;
    let email = request.parameter("email");
    let people = &account.people;
    let wanted = |owner: &&Owner| {
        owner.archived == archived && email.is_none_or(|email| owner.email().as_deref() == Some(email))
    };
    let owners = people.owners.iter().filter(wanted);
    Ok(Answer::json(200, &cursor::slice(owners, |owner| owner.id, after, limit, |owner| owner.to_json(people))))
}

/// `GET /crm/owners/{version}/{id}`: by the owner's id, or by the user's.
pub(super) fn owner(account: &Account, id: &str, request: &Request) -> Result<Answer, Answer> {
    let archived = arguments::flag(request, "archived")?;
    let by_user = match request.parameter("idProperty") {
        None | Some("id") => false,
        Some("userId") => true,
        Some(_) => return Err(errors::bad_request("idProperty must be id or userId")),
    };
    let shown = |owner: &Owner| if by_user { owner.user_id } else { Some(owner.id) };
    let is_wanted =
        |owner: &&Owner| owner.archived == archived && shown(owner).is_some_and(|known| known.to_string() == id);
    let found = account.people.owners.iter().find(is_wanted).ok_or_else(errors::not_found)?;
    Ok(Answer::json(200, &found.to_json(&account.people)))
}

/// `GET /settings/users/{version}`: those who are users now.
pub(super) fn users(account: &Account, request: &Request) -> Result<Answer, Answer> {
    let limit = arguments::limit(request, 100, 100)?;
    let after = cursor::read(request.parameter("after"))?;
    let users = account.people.owners.iter().filter(|owner| !owner.archived && owner.user_id.is_some());
    let id = |owner: &&Owner| owner.user_id.unwrap_or_default();
    Ok(Answer::json(200, &cursor::slice(users, id, after, limit, |owner| owner.to_user_json())))
}

/// `GET /settings/users/{version}/teams`: not paged.
pub(super) fn teams(account: &Account) -> Answer {
    let members = |id: u64| account.people.owners.iter().filter(move |owner| owner.team == Some(id) && !owner.archived);
    let show = |team: &Team| {
        let user_ids: Vec<String> =
            members(team.id).filter_map(|owner| owner.user_id).map(|id| id.to_string()).collect();
        json!({"id": team.id.to_string(), "name": team.name, "userIds": user_ids, "secondaryUserIds": []})
    };
    Answer::json(200, &json!({"results": account.people.teams.iter().map(show).collect::<Vec<_>>()}))
}
