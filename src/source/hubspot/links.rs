//! Links between records, from both forms in which HubSpot tells them: inside a listing, and from the endpoint for links.

use std::collections::BTreeMap;

use super::types::End;
use super::wire::{InlineLinks, Linked, LinkedTo, Row};

/// What one record is linked to, as far as that was told.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Links(BTreeMap<End, Vec<Link>>);

/// The other end of a link.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Link {
    id: String,
    /// Whether HubSpot calls it the main one of its kind.
    primary: bool,
}

/// Numbers of the types of link that lead from a contact, and from a deal, to its main company.
const PRIMARY: [&str; 2] = ["1", "5"];

impl Links {
    /// The ids of one kind, each once; none if they were not told.
    pub(super) fn ids(&self, end: End) -> Option<Vec<String>> {
        Some(self.0.get(&end)?.iter().map(|link| link.id.clone()).collect())
    }

    /// The main one; where none is called so, the one with the lowest id.
    pub(super) fn main(&self, end: End) -> Option<String> {
        let links = self.0.get(&end)?;
        let rank = |link: &&Link| (!link.primary, link.id.len(), link.id.clone());
        links.iter().min_by_key(rank).map(|link| link.id.clone())
    }

    /// Puts the links of one kind in place of those that were told before; there may be none.
    pub(super) fn replace(&mut self, end: End, told: Links) {
        let mut told = told.0;
        self.0.insert(end, told.remove(&end).unwrap_or_default());
    }

    fn add(&mut self, end: End, id: &str, primary: bool) {
        let links = self.0.entry(end).or_default();
        match links.iter_mut().find(|link| link.id == id) {
            Some(link) => link.primary |= primary,
            None => links.push(Link { id: id.to_owned(), primary }),
        }
    }

    /// Adds what the endpoint for links tells.
    pub(super) fn add_linked(&mut self, end: End, linked: &Linked) {
        for to in &linked.to {
            if let Some(id) = to.to_object_id.text() {
                self.add(end, id, is_primary(to));
            }
        }
    }

    /// The links that a listing tells of a record, and the kinds of which there are more than it tells.
    pub(super) fn inline(row: &Row, asked: &[End]) -> (Links, Vec<End>) {
        let mut links = Links::default();
        let mut more = Vec::new();
        for end in asked {
            links.0.entry(*end).or_default();
            let Some(told) = row.associations.as_ref().and_then(|told| told.get(end.name())) else { continue };
            links.add_inline(*end, told);
            if told.has_more() {
                more.push(*end);
            }
        }
        (links, more)
    }

    fn add_inline(&mut self, end: End, told: &InlineLinks) {
        for link in &told.results {
            // `deal_to_company` is the main one, `deal_to_company_unlabeled` any.
            let primary = link.kind.text().is_some_and(|kind| kind.ends_with("_to_company"));
            if let Some(id) = link.id.text() {
                self.add(end, id, primary);
            }
        }
    }
}

fn is_primary(to: &LinkedTo) -> bool {
    to.association_types.iter().any(|kind| {
        let labelled = kind.label.text().is_some_and(|label| label.eq_ignore_ascii_case("primary"));
        labelled || kind.type_id.text().is_some_and(|number| PRIMARY.contains(&number))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_listing_names_a_record_once_for_each_type_of_link() {
        let row: Row = serde_json::from_str(
            r#"{"id":"1","associations":{"companies":{"results":[
                {"id":"30","type":"deal_to_company_unlabeled"},{"id":"200","type":"deal_to_company_unlabeled"},
                {"id":"200","type":"deal_to_company"}]},
              "contacts":{"results":[{"id":9,"type":"deal_to_contact"}],"paging":{"next":{"after":"9"}}}}}"#,
        )
        .unwrap();
        let (links, more) = Links::inline(&row, &[End::Companies, End::Contacts, End::Deals]);
        assert_eq!(links.ids(End::Companies).unwrap(), ["30", "200"]);
        assert_eq!(links.main(End::Companies).unwrap(), "200");
        assert_eq!(links.ids(End::Contacts).unwrap(), ["9"]);
        assert_eq!(links.ids(End::Deals).unwrap(), [""; 0]);
        assert_eq!(links.ids(End::Leads), None);
        assert_eq!(more, [End::Contacts]);
    }

    #[test]
    fn the_endpoint_names_ids_as_numbers_or_texts() {
        let linked: Linked = serde_json::from_str(
            r#"{"from":{"id":1},"to":[{"toObjectId":300,"associationTypes":[{"category":"HUBSPOT_DEFINED","typeId":341,"label":null}]},
                {"toObjectId":"40","associationTypes":[{"typeId":341},{"typeId":5,"label":"Primary"}]}]}"#,
        )
        .unwrap();
        let mut links = Links::default();
        links.add_linked(End::Companies, &linked);
        assert_eq!(links.main(End::Companies).unwrap(), "40");
        assert_eq!(links.ids(End::Companies).unwrap(), ["300", "40"]);
    }

    #[test]
    fn without_a_main_one_the_lowest_id_counts() {
        let mut links = Links::default();
        ["100", "20", "3000"].iter().for_each(|id| links.add(End::Companies, id, false));
        assert_eq!(links.main(End::Companies).unwrap(), "20");
        assert_eq!(Links::default().main(End::Companies), None);
    }
}
