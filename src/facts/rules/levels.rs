//! Levels of contacts, told from job titles.

use indexmap::IndexMap;
use regex::Regex;

use super::patterns;
use crate::setting::{OneOrMany, Problem};

/// The levels in order, each with its patterns; without settings, those that most floors use.
pub(super) fn levels(configured: Option<&IndexMap<String, OneOrMany>>) -> Result<Vec<(String, Vec<Regex>)>, Problem> {
    let Some(configured) = configured else {
        let defaults: [(&str, &[&str]); 4] = [
            ("c_level", &["chief", r"^c[etfo]o\b"]),
            ("vp", &["vice president", r"\bvp\b"]),
            ("director", &["director"]),
            ("manager", &["manager", "head of"]),
        ];
        let own = |list: &[&str]| OneOrMany(list.iter().map(|pattern| (*pattern).to_owned()).collect());
        let level = |(name, list): &(&str, &[&str])| Ok(((*name).to_owned(), patterns(name, &own(list))?));
        return defaults.iter().map(level).collect();
    };
    let reserved = |name: &str| {
        let text = format!("`{name}` is what titles without a level are called: choose another name");
        Err(Problem::new("activities.levels", text))
    };
    let level = |(name, list): (&String, &OneOrMany)| match name.as_str() {
        "individual" | "unknown" => reserved(name),
        _ => Ok((name.clone(), patterns(&format!("activities.levels.{name}"), list)?)),
    };
    configured.iter().map(level).collect()
}
