//! Settings: built-in values, then the file `guanxi.toml` in the data folder, then `GUANXI_*`, then flags. Later ones win.

use crate::failure::Failure;
use clap::Args;
use figment::{
    Figment,
    providers::{Env, Format, Serialized, Toml},
};
use guanxi_engine::Network;
use guanxi_model::Lang;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// Flags that every command takes.
#[derive(Debug, Clone, Args)]
pub(crate) struct Common {
    /// Folder with everything that is kept
    #[arg(long, env = "GUANXI_DATA", default_value = "data", value_name = "DIR")]
    pub data: PathBuf,

    /// postgres://… instead of an SQLite file in the data folder [env: GUANXI_DATABASE]
    #[arg(long, value_name = "URL")]
    pub database: Option<String>,

    /// Which workspace (帐套) [env: GUANXI_WORKSPACE] [default: default]
    #[arg(long, value_name = "NAME")]
    pub workspace: Option<String>,
}

/// What can be set in `guanxi.toml`, and as `GUANXI_` and the name in capitals.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Settings {
    /// Address and port of the server.
    pub listen: String,
    /// `postgres://…`; an SQLite file in the data folder when unset.
    pub database: Option<String>,
    /// Which workspace.
    pub workspace: String,
    /// IANA name of the time zone of a new workspace.
    pub time_zone: String,
    /// ISO 4217 code of the currency of a new workspace.
    pub currency: String,
    /// Most connections to PostgreSQL.
    pub connections: usize,
    /// Networks of proxies whose `X-Forwarded-For` counts, separated by commas.
    pub trusted_proxies: String,
    /// The key that seals the change log; a file in the workspace's folder when unset.
    pub seal_key: Option<String>,
    /// `crm.example.com`: then `north.crm.example.com` is the workspace `north`.
    pub domain: Option<String>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            listen: "127.0.0.1:8080".to_owned(),
            database: None,
            workspace: "default".to_owned(),
            time_zone: "Asia/Shanghai".to_owned(),
            currency: "CNY".to_owned(),
            connections: 16,
            trusted_proxies: String::new(),
            seal_key: None,
            domain: None,
        }
    }
}

impl Settings {
    /// Puts the settings together.
    pub fn read(common: &Common, listen: Option<&str>) -> Result<Self, Failure> {
        let names = [
            "listen",
            "database",
            "workspace",
            "time_zone",
            "currency",
            "connections",
            "trusted_proxies",
            "seal_key",
            "domain",
        ];
        let mut figment = Figment::from(Serialized::defaults(Self::default()))
            .merge(Toml::file(common.data.join("guanxi.toml")))
            .merge(Env::prefixed("GUANXI_").only(&names));
        let flags =
            [("listen", listen), ("database", common.database.as_deref()), ("workspace", common.workspace.as_deref())];
        for (name, value) in flags {
            if let Some(value) = value {
                figment = figment.merge(Serialized::default(name, value));
            }
        }
        figment.extract().map_err(|error| Failure::new(format!("设置有误：{error}"), format!("settings: {error}")))
    }
}

impl Settings {
    /// The domain whose sub-domains are workspaces, in small letters.
    pub fn domain(&self) -> Result<Option<String>, Failure> {
        let Some(domain) = self.domain.as_deref().map(str::trim).filter(|domain| !domain.is_empty()) else {
            return Ok(None);
        };
        let domain = domain.to_ascii_lowercase();
        let good = domain
            .split('.')
            .all(|label| !label.is_empty() && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-'));
        if !good {
            return Err(Failure::new(
                format!("domain：“{domain}”不是域名，例如 crm.example.com"),
                format!("domain: “{domain}” is no domain such as crm.example.com"),
            ));
        }
        Ok(Some(domain))
    }

    /// The proxies that are trusted.
    pub fn proxies(&self) -> Result<Vec<Network>, Failure> {
        let named = self.trusted_proxies.split(',').map(str::trim).filter(|text| !text.is_empty());
        named
            .map(|text| {
                text.parse().map_err(|_| {
                    Failure::new(
                        format!("trusted_proxies：“{text}”不是网段，例如 10.0.0.0/8"),
                        format!("trusted_proxies: “{text}” is no network such as 10.0.0.0/8"),
                    )
                })
            })
            .collect()
    }
}

/// The language of what commands print: `GUANXI_LANG`, else the terminal's; Chinese only where one of them says so.
pub(crate) fn language() -> Lang {
    let said = ["GUANXI_LANG", "LC_ALL", "LC_MESSAGES", "LANG"]
        .iter()
        .filter_map(|name| std::env::var(name).ok())
        .find(|value| !value.is_empty());
    match said {
        Some(tag) if tag.to_ascii_lowercase().starts_with("zh") => Lang::Zh,
        _ => Lang::En,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flag_wins_over_the_file_and_the_file_over_what_is_built_in() {
        let folder = std::env::temp_dir().join(format!("guanxi-settings-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder");
        std::fs::write(folder.join("guanxi.toml"), "listen = \"0.0.0.0:80\"\ntime_zone = \"Europe/Berlin\"\n")
            .expect("written");
        let common = Common { data: folder.clone(), database: None, workspace: Some("north".into()) };
        let settings = Settings::read(&common, Some("127.0.0.1:9000")).expect("settings");
        assert_eq!(
            (settings.listen.as_str(), settings.time_zone.as_str(), settings.workspace.as_str()),
            ("127.0.0.1:9000", "Europe/Berlin", "north")
        );
        std::fs::write(folder.join("guanxi.toml"), "lisen = \"0.0.0.0:80\"\n").expect("written");
        assert!(Settings::read(&common, None).expect_err("a wrong name").message.en.contains("lisen"));
        std::fs::remove_dir_all(folder).expect("removed");
    }
}
