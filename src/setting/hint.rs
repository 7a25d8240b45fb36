//! What to say of a name that nobody knows.

/// The known name that `name` was probably meant to be: equal but for case and signs, or a letter in three off.
pub fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let name = bare(name);
    known
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(&name, &bare(candidate)), candidate))
        .filter(|(distance, candidate)| *distance <= bare(candidate).chars().count() / 3)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

fn bare(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// `, did you mean ...?` where a known name is near; otherwise nothing.
pub fn did_you_mean<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    nearest(name, known).map(|candidate| format!(", did you mean `{candidate}`?")).unwrap_or_default()
}

/// What to write instead of `name`: the nearest known name, or all of them.
pub fn instead(name: &str, known: &[&str]) -> String {
    match nearest(name, known.iter().copied()) {
        Some(candidate) => format!("did you mean `{candidate}`?"),
        None if known.is_empty() => "there is none yet".to_owned(),
        None => format!("known here: {}", known.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_of_the_pen_find_what_was_meant() {
        let known = ["listen_address", "Close Date", "day", "week"];
        for (slip, meant) in [
            ("listen_adress", Some("listen_address")),
            ("Listen-Address", Some("listen_address")),
            ("close_date", Some("Close Date")),
            ("wek", Some("week")),
            ("dya", Some("day")),
            ("month", None),
            ("x", None),
            ("", None),
        ] {
            assert_eq!(nearest(slip, known), meant, "{slip}");
        }
    }

    #[test]
    fn strangers_are_shown_what_there_is() {
        assert_eq!(instead("month", &["day", "week"]), "known here: day, week");
        assert_eq!(did_you_mean("month", ["day", "week"]), "");
        assert_eq!(did_you_mean("wek", ["day", "week"]), ", did you mean `week`?");
    }
}
