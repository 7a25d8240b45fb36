//! Holidays of a calendar: the dates written in the settings and those of iCalendar files.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use chrono_tz::Tz;

use super::{ical, settings};
use crate::setting::Problem;

/// All holidays of the keys `holidays` and `files`; relative paths start from `directory`.
pub(super) fn collect(
    dates: &[String],
    files: &[PathBuf],
    directory: &Path,
    zone: Tz,
) -> Result<BTreeSet<NaiveDate>, Problem> {
    let mut holidays = BTreeSet::new();
    for (index, text) in dates.iter().enumerate() {
        holidays.insert(settings::date(&format!("holidays[{index}]"), text)?);
    }
    for (index, file) in files.iter().enumerate() {
        let path = directory.join(file);
        let found = read(&path, zone).map_err(|text| Problem::new(format!("files[{index}]"), text))?;
        holidays.extend(found);
    }
    Ok(holidays)
}

fn read(path: &Path, zone: Tz) -> Result<BTreeSet<NaiveDate>, String> {
    let shown = path.display();
    let bytes = fs::read(path)
        .map_err(|error| format!("cannot read {shown}: {error}; name an iCalendar file that this user may read"))?;
    let text =
        String::from_utf8(bytes).map_err(|_| format!("cannot read {shown}: it is not UTF-8; export it once more"))?;
    ical::holidays(&text, zone).map_err(|error| format!("cannot take holidays from {shown}: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn collect_from(dates: &[&str], files: &[&str], directory: &Path) -> Result<Vec<String>, String> {
        let dates: Vec<String> = dates.iter().map(|&date| date.to_owned()).collect();
        let files: Vec<PathBuf> = files.iter().map(PathBuf::from).collect();
        match collect(&dates, &files, directory, Tz::UTC) {
            Ok(holidays) => Ok(holidays.iter().map(NaiveDate::to_string).collect()),
            Err(problem) => Err(problem.to_string()),
        }
    }

    #[test]
    fn dates_and_files_add_up() {
        let directory = tempfile::tempdir().unwrap();
        let event = "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20261225\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
        fs::write(directory.path().join("us.ics"), event).unwrap();
        let found = collect_from(&["2026-11-26", "2026-12-25"], &["us.ics"], directory.path());
        assert_eq!(found, Ok(vec!["2026-11-26".to_owned(), "2026-12-25".to_owned()]));
    }

    #[test]
    fn what_cannot_be_read_is_named() {
        let directory = tempfile::tempdir().unwrap();
        let shown = directory.path().display();
        assert_eq!(
            collect_from(&["2026-11-26", "Christmas"], &[], directory.path()).unwrap_err(),
            "holidays[1]: `Christmas` is no date; write one such as 2026-12-25"
        );
        let missing = collect_from(&[], &["none.ics"], directory.path()).unwrap_err();
        assert!(missing.starts_with(&format!("files[0]: cannot read {shown}/none.ics: ")), "{missing}");
        assert!(missing.ends_with("; name an iCalendar file that this user may read"), "{missing}");

        fs::write(directory.path().join("latin1.ics"), b"BEGIN:VCALENDAR\nX-N:\xe9\nEND:VCALENDAR\n").unwrap();
        assert_eq!(
            collect_from(&[], &["latin1.ics"], directory.path()).unwrap_err(),
            format!("files[0]: cannot read {shown}/latin1.ics: it is not UTF-8; export it once more")
        );
        fs::write(directory.path().join("page.ics"), "<html>\n").unwrap();
        let page = collect_from(&[], &["page.ics"], directory.path()).unwrap_err();
        assert!(page.starts_with(&format!("files[0]: cannot take holidays from {shown}/page.ics: ")), "{page}");
    }
}
