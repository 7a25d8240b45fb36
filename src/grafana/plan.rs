//! What would be done: what is wanted held against what is there. Making a plan only reads.

use super::boards::{self, Found};
use super::difference::{Extras, differences};
use super::mark::Mark;
use super::server::Server;
use super::wanted::{Board, FOLDER, Wanted};
use super::wire::Wire;
use super::{Error, Playlist, folders, playlists};

/// What would be done, in the order in which it is done.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// One for each object that is wanted, and for each of ours that no longer is.
    pub steps: Vec<Step>,
    /// What others made where ours are to be: such a plan is not carried out.
    pub foreign: Vec<String>,
    /// Whether our folder is there.
    pub(super) has_folder: bool,
    /// The folders around ours.
    pub(super) around: Vec<String>,
}

/// What would be done with one object.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// What it is.
    pub kind: Kind,
    /// Its name in addresses.
    pub uid: String,
    /// What people read.
    pub title: String,
    /// What would be done.
    pub deed: Deed,
    /// The folder that it is in, if it is there.
    pub(super) folder: Option<String>,
    pub(super) work: Work,
}

/// A kind of object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The folder of the boards.
    Folder,
    /// A board.
    Board,
    /// A playlist.
    Playlist,
}

/// What would be done with an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Deed {
    /// It is not there yet.
    Create,
    /// It differs, in what these lines say.
    Change(Vec<String>),
    /// It is as it is to be.
    Keep,
    /// It is ours and no longer wanted: deleted.
    Delete,
    /// It is ours and no longer wanted: left alone, unless deleting is asked for.
    Leave,
}

impl Deed {
    /// Whether Grafana is written to.
    pub fn writes(&self) -> bool {
        !matches!(self, Deed::Keep | Deed::Leave)
    }
}

/// What a step needs to be done.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Work {
    Nothing,
    Folder(Option<folders::Folder>),
    Board(Box<(Board, Option<Found>)>),
    Playlist(Playlist, Option<playlists::Found>),
    Delete,
}

impl Plan {
    /// Whether everything is as it is to be.
    pub fn is_done(&self) -> bool {
        !self.steps.iter().any(|step| step.deed.writes())
    }
}

/// Reads what is there and says what would be done; with `prune`, ours that are no longer wanted would be deleted.
pub(super) async fn make(wire: &Wire, server: &Server, wanted: &Wanted, prune: bool) -> Result<Plan, Error> {
    let lists = playlists::all(wire, &server.playlists, &wanted.playlists).await?;
    let mut plan = Plan { steps: Vec::new(), foreign: Vec::new(), has_folder: false, around: Vec::new() };
    if !wanted.is_playlists_only {
        plan.boards(wire, server, wanted).await?;
    }
    for playlist in &wanted.playlists {
        let there = playlists::in_place(&lists, &server.playlists, playlist);
        plan.playlist(wanted, playlist, there);
    }
    plan.unwanted_playlists(wanted, &lists, prune);
    if !wanted.is_playlists_only {
        plan.unwanted_boards(wire, server, wanted, prune).await?;
    }
    Ok(plan)
}

impl Plan {
    fn push(&mut self, kind: Kind, uid: &str, title: &str, deed: Deed, folder: Option<String>, work: Work) {
        let work = if deed.writes() { work } else { Work::Nothing };
        self.steps.push(Step { kind, uid: uid.to_owned(), title: title.to_owned(), deed, folder, work });
    }

    /// The folder, and the boards that are to be in it.
    async fn boards(&mut self, wire: &Wire, server: &Server, wanted: &Wanted) -> Result<(), Error> {
        let folder = folders::find(wire, &server.folders).await?;
        let mut found = Vec::new();
        for board in &wanted.boards {
            found.push(boards::find(wire, &server.boards, &board.uid).await?);
        }
        self.has_folder = folder.is_some();
        self.around = folder.as_ref().map(|folder| folder.around.clone()).unwrap_or_default();
        let holds_ours = wanted.boards.iter().zip(&found).any(|(board, found)| {
            found.as_ref().is_some_and(|found| found.is_ours(&board.uid) && found.folder.as_deref() == Some(FOLDER))
        });
        self.folder(folder, &wanted.folder_title, holds_ours);
        for (board, found) in wanted.boards.iter().zip(found) {
            self.board(board, found);
        }
        Ok(())
    }

    fn folder(&mut self, there: Option<folders::Folder>, title: &str, holds_ours: bool) {
        let deed = match &there {
            None => Deed::Create,
            Some(there) if there.title == title => Deed::Keep,
            Some(there) if holds_ours => Deed::Change(vec![format!("title: {:?} -> {title:?}", there.title)]),
            Some(there) => {
                let line = format!(
                    "the folder {FOLDER} is titled {:?} and has none of our boards: delete it, or set grafana.folder to its title",
                    there.title
                );
                return self.foreign.push(line);
            }
        };
        self.push(Kind::Folder, FOLDER, title, deed, None, Work::Folder(there));
    }

    fn board(&mut self, board: &Board, found: Option<Found>) {
        let deed = match &found {
            None => Deed::Create,
            Some(found) if found.is_ours(&board.uid) => changes(board, found),
            Some(found) => return self.foreign.push(of_others(&board.uid, found)),
        };
        let folder = found.as_ref().and_then(|found| found.folder.clone());
        let work = Work::Board(Box::new((board.clone(), found)));
        self.push(Kind::Board, &board.uid, &board.title, deed, folder, work);
    }

    fn playlist(&mut self, wanted: &Wanted, playlist: &Playlist, found: Option<&playlists::Found>) {
        let is_ours = |found: &playlists::Found| found.is_labelled || found.shows_only(|uid| wanted.has_board(uid));
        let deed = match found {
            None => Deed::Create,
            Some(found) if !is_ours(found) => {
                let (name, title) = (&found.playlist.name, &found.playlist.title);
                let line = format!("the playlist {name} ({title}) is not ours: delete or rename it in Grafana");
                return self.foreign.push(line);
            }
            Some(found) => match found.differences(playlist) {
                lines if lines.is_empty() => Deed::Keep,
                lines => Deed::Change(lines),
            },
        };
        let name = found.map_or(&playlist.name, |found| &found.playlist.name).clone();
        let work = Work::Playlist(playlist.clone(), found.cloned());
        self.push(Kind::Playlist, &name, &playlist.title, deed, None, work);
    }

    fn unwanted_playlists(&mut self, wanted: &Wanted, lists: &[playlists::Found], prune: bool) {
        let is_wanted = |name: &str| wanted.playlists.iter().any(|playlist| playlist.name == name);
        for found in lists.iter().filter(|found| found.is_labelled && !is_wanted(&found.playlist.name)) {
            let (name, title) = (&found.playlist.name, &found.playlist.title);
            self.push(Kind::Playlist, name, title, unwanted(prune), None, Work::Delete);
        }
    }

    async fn unwanted_boards(
        &mut self,
        wire: &Wire,
        server: &Server,
        wanted: &Wanted,
        prune: bool,
    ) -> Result<(), Error> {
        for uid in boards::tagged(wire).await?.into_iter().filter(|uid| !wanted.has_board(uid)) {
            // What the search still finds may be gone.
            let Some(found) = boards::find(wire, &server.boards, &uid).await? else { continue };
            // Without the mark it may be a copy that somebody made: the tag alone does not make it ours to delete.
            if found.is_ours(&uid) && Mark::of(&found.model).is_some() {
                self.push(Kind::Board, &uid, found.title(), unwanted(prune), found.folder.clone(), Work::Delete);
            }
        }
        Ok(())
    }
}

fn unwanted(prune: bool) -> Deed {
    if prune { Deed::Delete } else { Deed::Leave }
}

/// What would be done with a board of ours.
fn changes(board: &Board, found: &Found) -> Deed {
    let mut lines = Vec::new();
    if found.folder.as_deref() != Some(FOLDER) {
        lines.push(format!("folder: {} -> {FOLDER}", found.folder.as_deref().unwrap_or("the root")));
    }
    let mark = Mark::of(&found.model);
    let untouched = mark.is_some_and(|mark| mark.fingerprint == board.fingerprint && mark.save == found.save);
    if !untouched {
        // What Grafana filled in is told only if there is nothing else to tell.
        let told = differences(&found.model, &board.model, Extras::Ignored);
        let told = if told.is_empty() { differences(&found.model, &board.model, Extras::Count) } else { told };
        lines.extend(told);
    }
    if lines.is_empty() { Deed::Keep } else { Deed::Change(lines) }
}

fn of_others(uid: &str, found: &Found) -> String {
    let title = found.title();
    if found.is_folder {
        return format!("{uid} is a folder ({title}): delete it in Grafana");
    }
    match &found.keeper {
        Some(keeper) => format!(
            "{uid} ({title}) is kept from outside ({keeper}): take it out of there, or apply with --playlists-only"
        ),
        None => {
            format!("{uid} ({title}) was not made by grafana apply: delete it in Grafana if it is an import of ours")
        }
    }
}
