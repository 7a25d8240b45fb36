//! `routing`: who gets the alerts that name no manager, and by which servers.

use serde::Deserialize;

use crate::setting::Problem;

/// `routing`: what of Alertmanager's configuration is not told by teams and calendars.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Routing {
    /// Slack channel of good news.
    pub floor_channel: String,
    /// Slack channel of whoever runs the exporter.
    pub ops_channel: String,
    /// E-mail addresses, with commas between, that get what has no manager.
    pub leaders: String,
    /// File with the token of a Slack app, as Alertmanager sees it.
    pub slack_token_file: String,
    /// How e-mail is sent.
    pub mail: Mail,
}

/// `routing.mail`: the server that takes Alertmanager's e-mail.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Mail {
    /// `host:port`.
    pub smarthost: String,
    /// Whether the server has to speak TLS.
    pub require_tls: bool,
    /// Address of the sender.
    pub from: String,
    /// Who logs in; nobody if empty.
    pub username: String,
    /// File with the password, as Alertmanager sees it.
    pub password_file: String,
}

impl Default for Routing {
    fn default() -> Self {
        Routing {
            floor_channel: "#sales-floor".to_owned(),
            ops_channel: "#sales-ops".to_owned(),
            leaders: "sales-leaders@example.com".to_owned(),
            slack_token_file: "/etc/alertmanager/secrets/slack_token".to_owned(),
            mail: Mail::default(),
        }
    }
}

impl Default for Mail {
    fn default() -> Self {
        Mail {
            smarthost: "smtp.example.com:587".to_owned(),
            require_tls: true,
            from: "crm-exporter@example.com".to_owned(),
            username: String::new(),
            password_file: "/etc/alertmanager/secrets/smtp_password".to_owned(),
        }
    }
}

impl Routing {
    /// Looks at every value.
    ///
    /// # Errors
    /// The first that Alertmanager could not use, by its key below `routing`.
    pub fn check(&self) -> Result<(), Problem> {
        for (key, channel) in [("floor_channel", &self.floor_channel), ("ops_channel", &self.ops_channel)] {
            if channel.trim().is_empty() {
                return Err(Problem::new(key, "is empty; name a channel, such as \"#sales-floor\""));
            }
        }
        for (key, addresses) in [("leaders", &self.leaders), ("mail.from", &self.mail.from)] {
            if let Some(wrong) = addresses.split(',').find(|address| !is_address(address.trim())) {
                let text = format!("`{}` is no e-mail address; write one such as lee@example.com", wrong.trim());
                return Err(Problem::new(key, text));
            }
        }
        let files = [("slack_token_file", &self.slack_token_file), ("mail.password_file", &self.mail.password_file)];
        if let Some((key, _)) = files.iter().find(|(_, file)| file.trim().is_empty()) {
            return Err(Problem::new(*key, "is empty; name the file, which need not exist where this program runs"));
        }
        let port = self.mail.smarthost.rsplit_once(':').and_then(|(host, port)| Some((host, port.parse().ok()?)));
        match port {
            Some((host, 1_u16..)) if !host.is_empty() => Ok(()),
            _ => {
                let text = format!("`{}` is no host and port; write them as smtp.example.com:587", self.mail.smarthost);
                Err(Problem::new("mail.smarthost", text))
            }
        }
    }
}

/// Whether mail servers may take it: what stands before and behind the `@` is theirs to judge.
fn is_address(text: &str) -> bool {
    let parts = text.split_once('@');
    parts.is_some_and(|(name, host)| !name.is_empty() && !host.is_empty()) && !text.contains(char::is_whitespace)
}
