//! What to say of a name that nobody knows.

/// The known name that `name` was probably meant to be.
pub fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let name = name.to_lowercase();
    known
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(&name, &candidate.to_lowercase()), candidate))
        .filter(|(distance, candidate)| *distance <= candidate.chars().count() / 3)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
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
        let known = ["listen_address", "config_file", "day", "week"];
        for (slip, meant) in [
            ("listen_adress", Some("listen_address")),
            ("listenaddress", Some("listen_address")),
            ("Config_File", Some("config_file")),
            ("wek", Some("week")),
            ("dya", Some("day")),
            ("month", None),
            ("", None),
        ] {
            assert_eq!(nearest(slip, known), meant, "{slip}");
        }
    }

    #[test]
    fn strangers_are_shown_what_there_is() {
        assert_eq!(instead("month", &["day", "week"]), "known here: day, week");
    }
}
