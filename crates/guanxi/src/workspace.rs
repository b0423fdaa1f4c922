//! Opening a workspace, as every command does.

use crate::{
    failure::Failure,
    modules,
    settings::{Common, Settings},
};
use guanxi_engine::{Engine, Options, SystemClock};
use guanxi_store::Location;
use std::sync::Arc;

/// An open workspace and the settings it was opened with.
pub(crate) struct Workspace {
    pub engine: Engine,
    pub settings: Settings,
}

/// Opens the workspace that flags and settings name, and sees to it that somebody can administer it.
pub(crate) async fn open(common: &Common, listen: Option<&str>) -> Result<Workspace, Failure> {
    let settings = Settings::read(common, listen)?;
    let name = settings.workspace.as_str();
    let good = name.len() <= 40
        && name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    if !good || name.starts_with("pg_") || matches!(name, "public" | "information_schema") {
        return Err(Failure::new(
            format!("帐套名“{name}”无效：用小写字母、数字和下划线，以字母开头，最多 40 位"),
            format!("“{name}” is no name for a workspace: a-z, 0-9 and _, a letter first, at most 40"),
        ));
    }
    let folder = common.data.join("workspaces").join(name);
    std::fs::create_dir_all(&folder).map_err(|error| Failure::file(&folder, &error))?;
    let location = match &settings.database {
        None => Location::File(folder.join("guanxi.db")),
        Some(url) if url.starts_with("postgres://") || url.starts_with("postgresql://") => {
            // `default` is a word of SQL.
            let schema = if name == "default" { "guanxi_default" } else { name };
            Location::Schema { url: url.clone(), schema: schema.to_owned(), connections: settings.connections }
        }
        Some(_) => return Err(Failure::new("database 应为 postgres://… 地址", "database is a postgres://… address")),
    };
    let options = Options {
        location,
        folder,
        name: name.to_owned(),
        modules: modules::all(),
        clock: Arc::new(SystemClock),
        time_zone: settings.time_zone.clone(),
        seal_key: settings.seal_key.clone(),
    };
    let engine = Engine::open(options).await?;
    let workspace = Workspace { engine, settings };
    workspace.administrator().await?;
    Ok(workspace)
}

impl Workspace {
    /// Makes the first administrator where there is none: with `GUANXI_ADMIN_PASSWORD`, or with a link that is printed.
    async fn administrator(&self) -> Result<(), Failure> {
        let password = std::env::var("GUANXI_ADMIN_PASSWORD").ok().filter(|password| !password.is_empty());
        if let Some(token) = self.engine.ensure_administrator(password.as_deref()).await? {
            let address = shown_address(&self.settings.listen);
            let zh = "还没有管理员。请在 24 小时内打开此链接设置 admin 的密码：";
            let en = "There is no administrator yet. Open this link within 24 hours to set the password of admin:";
            let text = match crate::settings::language() {
                guanxi_model::Lang::Zh => zh,
                guanxi_model::Lang::En => en,
            };
            eprintln!("{text}\n  http://{address}/setup?token={token}");
        }
        Ok(())
    }
}

/// An address that a browser on this machine can open.
pub(crate) fn shown_address(listen: &str) -> String {
    listen.replace("0.0.0.0:", "127.0.0.1:").replace("[::]:", "127.0.0.1:")
}
