//! `grafana apply`: the boards, into a Grafana that runs.

use std::path::PathBuf;

use anyhow::Context as _;
use clap::Args;

use crate::cli::{Global, block_on, load, print};
use crate::display;
use crate::grafana::{Access, Deed, Grafana, Kind, Plan, Step, Wanted};
use crate::settings::Settings;

/// Of `grafana apply`.
#[derive(Debug, Args)]
pub struct ApplyArgs {
    /// Where Grafana is, with scheme and path, instead of grafana.url
    #[arg(long, value_name = "URL")]
    pub url: Option<String>,
    /// File that holds the token of a service account with the role Editor, instead of grafana.token_file
    #[arg(long, value_name = "FILE")]
    pub token_file: Option<PathBuf>,
    /// Leave folder and boards alone: they come from elsewhere, such as provisioning
    #[arg(long)]
    pub playlists_only: bool,
    /// Show what would be done, and do nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Also delete boards and playlists of ours that these settings no longer have
    #[arg(long)]
    pub prune: bool,
}

pub(super) fn run(global: &Global, arguments: &ApplyArgs) -> anyhow::Result<()> {
    let settings = load(global)?;
    let access = access(&settings, arguments)
        .with_context(|| format!("{}, or the flags of grafana apply", global.config_file().display()))?;
    let folder = settings.grafana.folder.clone();
    let shown = super::shown(global, settings)?;
    let gaps = shown.gaps()?;
    let wanted = Wanted::from_files(&folder, &display::files(&shown.display()))?;
    let wanted = if arguments.playlists_only { wanted.playlists_only() } else { wanted };
    if access.is_exposed() {
        eprintln!("warning: the address is not protected: others in the network can read the token; use https");
    }
    block_on(apply(&access, &wanted, &gaps, arguments))
}

/// The settings with the flags over them. Paths of flags start where the command does.
fn access(settings: &Settings, arguments: &ApplyArgs) -> anyhow::Result<Access> {
    let mut grafana = settings.grafana.clone();
    if let Some(url) = &arguments.url {
        grafana.url = Some(url.clone());
    }
    if let Some(file) = &arguments.token_file {
        grafana.token_env = None;
        grafana.token_file = Some(std::path::absolute(file)?);
    }
    Ok(Access::new(&grafana, &settings.directory).map_err(|problem| problem.under("grafana"))?)
}

async fn apply(access: &Access, wanted: &Wanted, gaps: &[String], arguments: &ApplyArgs) -> anyhow::Result<()> {
    let grafana = Grafana::connect(access).await?;
    let plan = grafana.plan(wanted, arguments.prune).await?;
    print(&format!("Grafana {} at {}\n", grafana.version(), grafana.address()))?;
    if !grafana.has_prometheus() {
        eprintln!(
            "warning: Grafana has no data source of type Prometheus that the token may query; the boards stay empty until \
             there is one that holds the figures"
        );
    }
    super::warn_of(gaps);
    if arguments.dry_run {
        for step in &plan.steps {
            print(&told(step, &step.uid, "would be ", &grafana))?;
        }
        print(&unchanged(&plan))?;
        grafana.check(&plan).await?;
        return print(if plan.is_done() { "nothing to change\n" } else { "nothing was written\n" });
    }
    grafana.check(&plan).await?;
    for step in &plan.steps {
        let name = grafana.carry_out(step).await?;
        // Told one by one: whoever interrupts it knows how far it came.
        print(&told(step, &name, "", &grafana))?;
    }
    print(&unchanged(&plan))?;
    print(if plan.is_done() { "nothing to change\n" } else { "done\n" })
}

/// What is done, or would be, with one object. Boards that stay as they are are counted instead; where a playlist plays is
/// always told.
fn told(step: &Step, name: &str, mood: &str, grafana: &Grafana) -> String {
    let (kind, deed) = (kind(step.kind), deed(&step.deed));
    let mood = if step.deed.writes() { mood } else { "" };
    let mut text = match (step.kind, &step.deed) {
        (Kind::Folder | Kind::Board, Deed::Keep) => return String::new(),
        (Kind::Folder, _) => format!("{mood}{deed}: {kind} {}\n", step.title),
        (Kind::Playlist, Deed::Delete | Deed::Leave) | (Kind::Board, _) => {
            format!("{mood}{deed}: {kind} {name} ({})\n", step.title)
        }
        // Before it is there, an older Grafana has not chosen its name.
        (Kind::Playlist, Deed::Create) if !mood.is_empty() => format!("{mood}{deed}: {kind} {}\n", step.title),
        (Kind::Playlist, _) => {
            format!(
                "{mood}{deed}: {kind} {name} ({}), which TVs play at {}\n",
                step.title,
                grafana.address_of_playlist(name)
            )
        }
    };
    if let Deed::Change(lines) = &step.deed {
        lines.iter().for_each(|line| text.push_str(&format!("  {line}\n")));
    }
    text
}

fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Folder => "folder",
        Kind::Board => "board",
        Kind::Playlist => "playlist",
    }
}

fn deed(deed: &Deed) -> &'static str {
    match deed {
        Deed::Create => "created",
        Deed::Change(_) => "changed",
        Deed::Keep => "unchanged",
        Deed::Delete => "deleted",
        Deed::Leave => "no longer rendered, --prune deletes it",
    }
}

fn unchanged(plan: &Plan) -> String {
    let count = plan.steps.iter().filter(|step| step.kind == Kind::Board && step.deed == Deed::Keep).count();
    if count == 0 { String::new() } else { format!("unchanged: {count} boards\n") }
}
