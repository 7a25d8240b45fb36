//! Guessing what was meant by a name that does not exist, for messages only.

/// `, did you mean ...?` if one of `known` is near to what was written; otherwise nothing.
pub(super) fn did_you_mean<'k>(meant: &str, known: impl IntoIterator<Item = &'k str>) -> String {
    closest(meant, known).map(|name| format!(", did you mean `{name}`?")).unwrap_or_default()
}

/// The one of `known` that was probably meant, for a message: equal but for case and signs, or at most two letters off.
fn closest<'k>(meant: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    let bare =
        |text: &str| text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect::<String>();
    let meant = bare(meant);
    let nearest = known.into_iter().map(|name| (distance(&meant, &bare(name)), name)).min_by_key(|(far, _)| *far);
    nearest.filter(|(far, name)| *far <= 2 && *far < name.chars().count()).map(|(_, name)| name)
}

/// How many letters have to be added, left out or changed (Levenshtein).
fn distance(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (i, letter) in from.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, other) in to.iter().enumerate() {
            let changed = diagonal + usize::from(letter != *other);
            diagonal = row[j + 1];
            row[j + 1] = changed.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[to.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typing_errors_are_recognised() {
        let known = ["Close Date", "Stage", "Amount"];
        assert_eq!(closest("close_date", known), Some("Close Date"));
        assert_eq!(closest("Amont", known), Some("Amount"));
        assert_eq!(closest("Stagge", known), Some("Stage"));
        assert_eq!(closest("Owner", known), None);
        assert_eq!(closest("x", ["y"]), None);
    }
}
