//! `init`: asks one CRM and writes settings that fit it. The text is in `proposal`, its form in `page`.

mod goals;
mod page;
mod proposal;
#[cfg(test)]
mod tests;

use std::fs::File;
use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, bail, ensure};

use super::{Global, InitArgs, block_on, catch_up, meter, parts, print};
use crate::app::{self, Draft};
use crate::goals::Usual;
use crate::source::KINDS;
use crate::{setting, settings};

/// Asks the CRM that the arguments name and writes settings for it; then reads its records, and proposes goals by what is
/// usual.
pub(super) fn run(global: &Global, arguments: &InitArgs) -> anyhow::Result<()> {
    global.refuse_config_file("init", "name the file to write with --output")?;
    let output = Some(arguments.output.as_path()).filter(|path| *path != Path::new("-"));
    if let Some(path) = output.filter(|path| path.exists()) {
        bail!(
            "{} is there already: name another file with --output, or - to see what would be written",
            path.display()
        );
    }
    let mut draft = draft(arguments)?;
    let meter = meter()?;
    let mut found = None;
    block_on(async {
        found = Some(app::take_stock(&mut draft, &meter).await?);
        Ok(())
    })?;
    let stock = found.context("the CRM was not asked")?;
    if output.and_then(Path::parent).is_some_and(|parent| parent != Path::new("")) {
        root_paths(&mut draft)?;
    }
    let text = proposal::text(&draft, &stock, None);
    let Some(path) = output else { return print(&text) };
    write_new(path, &text)?;
    let file = path.display();
    if !arguments.without_records {
        let still = || format!("{file}: written, with examples for goals, since not all records could be read");
        let usual = usual(&Global { config_file: Some(path.to_path_buf()), ..global.clone() }).with_context(still)?;
        let with_goals = proposal::text(&draft, &stock, Some(&usual));
        // Reading takes its time, in which somebody may have begun to work on the file.
        let is_untouched = std::fs::read(path).is_ok_and(|found| found == text.as_bytes());
        ensure!(is_untouched, "{file}: changed while records were read; it stays as it is, with examples for goals");
        app::replace(path, with_goals.as_bytes())?;
    }
    print(&format!("{file}: written; look through it, then: crm_exporter check --connect --config.file {file}\n"))
}

/// What is usual on the floor: reads its records into the store of the settings, from which the daemon goes on.
fn usual(global: &Global) -> anyhow::Result<Vec<Option<Usual>>> {
    let parts = Arc::new(parts(global)?);
    eprintln!(
        "reading all records once, to propose goals by what is usual; they stay in {} for the daemon (--without-records \
         leaves this out)",
        parts.store_path().display()
    );
    catch_up(&parts)?;
    app::usual(&parts, &goals::asked())
}

/// The source that the arguments describe.
fn draft(arguments: &InitArgs) -> anyhow::Result<Draft> {
    let names: Vec<&str> = KINDS.iter().map(|kind| kind.name).collect();
    let kind = KINDS.iter().find(|kind| kind.name == arguments.source);
    let kind = kind.with_context(|| {
        let wanted = &arguments.source;
        format!("--source: `{wanted}` is no kind of source; {}", setting::instead(wanted, &names))
    })?;
    let name = arguments.name.clone().unwrap_or_else(|| kind.name.to_owned());
    settings::source_name(&name).map_err(|problem| problem.under("--name"))?;
    let mut options: Vec<(String, String)> = Vec::new();
    options.extend(arguments.base_url.iter().map(|url| ("base_url".to_owned(), url.clone())));
    let file = arguments.token_file.as_ref().map(|path| path.to_string_lossy().into_owned());
    options.extend(file.map(|path| ("token_file".to_owned(), path)));
    options.extend(arguments.token_env.iter().map(|name| ("token_env".to_owned(), name.clone())));
    for (key, value) in &arguments.set {
        ensure!(!options.iter().any(|(known, _)| known == key), "--set: {key} is given twice; keep one of them");
        options.push((key.clone(), value.clone()));
    }
    Ok(Draft { name, kind, options })
}

/// Makes paths whole: those of a file of settings start from its directory, those of the command line from the working
/// directory.
fn root_paths(draft: &mut Draft) -> anyhow::Result<()> {
    for (_, path) in draft.options.iter_mut().filter(|(key, _)| key.ends_with("_file")) {
        let whole = std::path::absolute(&*path).with_context(|| format!("cannot make {path} a whole path"))?;
        *path = whole.to_string_lossy().into_owned();
    }
    Ok(())
}

/// Writes a file that must not be there yet.
fn write_new(path: &Path, text: &str) -> anyhow::Result<()> {
    let written = File::create_new(path).and_then(|mut file| file.write_all(text.as_bytes()));
    written.with_context(|| format!("cannot write {}", path.display()))
}
