//! Of whom a figure is, and what differs between them in expressions and texts.

/// Of whom a figure is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scope {
    /// Everybody together.
    Org,
    /// A team.
    Team,
    /// A rep.
    Rep,
}

impl Scope {
    pub(super) const ALL: [Scope; 3] = [Scope::Org, Scope::Team, Scope::Rep];

    /// The value of the label `scope`.
    pub(super) fn name(self) -> &'static str {
        match self {
            Scope::Org => "org",
            Scope::Team => "team",
            Scope::Rep => "rep",
        }
    }

    /// The labels of a goal's figures, whichever exporter they come from.
    pub(super) fn by(self) -> &'static str {
        match self {
            Scope::Org => "goal, window",
            Scope::Team => "goal, team, window",
            Scope::Rep => "goal, team, rep, window",
        }
    }

    /// The guard of goals that can be judged.
    pub(super) fn substantial(self) -> &'static str {
        match self {
            Scope::Org => "org:crm_goal_expected:substantial",
            Scope::Team => "team:crm_goal_expected:substantial",
            Scope::Rep => "rep:crm_goal_expected:substantial",
        }
    }

    /// Adds the labels of those who are told: managers of everything about their team, the team's channel of nothing that
    /// names somebody. A factor of 1.
    pub(super) fn contacts(self) -> &'static str {
        match self {
            Scope::Org => "",
            Scope::Team => "* on (team) group_left (manager_email, chat_channel) team:crm_team_info:contact",
            Scope::Rep => "* on (team) group_left (manager_email) team:crm_team_info:contact",
        }
    }

    /// The guard against old data.
    pub(super) fn fresh(self) -> &'static str {
        match self {
            Scope::Org => "and on () org:crm_exporter_team_data:fresh",
            Scope::Team | Scope::Rep => "and on (team) team:crm_exporter_team_data:fresh",
        }
    }

    /// A selector of the figures of the alert's goal, without braces: an action of a template.
    pub(super) fn series(self) -> &'static str {
        match self {
            Scope::Org => r#"printf "goal=%q,scope=\"org\",window=%q" $labels.goal $labels.window"#,
            Scope::Team => {
                r#"printf "goal=%q,scope=\"team\",team=%q,window=%q" $labels.goal $labels.team $labels.window"#
            }
            Scope::Rep => {
                r#"printf "goal=%q,scope=\"rep\",team=%q,rep=%q,window=%q" $labels.goal $labels.team $labels.rep $labels.window"#
            }
        }
    }

    /// Who it is, in a sentence.
    pub(super) fn who(self) -> &'static str {
        match self {
            Scope::Org => "The whole floor",
            Scope::Team => "{{ $labels.team }}",
            Scope::Rep => "{{ $labels.rep }} ({{ $labels.team }})",
        }
    }
}
