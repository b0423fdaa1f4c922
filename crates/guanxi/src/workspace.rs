//! Opening a workspace, as every command does.

use crate::{
    commands::demo,
    failure::Failure,
    modules,
    settings::{Common, Settings},
};
use guanxi_engine::{Engine, SystemClock, Workspaces};
use std::sync::Arc;

/// An open workspace.
pub(crate) struct Workspace {
    pub engine: Engine,
}

/// The workspaces that flags and settings name.
pub(crate) fn all(common: &Common, settings: &Settings) -> Result<Workspaces, Failure> {
    if settings
        .database
        .as_ref()
        .is_some_and(|url| !url.starts_with("postgres://") && !url.starts_with("postgresql://"))
    {
        return Err(Failure::new("database 应为 postgres://… 地址", "database is a postgres://… address"));
    }
    if settings.currency.len() != 3 || !settings.currency.bytes().all(|letter| letter.is_ascii_uppercase()) {
        return Err(Failure::new(
            format!("currency：“{}”不是币种代码，例如 CNY", settings.currency),
            format!("currency: “{}” is no code such as CNY", settings.currency),
        ));
    }
    Ok(Workspaces {
        data: common.data.clone(),
        database: settings.database.clone(),
        connections: settings.connections,
        time_zone: settings.time_zone.clone(),
        currency: settings.currency.clone(),
        seal_key: settings.seal_key.clone(),
        modules: modules::all,
        clock: Arc::new(SystemClock),
        demo: Arc::new(|engine| Box::pin(async move { demo::fill(&engine, demo::SEED).await.map(|_| ()) })),
    })
}

/// Opens the workspace that flags and settings name, and sees to it that somebody can administer it.
pub(crate) async fn open(common: &Common) -> Result<Workspace, Failure> {
    let settings = Settings::read(common, None)?;
    let engine = all(common, &settings)?.open(&settings.workspace).await?;
    administrator(&engine, &settings).await?;
    Ok(Workspace { engine })
}

/// The first administrator's password, if the environment gives it.
pub(crate) fn password() -> Option<String> {
    std::env::var("GUANXI_ADMIN_PASSWORD").ok().filter(|password| !password.is_empty())
}

/// Makes the first administrator where there is none: with `GUANXI_ADMIN_PASSWORD`, or with a link that is printed.
pub(crate) async fn administrator(engine: &Engine, settings: &Settings) -> Result<(), Failure> {
    if let Some(token) = engine.ensure_administrator(password().as_deref()).await? {
        let home = (engine.name() != settings.workspace).then(|| engine.name());
        say_link(&settings.listen, &token, home);
    }
    Ok(())
}

/// Prints the link by which the first administrator of a workspace sets his password.
pub(crate) fn say_link(listen: &str, token: &str, workspace: Option<&str>) {
    let address = shown_address(listen);
    let zh = "还没有管理员。请在 24 小时内打开此链接设置 admin 的密码：";
    let en = "There is no administrator yet. Open this link within 24 hours to set the password of admin:";
    let text = match crate::settings::language() {
        guanxi_model::Lang::Zh => zh,
        guanxi_model::Lang::En => en,
    };
    let workspace = workspace.map(|name| format!("&workspace={name}")).unwrap_or_default();
    eprintln!("{text}\n  http://{address}/setup?token={token}{workspace}");
}

/// An address that a browser on this machine can open.
pub(crate) fn shown_address(listen: &str) -> String {
    listen.replace("0.0.0.0:", "127.0.0.1:").replace("[::]:", "127.0.0.1:")
}
