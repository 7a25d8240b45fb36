//! The files of a backfill, and what they were made from, so that a run that was cut short is taken up again.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use serde::{Deserialize, Serialize};

use super::request::PastAsked;
use crate::app::{replace, replace_with};
use crate::domain::Span;
use crate::exposition::Recording;
use crate::reports::backfill::Instants;
use crate::version;

/// Says what the files beside it hold.
const MANIFEST: &str = "backfill.json";
const EXTENSION: &str = "om";

/// The directory of a backfill.
#[derive(Debug)]
pub(super) struct Directory {
    path: PathBuf,
}

/// Everything that the files follow from but the records.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Manifest {
    version: String,
    from: String,
    to: String,
    step: String,
    metrics: Vec<String>,
    labels: Vec<(String, String)>,
    settings: String,
}

impl Manifest {
    /// What of it is not as in `other`.
    fn difference(&self, other: &Manifest) -> Option<&'static str> {
        let same = [
            ("first instant", self.from == other.from),
            ("last instant", self.to == other.to),
            ("step", self.step == other.step),
            ("metrics", self.metrics == other.metrics),
            ("labels", self.labels == other.labels),
            ("settings of figures", self.settings == other.settings),
            ("version of crm_exporter", self.version == other.version),
        ];
        same.into_iter().find(|(_, same)| !same).map(|(what, _)| what)
    }
}

impl Directory {
    /// Takes a directory that is empty, or that an earlier run of the same backfill has left; makes it if need be.
    pub(super) fn open(
        path: &Path,
        asked: &PastAsked,
        instants: &Instants,
        settings: u32,
    ) -> anyhow::Result<Directory> {
        let manifest = Manifest {
            version: version::VERSION.to_owned(),
            from: instants.first().to_string(),
            to: instants.last().to_string(),
            step: asked.step.to_string(),
            metrics: asked.metrics.clone(),
            labels: asked.labels.clone(),
            settings: format!("{settings:08x}"),
        };
        fs::create_dir_all(path).with_context(|| format!("cannot make the directory {}", path.display()))?;
        let directory = Directory { path: path.to_owned() };
        match directory.known()? {
            Some(known) => match known.difference(&manifest) {
                None => Ok(directory),
                Some(what) => bail!(
                    "{} holds files of another backfill: the {what} was another; take another directory, or delete it",
                    path.display()
                ),
            },
            None => {
                directory.must_be_empty()?;
                let text = serde_json::to_string_pretty(&manifest).context("cannot describe the backfill")?;
                replace(&directory.path.join(MANIFEST), format!("{text}\n").as_bytes())?;
                Ok(directory)
            }
        }
    }

    fn known(&self) -> anyhow::Result<Option<Manifest>> {
        let path = self.path.join(MANIFEST);
        let text = match fs::read_to_string(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            text => text.with_context(|| format!("cannot read {}", path.display()))?,
        };
        let known = serde_json::from_str(&text);
        known.map(Some).with_context(|| format!("{} was written by no backfill of this version", path.display()))
    }

    fn must_be_empty(&self) -> anyhow::Result<()> {
        let cannot = || format!("cannot read the directory {}", self.path.display());
        for entry in fs::read_dir(&self.path).with_context(cannot)? {
            let path = entry.with_context(cannot)?.path();
            if path.extension().is_some_and(|extension| extension == EXTENSION) {
                bail!("{} is there, but no {MANIFEST} that says what it holds: take another directory", path.display());
            }
        }
        Ok(())
    }

    /// Whether the file of a day is there.
    pub(super) fn has(&self, day: Span) -> bool {
        self.file(day).is_file()
    }

    /// Writes the file of a day.
    pub(super) fn write(&self, day: Span, recording: &Recording) -> anyhow::Result<()> {
        replace_with(&self.file(day), |file| recording.write(file))
    }

    fn file(&self, day: Span) -> PathBuf {
        self.path.join(format!("{}.{EXTENSION}", day.start.utc().format("%Y-%m-%d")))
    }
}
