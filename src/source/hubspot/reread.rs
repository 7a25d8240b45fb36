//! Links of what was changed lately, read once more.
//!
//! When an activity gets or loses a link, the time of its last change need not move, so no search finds it. Most such
//! links are made soon after the activity; reading all of them again and again would cost too much.

use serde::{Deserialize, Serialize};

use super::HubSpot;
use super::state::{self, State, Window};
use super::types::Type;
use crate::domain::{Cursor, Next, Page, Timestamp};
use crate::source::SourceError;

/// Where the walk stands.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Place {
    /// The number of the type that is read.
    kind: usize,
    /// How the type stands; none between two walks.
    state: Option<State>,
}

impl HubSpot {
    /// A page of the records that were changed lately, with their links as they are now.
    pub(super) async fn reread(&self, from: Option<&Cursor>, now: Timestamp) -> Result<Page, SourceError> {
        let kinds: Vec<Type> = self.options.types.iter().copied().filter(|kind| !kind.ends().is_empty()).collect();
        // The first round would read again what has only just been loaded.
        let Some(place) = from.map(|from| state::read::<Place>(Some(from))) else { return first_round() };
        let Some(kind) = kinds.get(place.kind).copied() else { return first_round() };
        let mut state = place.state.unwrap_or_default();
        let whole = Window {
            from: now.plus_millis(self.options.reread.saturating_neg()).0,
            to: now.plus_millis(self.options.settle.saturating_neg()).0,
            behind: 0,
        };
        let window = state.window.take().unwrap_or(whole);
        self.refresh_besides(kind, &mut state, now).await?;
        let mut page = Page::empty(Next::UpToDate(Cursor(String::new())));
        let hits = match self.hits(kind, &window).await {
            Ok(hits) => hits,
            // Its own stream says so.
            Err(SourceError::Forbidden { .. }) => {
                page.next = next(place.kind + 1, None, kinds.len())?;
                return Ok(page);
            }
            Err(error) => return Err(error),
        };
        let rows: Vec<_> = hits.rows.into_iter().flatten().collect();
        let links = self.links(kind, &rows, &mut state).await?;
        let reading = self.reading(&state, now);
        for (row, links) in rows.iter().zip(&links) {
            self.take(kind, row, links, &reading, &mut page);
        }
        // What cannot be read is told by the stream that it belongs to.
        page.unreadable.clear();
        page.next = if hits.ends {
            next(place.kind + 1, None, kinds.len())?
        } else {
            state.window = Some(Window { behind: hits.behind, ..window });
            next(place.kind, Some(state), kinds.len())?
        };
        Ok(page)
    }
}

fn next(kind: usize, state: Option<State>, kinds: usize) -> Result<Next, SourceError> {
    if kind >= kinds {
        return Ok(Next::UpToDate(state::write(&Place::default())?));
    }
    Ok(Next::More(state::write(&Place { kind, state })?))
}

/// The end of a round that asked for nothing.
fn first_round() -> Result<Page, SourceError> {
    Ok(Page::empty(Next::UpToDate(state::write(&Place::default())?)))
}
