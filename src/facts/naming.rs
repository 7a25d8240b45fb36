//! Names that are unique: things of one name are told apart by a number, in the order of their ids.

use std::collections::{BTreeSet, HashMap};

pub(super) type IdOrder<'a> = (u64, &'a str);

/// Order of ids: numbers by value and before others.
pub(super) fn id_order(id: &str) -> IdOrder<'_> {
    (id.parse().unwrap_or(u64::MAX), id)
}

/// The same names made distinct: the first of several bears the bare name, the next ones ` 2`, ` 3`, ... Names in `taken`
/// count as borne already.
pub(super) fn distinct(names: &[&str], taken: &[&str]) -> Vec<String> {
    let bare: BTreeSet<&str> = names.iter().chain(taken).copied().collect();
    let mut used: BTreeSet<String> = taken.iter().map(|name| (*name).to_owned()).collect();
    let mut next: HashMap<&str, u32> = HashMap::new();
    let mut labels = Vec::with_capacity(names.len());
    for &name in names {
        let mut label = name.to_owned();
        // Somebody may really be called like a numbered name.
        while (label != name && bare.contains(label.as_str())) || !used.insert(label.clone()) {
            let counter = next.entry(name).or_insert(1);
            *counter += 1;
            label = format!("{name} {counter}");
        }
        labels.push(label);
    }
    labels
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_names_are_numbered_and_stay_distinct() {
        assert_eq!(distinct(&["Ana", "Bo", "Ana", "Ana"], &[]), ["Ana", "Bo", "Ana 2", "Ana 3"]);
        assert_eq!(distinct(&["Ana", "Ana", "Ana 2"], &[]), ["Ana", "Ana 3", "Ana 2"]);
        assert_eq!(distinct(&["none"], &["none"]), ["none 2"]);
    }
}
