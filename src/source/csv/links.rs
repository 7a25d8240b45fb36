//! Links into the CRM that files were exported from.

use std::collections::BTreeMap;

use super::settings::Settings;
use crate::domain::Object;
use crate::http::segment;
use crate::setting::Problem;

/// What stands for the record's id.
const ID: &str = "{id}";

/// Addresses of records' pages, by object.
#[derive(Debug, Default)]
pub(super) struct Links(BTreeMap<Object, String>);

impl Links {
    /// Reads the addresses of the settings, where there are some.
    pub(super) fn new(settings: &Settings) -> Result<Links, Problem> {
        let mut links = Links::default();
        for (name, parts) in &settings.objects {
            for address in parts.0.iter().filter_map(|part| part.url.as_ref()) {
                let has_scheme = address.starts_with("https://") || address.starts_with("http://");
                if !has_scheme || !address.contains(ID) {
                    let text = format!(
                        "`{address}` is no address with a place for ids: write one such as https://crm.example.com/deals/{ID}"
                    );
                    return Err(Problem::new(format!("objects.{name}.url"), text));
                }
                // Several files of one object hold records of one kind of page.
                links.0.extend(Object::from_name(name).map(|object| (object, address.clone())));
            }
        }
        Ok(links)
    }

    /// Address of a record's page, where the settings say how it is made.
    pub(super) fn page(&self, object: Object, id: &str) -> Option<String> {
        Some(self.0.get(&object)?.replace(ID, &segment(id)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn yaml(text: &str) -> Settings {
        let file = config::File::from_str(text, config::FileFormat::Yaml);
        config::Config::builder().add_source(file).build().unwrap().try_deserialize().unwrap()
    }

    #[test]
    fn an_id_takes_its_place_in_the_address() {
        let settings = yaml("{objects: {deals: {file: d.csv, url: 'https://crm/x?deal={id}#top'}}}");
        let links = Links::new(&settings).unwrap();
        assert_eq!(links.page(Object::Deal, "a b/7").as_deref(), Some("https://crm/x?deal=a%20b%2F7#top"));
        assert_eq!(links.page(Object::Lead, "7"), None);
    }

    #[test]
    fn an_address_without_a_place_for_ids_is_refused() {
        for address in ["https://crm.example.com/deals", "crm/{id}"] {
            let settings = yaml(&format!("{{objects: {{deals: {{file: d.csv, url: '{address}'}}}}}}"));
            let problem = Links::new(&settings).unwrap_err();
            assert!(problem.to_string().contains("objects.deals.url"), "{problem}");
            assert!(problem.to_string().contains("https://crm.example.com/deals/{id}"), "{problem}");
        }
    }
}
