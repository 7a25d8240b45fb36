//! What the exporter counts of itself: no record is behind it, but it can be said what it is.

use super::explain::{Explanation, NotExplained, fits, parsed};
use crate::metrics::Counted;
use crate::metrics::explain::{Part, Role};
use crate::setting::Selector;

/// What the families of a histogram are called behind its name.
pub(super) const PARTS: [&str; 3] = ["_bucket", "_sum", "_count"];

/// What begins with `process_`, which every process of this kind tells.
pub(super) const PROCESS: Counted = Counted {
    name: "process",
    kind: "process",
    help: "A metric of the process, as the operating system tells it.",
    labels: &[],
};

/// What `selector` is, and its value where an exporter runs.
pub(super) fn explain(family: &Counted, text: Option<&str>, selector: &Selector) -> Result<Explanation, NotExplained> {
    let is_label = |label: &str| family.labels.contains(&label) || (label == "le" && family.kind == "histogram");
    if let Some((label, _)) = selector.labels.iter().find(|(label, _)| !is_label(label)) {
        let (label, labels) = (label.clone(), family.labels.join(", "));
        return Err(NotExplained::UnknownLabel { metric: family.name, label, labels });
    }
    let samples = text.map(parsed).unwrap_or_default();
    let fitting: Vec<_> = samples.into_iter().filter(|(own, _)| fits(own, selector)).collect();
    let how = match family.kind {
        "process" => "told by the operating system at every scrape",
        "counter" | "histogram" => "counted by the exporter as it happens, since it was started",
        _ => "kept by the exporter itself, and told at every scrape",
    };
    let part = Part::figure("not made of records", None).role(Role::Beside).step("what it is", how);
    let several = fitting.iter().filter(|_| fitting.len() > 1);
    let part = several.fold(part, |part, (series, value)| part.step(series.to_string(), value.to_string()));
    let (series, value) = match fitting.as_slice() {
        [(series, value)] => (series.clone(), Some(*value)),
        _ => (selector.clone(), None),
    };
    let remark = match (text, fitting.len()) {
        (None, _) => Some("only a running exporter has it: ask it with --url".to_owned()),
        (_, 0) => Some("nothing of the kind has happened yet".to_owned()),
        (_, 1) => None,
        (_, several) => Some(format!("{several} series fit")),
    };
    Ok(Explanation { series, help: family.help, value, remark, bounds: None, parts: vec![part] })
}
