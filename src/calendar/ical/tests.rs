use super::*;

/// The dates that the events give, read in New York.
fn found(events: &[&str]) -> Result<Vec<String>, String> {
    let events: String = events.iter().map(|event| format!("BEGIN:VEVENT\r\n{event}\r\nEND:VEVENT\r\n")).collect();
    read(&format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{events}END:VCALENDAR\r\n"))
}

fn read(text: &str) -> Result<Vec<String>, String> {
    let zone = Tz::America__New_York;
    let dates = holidays(text, zone).map_err(|error| error.to_string())?;
    Ok(dates.iter().map(NaiveDate::to_string).collect())
}

fn dates(dates: &[&str]) -> Result<Vec<String>, String> {
    Ok(dates.iter().map(|&date| date.to_owned()).collect())
}

#[test]
fn all_day_events_are_holidays() {
    for (event, expected) in [
        ("DTSTART;VALUE=DATE:20261225", &["2026-12-25"][..]),
        ("DTSTART:20261225", &["2026-12-25"]),
        ("DTSTART;VALUE=DATE:20261225\r\nDTEND;VALUE=DATE:20261226", &["2026-12-25"]),
        ("DTSTART;VALUE=DATE:20261225\r\nDTEND;VALUE=DATE:20261225", &["2026-12-25"]),
        ("DTSTART;VALUE=DATE:20261224\r\nDTEND;VALUE=DATE:20261227", &["2026-12-24", "2026-12-25", "2026-12-26"]),
        ("DTSTART;VALUE=DATE:20240228\r\nDURATION:P2D", &["2024-02-28", "2024-02-29"]),
        ("dtstart;value=date:20261225", &["2026-12-25"]),
        // Calendars of holidays mark their events as leaving people free.
        ("DTSTART;VALUE=DATE:20261225\r\nTRANSP:TRANSPARENT", &["2026-12-25"]),
        ("DTSTART;VALUE=DATE:20261225\r\nSTATUS:CANCELLED", &[]),
    ] {
        assert_eq!(found(&[event]), dates(expected), "{event}");
    }
    assert_eq!(found(&[]), dates(&[]));
}

#[test]
fn events_with_a_time_are_none_unless_they_fill_days() {
    for (event, expected) in [
        ("DTSTART:20261224T120000\r\nDTEND:20261225T000000", &[][..]),
        ("DTSTART;TZID=Europe/Berlin:20261224T090000\r\nDTEND;TZID=Europe/Berlin:20261224T120000", &[]),
        ("DTSTART:20261225T000000", &[]),
        ("DTSTART:20261225T000000\r\nDTEND:20261226T000000", &["2026-12-25"]),
        (
            "DTSTART;TZID=Europe/Berlin:20261225T000000\r\nDTEND;TZID=Europe/Berlin:20261227T000000",
            &["2026-12-25", "2026-12-26"],
        ),
        // Midnight to midnight in New York.
        ("DTSTART:20261225T050000Z\r\nDTEND:20261226T050000Z", &["2026-12-25"]),
        ("DTSTART:20261225T000000Z\r\nDTEND:20261226T000000Z", &[]),
        ("DTSTART:20261225T000000\r\nDURATION:PT2H", &[]),
    ] {
        assert_eq!(found(&[event]), dates(expected), "{event}");
    }
}

#[test]
fn recurring_events_follow_their_rules() {
    for (event, expected) in [
        ("DTSTART:20251225\r\nRRULE:FREQ=YEARLY;COUNT=3", &["2025-12-25", "2026-12-25", "2027-12-25"][..]),
        // The fourth Thursday of November.
        (
            "DTSTART:20241128\r\nRRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=4TH;COUNT=3",
            &["2024-11-28", "2025-11-27", "2026-11-26"],
        ),
        // The end is included, however it is written.
        ("DTSTART:20251225\r\nRRULE:FREQ=YEARLY;UNTIL=20271225", &["2025-12-25", "2026-12-25", "2027-12-25"]),
        ("DTSTART:20251225\r\nRRULE:UNTIL=20271224;FREQ=YEARLY", &["2025-12-25", "2026-12-25"]),
        ("DTSTART:20251225\r\nRRULE:FREQ=YEARLY;UNTIL=20261225T050000Z", &["2025-12-25", "2026-12-25"]),
        ("DTSTART:20251225\r\nRRULE:FREQ=YEARLY;UNTIL=20261225T045959Z", &["2025-12-25"]),
        // Leap days come every fourth year only.
        ("DTSTART:20200229\r\nRRULE:FREQ=YEARLY;COUNT=2", &["2020-02-29", "2024-02-29"]),
        (
            "DTSTART:20251224\r\nDTEND:20251226\r\nRRULE:FREQ=YEARLY;COUNT=2",
            &["2025-12-24", "2025-12-25", "2026-12-24", "2026-12-25"],
        ),
        ("DTSTART:20251225\r\nRRULE:FREQ=YEARLY;COUNT=3\r\nEXDATE;VALUE=DATE:20261225", &["2025-12-25", "2027-12-25"]),
        (
            "DTSTART:20251225\r\nRRULE:FREQ=YEARLY;COUNT=4\r\nEXDATE:20251225,20261225\r\nEXDATE:20271225T000000",
            &["2028-12-25"],
        ),
        ("DTSTART:20251225\r\nRDATE;VALUE=DATE:20260102,20260105", &["2025-12-25", "2026-01-02", "2026-01-05"]),
    ] {
        assert_eq!(found(&[event]), dates(expected), "{event}");
    }
}

#[test]
fn endless_events_are_known_to_2100() {
    let years = found(&["DTSTART:19991225\r\nRRULE:FREQ=YEARLY"]).unwrap();
    assert_eq!(years.len(), 102);
    assert_eq!(years.last().unwrap(), "2100-12-25");
}

#[test]
fn an_occurrence_may_be_moved_or_cancelled() {
    let series = "UID:a\r\nDTSTART:20251225\r\nRRULE:FREQ=YEARLY;COUNT=3";
    let moved = "UID:a\r\nRECURRENCE-ID;VALUE=DATE:20261225\r\nDTSTART:20261228";
    let cancelled = "UID:a\r\nRECURRENCE-ID;VALUE=DATE:20271225\r\nDTSTART:20271225\r\nSTATUS:CANCELLED";
    let other = "UID:b\r\nRECURRENCE-ID;VALUE=DATE:20251225\r\nDTSTART:20251229";
    assert_eq!(found(&[series, moved, cancelled, other]), dates(&["2025-12-25", "2025-12-29", "2026-12-28"]));
}

#[test]
fn files_are_read_as_programs_write_them() {
    // A byte order mark, bare line feeds, folded lines, other components, no line end at the end of the file.
    let text = "\u{feff}BEGIN:VCALENDAR\nBEGIN:VTIMEZONE\nTZID:Europe/Berlin\nBEGIN:STANDARD\nDTSTART:19701025T030000\n\
        RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\nEND:STANDARD\nEND:VTIMEZONE\nBEGIN:VEVENT\nSUMMARY:Christmas\n  \
        Day\\, observed\nDTSTART;VALUE=DATE:2026\n 1225\nBEGIN:VALARM\nDTSTART:20200101\nEND:VALARM\nEND:VEVENT\n\
        BEGIN:VTODO\nDTSTART:20260101\nEND:VTODO\nEND:VCALENDAR";
    assert_eq!(read(text), dates(&["2026-12-25"]));
}

#[test]
fn a_broken_file_names_its_line() {
    for (text, error) in [
        (
            "BEGIN:VCALENDAR\nX-A:a\n b\n c\nBEGIN:VEVENT\n<p>\nEND:VEVENT\nEND:VCALENDAR\n",
            "what starts at line 5 is not as RFC 5545 has it; export the calendar once more",
        ),
        ("", "what starts at line 1 is not as RFC 5545 has it; export the calendar once more"),
        ("<html>\n", "what starts at line 1 is not as RFC 5545 has it; export the calendar once more"),
        (
            "BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:a\n b\n c\n<p>\nEND:VEVENT\nEND:VCALENDAR\n",
            "what starts at line 2 is not as RFC 5545 has it; export the calendar once more",
        ),
        (
            "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20261225\n",
            "what starts at line 2 is not as RFC 5545 has it; export the calendar once more",
        ),
        ("BEGIN:VCARD\nEND:VCARD\n", "it holds no VCALENDAR; name an iCalendar file"),
    ] {
        assert_eq!(read(text).unwrap_err(), error, "{text}");
    }
}

#[test]
fn an_event_that_cannot_be_understood_is_named() {
    let fine = "DTSTART:20260101";
    for (event, error) in [
        ("UID:a", "event 2 (UID a): it has no DTSTART; add one or remove the event"),
        ("UID:a\r\nDTSTART:20261325", "event 2 (UID a): DTSTART: `20261325` is no date; write one such as 20261225"),
        ("DTSTART:2026-12-25", "event 2: DTSTART: `2026-12-25` is no date; write one such as 20261225"),
        ("DTSTART:20261225\r\nDTEND:soon", "event 2: DTEND: `soon` is no date; write one such as 20261225"),
        ("DTSTART:20261225\r\nDTEND:20261224", "event 2: it ends before it starts; swap DTSTART and DTEND"),
        ("DTSTART:20261225\r\nDTEND:20291225", "event 2: it lasts 1096 days; a holiday lasts a year at most"),
        (
            "DTSTART:20261225\r\nDURATION:PT5H",
            "event 2: it starts on a date and does not last whole days; end it on a date",
        ),
        ("DTSTART:20261225\r\nEXDATE:x", "event 2: EXDATE: `x` is no date; write one such as 20261225"),
        (
            "DTSTART:20261225\r\nEXRULE:FREQ=YEARLY",
            "event 2: EXRULE is not supported; list the dates that it takes out as EXDATE",
        ),
        (
            "DTSTART:20261225\r\nRRULE:FREQ=YEARLY;UNTIL=never",
            "event 2: RRULE: UNTIL: `never` is no date; write one such as 20261225",
        ),
        (
            "DTSTART:20000101\r\nRRULE:FREQ=HOURLY",
            "event 2: RRULE `FREQ=HOURLY` gives too many dates, or none; a holiday recurs by days or longer",
        ),
        (
            "UID:a\r\nRECURRENCE-ID;RANGE=THISANDFUTURE:20261225\r\nDTSTART:20261225",
            "event 2 (UID a): a RECURRENCE-ID with RANGE is not supported; end the series with UNTIL and start another",
        ),
    ] {
        assert_eq!(found(&[fine, event]).unwrap_err(), error, "{event}");
    }
    let error = found(&["DTSTART:20261225\r\nRRULE:FREQ=OFTEN"]).unwrap_err();
    assert!(error.starts_with("event 1: RRULE `FREQ=OFTEN` is not understood: "), "{error}");
}
