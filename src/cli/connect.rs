//! `check --connect`: what the CRMs said, line by line.

use crate::app::Probed;

/// The lines, and whether nothing is wrong.
pub(super) fn text(probed: &[(String, Probed)]) -> (String, bool) {
    let mut lines = String::new();
    let mut well = true;
    let mut line = |name: &str, text: &str| lines.push_str(&format!("{name}: {text}\n"));
    for (name, answer) in probed {
        let probe = match answer {
            Ok(Some(probe)) => probe,
            Ok(None) => {
                line(name, "there is nobody to ask");
                continue;
            }
            Err(error) => {
                well = false;
                line(name, &error.to_string());
                continue;
            }
        };
        probe.facts.iter().for_each(|fact| line(name, fact));
        for (stream, allowed) in &probe.streams {
            match allowed {
                Ok(()) => line(name, &format!("{stream} can be read")),
                Err(error) => {
                    well = false;
                    line(name, &format!("{stream} cannot be read: {error}"));
                }
            }
        }
    }
    (lines, well)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{Probe, SourceError};

    #[test]
    fn every_answer_has_its_line() {
        let forbidden =
            || SourceError::Forbidden { what: "GET /goals".into(), cause: "the scope goals is missing".into() };
        let probe = Probe {
            facts: vec!["9 of 10 requests are left today".into()],
            streams: vec![("deals".into(), Ok(())), ("goals".into(), Err(forbidden()))],
        };
        let well = Probe { facts: Vec::new(), streams: vec![("deals".into(), Ok(()))] };
        let (lines, is_well) = text(&[
            ("files".into(), Ok(None)),
            ("main".into(), Ok(Some(probe))),
            ("other".into(), Err(SourceError::Unauthorized { what: "GET /account".into(), cause: "HTTP 401".into() })),
        ]);
        assert_eq!(
            lines,
            "files: there is nobody to ask\n\
             main: 9 of 10 requests are left today\n\
             main: deals can be read\n\
             main: goals cannot be read: GET /goals is not permitted: the scope goals is missing\n\
             other: GET /account was refused: HTTP 401\n"
        );
        assert!(!is_well);
        assert!(text(&[("main".into(), Ok(Some(well)))]).1);
    }
}
