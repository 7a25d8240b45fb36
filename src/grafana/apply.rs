//! A Grafana that is spoken to: planned for, and written to.

use super::plan::{self, Kind, Plan, Step, Work};
use super::server::Server;
use super::wire::Wire;
use super::{Access, Error, Wanted, boards, folders, playlists, rights};
use crate::http::segment;

/// A Grafana that answers.
pub struct Grafana {
    wire: Wire,
    server: Server,
}

impl Grafana {
    /// Finds out which Grafana that is and how to speak with it.
    ///
    /// # Errors
    /// If it does not answer, does not know the token, is too old, or is none.
    pub async fn connect(access: &Access) -> Result<Grafana, Error> {
        let wire = Wire::new(access)?;
        let server = Server::ask(&wire).await?;
        Ok(Grafana { wire, server })
    }

    /// Its version.
    pub fn version(&self) -> &str {
        &self.server.version
    }

    /// Where it is.
    pub fn address(&self) -> String {
        self.wire.address("/")
    }

    /// Whether it has a data source for the boards, as far as the token can see.
    pub fn has_prometheus(&self) -> bool {
        self.server.has_prometheus
    }

    /// The address at which a TV plays a playlist: nothing but the boards, over the whole screen.
    pub fn address_of_playlist(&self, name: &str) -> String {
        let fit = if self.server.is_fitted_on_request { "&autofitpanels" } else { "" };
        self.wire.address(&format!("/playlists/play/{}?kiosk{fit}", segment(name)))
    }

    /// What would be done; reads only. With `prune`, ours that are no longer wanted would be deleted.
    ///
    /// # Errors
    /// If something cannot be read. What others made is no error yet, but [`Plan::foreign`].
    pub async fn plan(&self, wanted: &Wanted, prune: bool) -> Result<Plan, Error> {
        plan::make(&self.wire, &self.server, wanted, prune).await
    }

    /// Whether a plan can be carried out. Writes nothing.
    ///
    /// # Errors
    /// [`Error::Foreign`] and [`Error::Rights`] say what is in the way.
    pub async fn check(&self, plan: &Plan) -> Result<(), Error> {
        if !plan.foreign.is_empty() {
            return Err(Error::Foreign(plan.foreign.clone()));
        }
        rights::check(&self.wire, &self.server.playlists, plan).await
    }

    /// Does one step of a plan that was checked, and tells the object's name in addresses: Grafana may have chosen it.
    ///
    /// # Errors
    /// If Grafana does not do it. Steps that were done before stay, and a new plan has the rest.
    pub async fn carry_out(&self, step: &Step) -> Result<String, Error> {
        let (wire, server) = (&self.wire, &self.server);
        match &step.work {
            Work::Nothing => {}
            Work::Folder(None) => folders::create(wire, &server.folders, &step.title).await?,
            Work::Folder(Some(there)) => folders::rename(wire, &server.folders, there, &step.title).await?,
            Work::Board(work) => boards::write(wire, &server.boards, &work.0, work.1.as_ref()).await?,
            Work::Playlist(wanted, there) => {
                return playlists::write(wire, &server.playlists, wanted, there.as_ref()).await;
            }
            Work::Delete if step.kind == Kind::Playlist => {
                playlists::delete(wire, &server.playlists, &step.uid).await?;
            }
            Work::Delete => boards::delete(wire, &server.boards, &step.uid).await?,
        }
        Ok(step.uid.clone())
    }
}
