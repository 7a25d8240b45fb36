//! Expressions and texts as they are written in these files: raw strings, indented like the code around them, in which
//! `@NAME@` stands for a value.

/// `text` without its indentation and the empty lines around it, with values in the place of their names.
pub(super) fn fill(text: &str, values: &[(&str, &str)]) -> String {
    let lines: Vec<&str> = text.trim_end().lines().skip_while(|line| line.trim().is_empty()).collect();
    let indented = lines.iter().filter(|line| !line.trim().is_empty());
    let margin = indented.map(|line| line.len() - line.trim_start().len()).min().unwrap_or(0);
    let lines: Vec<&str> = lines.iter().map(|line| line.get(margin..).unwrap_or("")).collect();
    let text = values.iter().fold(lines.join("\n"), |text, (name, value)| text.replace(&format!("@{name}@"), value));
    // Where a value is empty that stood on a line of its own.
    text.lines().filter(|line| !line.trim().is_empty()).collect::<Vec<_>>().join("\n")
}

/// Ways of writing figures, which a description begins with where it uses them: `money` takes an amount; `amount` a unit as
/// in `crm_goal_info` and an amount; `figure` a unit, a metric and a selector without braces.
pub(super) const FIGURES: &str = r#"{{ define "money" }}
{{- with query "crm_reporting_currency_info" }}{{ . | first | label "currency" }} {{ end }}{{ humanize . }}
{{- end -}}
{{ define "amount" }}
{{- if eq .arg0 "currency" }}{{ template "money" .arg1 }}
{{- else if eq .arg0 "ratio" }}{{ humanizePercentage .arg1 }}
{{- else if eq .arg0 "seconds" }}{{ humanizeDuration .arg1 }}
{{- else if lt .arg1 10.0 }}{{ printf "%.3g" .arg1 }}
{{- else }}{{ printf "%.0f" .arg1 }}
{{- end }}
{{- end -}}
{{ define "figure" }}
{{- $unit := .arg0 }}
{{- with query (printf "max(%s{%s})" .arg1 .arg2) }}{{ template "amount" (args $unit (. | first | value)) }}{{ end }}
{{- end -}}"#;

/// Money alone.
pub(super) const MONEY: &str = r#"{{ define "money" }}
{{- with query "crm_reporting_currency_info" }}{{ . | first | label "currency" }} {{ end }}{{ humanize . }}
{{- end -}}"#;

/// An age, of which minutes are told only while it is short: `age` takes seconds.
pub(super) const AGE: &str = r#"{{ define "age" }}
{{- if lt . 172800.0 }}{{ humanizeDuration . }}
{{- else }}{{ reReplaceAll "d .*" " days" (humanizeDuration .) }}
{{- end }}
{{- end -}}"#;

/// What people call the goal of the alert.
pub(super) const TITLE: &str = r#"{{ with query (printf "crm_goal_info{goal=%q}" $labels.goal) }}{{ . | first | label "title" }}{{ else }}{{ $labels.goal }}{{ end }}"#;

/// What people call the period of the alert: `October 2026`.
pub(super) const PERIOD: &str = r#"{{ with query (printf "crm_period_info{window=%q}" $labels.window) }}{{ . | first | label "name" }}{{ else }}this {{ $labels.window }}{{ end }}"#;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_take_the_place_of_their_names() {
        let text = "
            a > @LIMIT@
              and b{team=\"@\"}
        ";
        assert_eq!(fill(text, &[("LIMIT", "0.8")]), "a > 0.8\n  and b{team=\"@\"}");
        assert_eq!(fill("@A@ @A@ @B@", &[("A", "1"), ("B", "2")]), "1 1 2");
    }
}
