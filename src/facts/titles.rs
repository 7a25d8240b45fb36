//! What accounts and deals are called in labels. Their names are not unique, so those who share one are told apart by a
//! number, as in `naming`; with a million of them labels are made only for the few that are shown.

use std::cmp::Ordering;
use std::collections::{BTreeSet, HashMap};

use super::column::{Column, NONE};
use super::ids::{Id, Ids};
use super::names::Names;
use crate::domain::Key;

/// In the place of a name: it has none.
const UNNAMED: u32 = NONE - 1;

/// Names and ids of one kind of record, by key.
#[derive(Debug, Clone)]
pub(crate) struct Titles {
    /// What stands before the id of a record without a name.
    word: &'static str,
    /// Numbers of the names, [`UNNAMED`], or [`NONE`] where there is no such record.
    names: Column<u32>,
    ids: Ids,
    /// Places of their sources in the order of the settings.
    sources: Column<u16>,
}

/// A record whose label is wanted.
struct Wanted {
    key: u32,
    /// What it is called, but for the number.
    name: String,
    /// Number of that name in the texts, if it is there.
    number: Option<u32>,
    /// The id of whoever is called so for want of a name.
    id: Option<Id>,
    /// How many bear the name before it.
    before: usize,
}

impl Titles {
    /// No records yet; one without a name will be called `word` and its id.
    pub(crate) fn new(word: &'static str) -> Titles {
        Titles { word, names: Column::new(NONE), ids: Ids::default(), sources: Column::new(u16::MAX) }
    }

    /// Makes room for `count` keys.
    pub(crate) fn reserve(&mut self, count: usize) {
        self.names.reserve(count);
        self.ids.reserve(count);
        self.sources.reserve(count);
    }

    /// Puts a record in, in place of what was there. `source` is the place of its source in the order of the settings.
    pub(crate) fn put(&mut self, key: Key, source: usize, id: &str, name: Option<&str>, texts: &mut Names) {
        let name = name.map(str::trim).filter(|name| !name.is_empty());
        self.names.set(key.index(), name.map_or(UNNAMED, |name| texts.number(name)));
        self.ids.set(key.index(), id);
        self.sources.set(key.index(), u16::try_from(source).unwrap_or(u16::MAX));
    }

    /// Takes a record out: it numbers nobody any more.
    pub(crate) fn remove(&mut self, key: Key) {
        if key.index() < self.names.len() {
            self.names.set(key.index(), NONE);
        }
    }

    /// Whether there is such a record.
    pub(crate) fn has(&self, key: u32) -> bool {
        self.names.get(key as usize) != NONE
    }

    /// Order of two records: that of their sources, then of their ids.
    pub(crate) fn compare(&self, left: u32, right: u32) -> Ordering {
        let (left, right) = (left as usize, right as usize);
        self.sources.get(left).cmp(&self.sources.get(right)).then_with(|| self.ids.compare(left, right))
    }

    /// Labels of the records with these keys, as they would be if all records got one: the first who bears a name, in the
    /// order of [`Titles::compare`], has it bare, the next ones with ` 2`, ` 3`, ... Names in `taken` count as borne already.
    pub(crate) fn labels(&self, keys: &[u32], taken: &[&str], texts: &Names) -> HashMap<u32, String> {
        let mut wanted: Vec<Wanted> = keys.iter().map(|key| self.wanted(*key, taken, texts)).collect();
        self.count_before(&mut wanted, texts);
        let (bare, numbered): (Vec<Wanted>, Vec<Wanted>) = wanted.into_iter().partition(|wanted| wanted.before == 0);
        let borne = self.borne_numbers(&numbered, texts);
        let numbered = numbered.into_iter().map(|Wanted { key, name, before, .. }| {
            let number = nth_free(before, &borne[&name]);
            (key, format!("{name} {number}"))
        });
        bare.into_iter().map(|wanted| (wanted.key, wanted.name)).chain(numbered).collect()
    }

    fn wanted(&self, key: u32, taken: &[&str], texts: &Names) -> Wanted {
        let name = match self.names.get(key as usize) {
            NONE | UNNAMED => format!("{} {}", self.word, self.ids.text(key as usize)),
            number => texts.text(number).unwrap_or_default().to_owned(),
        };
        let before = usize::from(taken.contains(&name.as_str()));
        Wanted { key, number: texts.find(&name), id: behind(&name, self.word).map(Id::new), name, before }
    }

    /// Counts for each of `wanted` who bears its name before it.
    fn count_before(&self, wanted: &mut [Wanted], texts: &Names) {
        let mut by_name: HashMap<u32, Vec<usize>> = HashMap::new();
        let mut by_id: HashMap<Id, Vec<usize>> = HashMap::new();
        // Asked once for every record there is, which a look at a list answers soonest.
        let mut is_wanted = vec![false; texts.len()];
        for (place, wanted) in wanted.iter_mut().enumerate() {
            if let Some(number) = wanted.number {
                is_wanted[number as usize] = true;
                by_name.entry(number).or_default().push(place);
            }
            if let Some(id) = wanted.id.take() {
                by_id.entry(id).or_default().push(place);
            }
        }
        for (other, name) in self.bearers() {
            let places = match name {
                UNNAMED if by_id.is_empty() => None,
                UNNAMED => by_id.get(&self.ids.id(other as usize)),
                name if is_wanted[name as usize] => by_name.get(&name),
                _ => None,
            };
            for place in places.into_iter().flatten() {
                let wanted = &mut wanted[*place];
                wanted.before += usize::from(self.compare(other, wanted.key) == Ordering::Less);
            }
        }
    }

    /// Numbers that somebody's name itself puts behind one of these names, by that name: nobody else gets them.
    fn borne_numbers(&self, numbered: &[Wanted], texts: &Names) -> HashMap<String, BTreeSet<usize>> {
        let names = numbered.iter().map(|wanted| (wanted.name.clone(), BTreeSet::new()));
        let mut borne: HashMap<String, BTreeSet<usize>> = names.collect();
        if borne.is_empty() {
            return borne;
        }
        for (other, number) in self.bearers() {
            let id = || self.ids.text(other as usize);
            let (numbers, number) = match number {
                UNNAMED => (borne.get_mut(self.word), plain_number(&id())),
                number => {
                    let Some((name, number)) = texts.text(number).and_then(|text| text.rsplit_once(' ')) else {
                        continue;
                    };
                    (borne.get_mut(name), plain_number(number))
                }
            };
            numbers.into_iter().for_each(|numbers| numbers.extend(number));
        }
        borne
    }

    /// Keys of all records, with the numbers of their names or [`UNNAMED`].
    fn bearers(&self) -> impl Iterator<Item = (u32, u32)> + '_ {
        let names = self.names.as_slice().iter().enumerate();
        names.filter(|(_, name)| **name != NONE).map(|(key, name)| (key as u32, *name))
    }
}

/// What stands behind `name` and a space in `text`.
fn behind<'t>(text: &'t str, name: &str) -> Option<&'t str> {
    text.strip_prefix(name)?.strip_prefix(' ')
}

/// A number as labels write it.
fn plain_number(text: &str) -> Option<usize> {
    text.parse().ok().filter(|number: &usize| number.to_string() == text)
}

/// The nth number from 2 on that is not borne.
fn nth_free(n: usize, borne: &BTreeSet<usize>) -> usize {
    let passed = |number: usize, borne: &usize| if *borne <= number { number + 1 } else { number };
    borne.range(2..).fold(n + 1, passed)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::facts::naming::distinct;

    /// Deals: source, id, name; by key.
    fn deals(records: &[(usize, &str, &str)]) -> (Titles, Names) {
        let (mut titles, mut texts) = (Titles::new("deal"), Names::default());
        for (key, (source, id, name)) in records.iter().enumerate() {
            titles.put(Key(key as u32), *source, id, Some(name), &mut texts);
        }
        (titles, texts)
    }

    fn labels(records: &[(usize, &str, &str)], taken: &[&str]) -> Vec<String> {
        let (titles, texts) = deals(records);
        // Each alone: nobody's label depends on who else is shown.
        let label = |key| titles.labels(&[key], taken, &texts).remove(&key).unwrap();
        (0..records.len() as u32).map(label).collect()
    }

    #[test]
    fn equal_names_are_numbered_by_source_and_id() {
        let records = [(0, "10", "Acme"), (0, "9", " Acme "), (1, "1", "Acme"), (0, "2", "Bolt")];
        assert_eq!(labels(&records, &[]), ["Acme 2", "Acme", "Acme 3", "Bolt"]);
    }

    #[test]
    fn a_number_that_is_a_name_is_passed_over() {
        let records = [(0, "1", "Acme"), (0, "2", "Acme"), (0, "3", "Acme 2"), (0, "4", "Acme"), (0, "5", "Acme 02")];
        assert_eq!(labels(&records, &[]), ["Acme", "Acme 3", "Acme 2", "Acme 4", "Acme 02"]);
    }

    #[test]
    fn without_a_name_the_id_is_shown() {
        let records =
            [(0, "7", ""), (1, "7", " "), (1, "8", "deal 7"), (0, "2", "deal"), (0, "3", "deal"), (1, "2", "")];
        assert_eq!(labels(&records, &[]), ["deal 7", "deal 7 2", "deal 7 3", "deal", "deal 3", "deal 2"]);
    }

    #[test]
    fn taken_names_are_borne_already() {
        assert_eq!(labels(&[(0, "1", "unknown"), (0, "2", "unknown")], &["unknown"]), ["unknown 2", "unknown 3"]);
    }

    #[test]
    fn who_is_gone_numbers_nobody() {
        let (mut titles, texts) = deals(&[(0, "1", "Acme"), (0, "2", "Acme")]);
        titles.remove(Key(0));
        titles.remove(Key(99));
        assert!(!titles.has(0) && titles.has(1));
        assert_eq!(titles.labels(&[1], &[], &texts)[&1], "Acme");
    }

    proptest! {
        /// Labels of a few are those that all would get.
        #[test]
        fn labels_of_some_are_as_if_all_were_labelled(
            records in prop::collection::vec((0..2_usize, 0..6_u32, "(A|deal|unknown)?( [0-4]){0,2}"), 1..20),
        ) {
            let mut records: Vec<(usize, String, String)> =
                records.into_iter().map(|(source, id, name)| (source, id.to_string(), name)).collect();
            records.sort();
            records.dedup_by_key(|(source, id, _)| (*source, id.clone()));
            let bare = |(_, id, name): &(usize, String, String)| match name.trim() {
                "" => format!("deal {id}"),
                name => name.to_owned(),
            };
            let bare: Vec<String> = records.iter().map(bare).collect();
            let all = distinct(&bare.iter().map(String::as_str).collect::<Vec<_>>(), &["unknown"]);
            let borrowed: Vec<_> = records.iter().map(|(source, id, name)| (*source, id.as_str(), name.as_str())).collect();
            prop_assert_eq!(labels(&borrowed, &["unknown"]), all);
        }
    }
}
