//! Boards, folders and playlists brought into a Grafana that runs: what `crm_exporter grafana apply` does.
//!
//! What is wanted comes in as it was rendered ([`Wanted`]). A [`Plan`] holds it against what is there and is made by reading
//! alone; carrying it out writes only what differs. What somebody else made is never touched, and everything that would be
//! refused (foreign boards, missing rights) is found before the first write. An interrupted run is completed by the next one,
//! since nothing is remembered between runs but what Grafana holds.
//!
//! How boards look belongs to `display`; reading the settings, and telling people, to `cli`.
//!
//! | module | what it is |
//! | --- | --- |
//! | `access`, `wire`, `error` | where Grafana is; one request; what went wrong and what to do |
//! | `server` | which Grafana that is, and which of its APIs serve us |
//! | `folders`, `boards`, `playlists` | one kind of object each, in every API that we speak |
//! | `wanted`, `mark`, `difference` | what is to be there, how ours is told from others', what differs |
//! | `plan`, `rights`, `apply` | what would be done, whether the token may do it, doing it |

mod access;
mod apply;
mod boards;
mod difference;
mod error;
mod folders;
mod mark;
mod plan;
mod playlists;
mod rights;
mod server;
mod wanted;
mod wire;

pub use access::Access;
pub use apply::Grafana;
pub use error::Error;
pub use plan::{Deed, Kind, Plan, Step};
pub use wanted::{Item, Playlist, Wanted};

/// The tag that all our boards carry; Grafana's search finds them by it.
const TAG: &str = "crm_exporter";
