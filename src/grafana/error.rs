//! What keeps boards from being brought into Grafana, and what to do about it.

/// A failure. `what` is the method and the whole address, which never holds a secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// This program cannot speak HTTP as it is set up.
    #[error("HTTP cannot be used: {0}")]
    Setup(String),
    /// No connection, or no whole answer.
    #[error("{what}: no answer: {cause}; {advice}")]
    Unreachable {
        /// What was attempted.
        what: String,
        /// Why it failed.
        cause: String,
        /// What to do.
        advice: &'static str,
    },
    /// Sent on to another address, where the token must not go.
    #[error("{what}: is sent on to {to}: {advice}")]
    Redirected {
        /// What was attempted.
        what: String,
        /// Where to, without the query.
        to: String,
        /// What to do.
        advice: &'static str,
    },
    /// Something answers there, but not as Grafana does.
    #[error("{what}: that is no answer of Grafana ({found}): {advice}")]
    NotGrafana {
        /// What was attempted.
        what: String,
        /// What came instead.
        found: String,
        /// What to do.
        advice: &'static str,
    },
    /// The token is not accepted.
    #[error(
        "{what}: the token is not accepted ({said}): make a token of a service account in this Grafana \
         (Administration, Users and access, Service accounts), and write it into the token file"
    )]
    Unauthorized {
        /// What was attempted.
        what: String,
        /// What Grafana said.
        said: String,
    },
    /// The token does not reach that far.
    #[error("{what}: the token may not do that ({said}): give its service account the role Editor, or what is missing")]
    Forbidden {
        /// What was attempted.
        what: String,
        /// What Grafana said.
        said: String,
    },
    /// Grafana has nothing there.
    #[error("{what}: Grafana has nothing there ({said})")]
    NotFound {
        /// What was attempted.
        what: String,
        /// What Grafana said.
        said: String,
    },
    /// Somebody else was faster.
    #[error("{what}: it was changed or made by somebody else meanwhile ({said}); look at it, and repeat the command")]
    Conflict {
        /// What was attempted.
        what: String,
        /// What Grafana said.
        said: String,
    },
    /// Grafana understood and will not do it.
    #[error("{what}: Grafana refuses (HTTP {status}): {said}")]
    Refused {
        /// What was attempted.
        what: String,
        /// The status.
        status: u16,
        /// What Grafana said.
        said: String,
    },
    /// Grafana is not well, or busy.
    #[error(
        "{what}: Grafana failed (HTTP {status}): {said}; what was done before stays, repeat the command when Grafana is well"
    )]
    Failed {
        /// What was attempted.
        what: String,
        /// The status.
        status: u16,
        /// What Grafana, or who stands before it, said.
        said: String,
    },
    /// A Grafana that our boards cannot be brought into.
    #[error("Grafana {0} is too old: the boards need 11.0 or later; update Grafana")]
    TooOld(String),
    /// What was rendered cannot be applied.
    #[error("{0}")]
    Unusable(String),
    /// The token lacks rights; nothing was written.
    #[error(
        "the token may not do what is needed; nothing was written. It lacks:\n{}\n\
         give its service account the role Editor in this organisation, or these permissions",
        listed(.0)
    )]
    Rights(Vec<String>),
    /// Others' objects stand where ours are wanted; nothing was written.
    #[error("what others made is in the way; nothing was written:\n{}", listed(.0))]
    Foreign(Vec<String>),
}

fn listed(lines: &[String]) -> String {
    lines.iter().map(|line| format!("  {line}")).collect::<Vec<_>>().join("\n")
}
