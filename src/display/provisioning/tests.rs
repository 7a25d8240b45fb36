use crate::app::Shown;
use crate::setting::Lasting;
use crate::settings::Settings;

/// The text of the one file whose path ends so.
fn rendered(settings: Settings, end: &str) -> String {
    let shown = Shown::new(settings).unwrap();
    let files = super::files(&shown.display());
    files.into_iter().find(|file| file.path.ends_with(end)).unwrap().text
}

#[test]
fn a_dollar_of_a_text_is_no_variable() {
    let mut settings = Settings::default();
    settings.grafana.folder = "Sales in $HOME".to_owned();
    settings.grafana.prometheus_url = "http://prometheus:9090/$x".to_owned();
    assert!(rendered(settings.clone(), "dashboards/crm_exporter.yaml").contains("folder: Sales in $$HOME\n"));
    assert!(rendered(settings, "datasources/crm_exporter.yaml").contains("'http://prometheus:9090/$$x'\n"));
}

#[test]
fn figures_are_scraped_no_more_often_than_they_change() {
    for (refresh, scrape) in [(5, "30s"), (30, "30s"), (90, "90s"), (3600, "3600s")] {
        let settings = Settings { refresh_interval: Lasting::seconds(refresh), ..Settings::default() };
        let expected = format!("scrape_interval: '{scrape}'\n");
        assert!(rendered(settings.clone(), "crm_exporter.scrape.yml").contains(&expected), "{refresh}");
        assert!(rendered(settings.clone(), "prometheus.yml").contains(&expected), "{refresh}");
        assert!(rendered(settings, "datasources/crm_exporter.yaml").contains(&format!("timeInterval: '{scrape}'\n")));
    }
}
