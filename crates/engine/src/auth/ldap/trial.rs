//! A trial of the directory's settings: what works, step by step, for the administrator who makes them.

use super::{
    Settings,
    client::{self, Trouble},
    entry::Entry,
};
use crate::{
    Engine, Error, Result,
    access_log::{self, Kind},
};
use guanxi_access::Viewer;
use guanxi_model::{Label, Lang};
use serde_json::{Value as Json, json};
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

/// How many people are counted at most.
const COUNTED: i32 = 500;

/// A step of a trial.
struct Step {
    name: &'static str,
    worked: bool,
    text: Label,
}

impl Step {
    fn worked(name: &'static str, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { name, worked: true, text: Label::new(zh, en) }
    }

    fn failed(name: &'static str, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { name, worked: false, text: Label::new(zh, en) }
    }

    fn shown(&self, lang: Lang) -> Json {
        json!({"step": self.name, "ok": self.worked, "text": self.text.get(lang)})
    }
}

/// Where the steps go as they are done: those before a failure, or an answer that never comes, are told as well.
struct Report(UnboundedSender<Step>);

impl Report {
    fn say(&self, step: Step) {
        // Nobody listens any more where it took too long.
        drop(self.0.send(step));
    }

    /// Says what a trouble came to, and ends there.
    fn or_fail<T>(&self, name: &'static str, result: Result<T, Trouble>, zh: &str, en: &str) -> Result<T, Trouble> {
        result.inspect_err(|trouble| {
            let why = trouble.why();
            self.say(Step::failed(name, format!("{zh}：{why}"), format!("{en}: {why}")));
        })
    }
}

impl Engine {
    /// Tries the settings as they are kept, with somebody's login and password where they are given.
    ///
    /// # Errors
    /// 403 for anyone but an administrator, 422 where there is no address yet.
    pub async fn try_ldap(&self, viewer: &Viewer, login: &str, password: &str) -> Result<Json> {
        self.require_administrator(viewer)?;
        let settings = self.ldap_settings_now().await?.filter(|settings| !settings.address.is_empty());
        let settings = settings
            .ok_or_else(|| Error::invalid("address", "required", "请先填写并保存设置", "save the settings first"))?;
        let secret = self.ldap_secret(&settings)?;
        let login = login.trim().to_lowercase();
        // Who tries passwords here leaves a trace, as everybody who tries them does.
        let what = format!("LDAP: test {}", login.chars().take(60).collect::<String>());
        self.log_access(access_log::Entry::of(viewer, Kind::Policy, what.trim_end().to_owned())).await?;
        let (sender, mut steps) = unbounded_channel();
        let talk = {
            let (settings, login) = (settings.clone(), login.clone());
            async move { look(&Report(sender), &settings, &secret, &login).await }
        };
        let found = client::apart(talk).await;
        let mut done = Vec::new();
        while let Ok(step) = steps.try_recv() {
            done.push(step);
        }
        match found {
            Ok(Some(entry)) if !password.is_empty() => done.push(prove(&settings, &entry, password).await),
            Err(trouble) if done.iter().all(|step| step.worked) => {
                let why = trouble.why();
                done.push(Step::failed(
                    "connect",
                    format!("目录没有应答：{why}"),
                    format!("the directory did not answer: {why}"),
                ));
            }
            _ => {}
        }
        let worked = done.iter().all(|step| step.worked);
        Ok(json!({"ok": worked, "steps": done.iter().map(|step| step.shown(viewer.lang)).collect::<Vec<_>>()}))
    }
}

/// Connects, becomes the service account, searches.
async fn look(report: &Report, settings: &Settings, secret: &str, login: &str) -> Result<Option<Entry>, Trouble> {
    let connected = client::connect(settings).await;
    let mut ldap = report.or_fail("connect", connected, "无法连接目录", "cannot connect")?;
    let (zh, en) = match (settings.is_encrypted(), settings.starttls) {
        (true, true) if !settings.address.starts_with("ldaps") => ("已连接，StartTLS 加密", "connected, by StartTLS"),
        (true, _) => ("已连接，TLS 加密", "connected, by TLS"),
        (false, _) => ("已连接，未加密", "connected, in the clear"),
    };
    report.say(Step::worked("connect", zh, en));
    let bound = client::bind_service(&mut ldap, settings, secret).await;
    report.or_fail("bind", bound, "目录拒绝了查询账号", "the directory does not let the account in")?;
    let (zh, en) = if settings.bind_dn.is_empty() {
        ("匿名查询", "searches as nobody")
    } else {
        ("查询账号登录成功", "the account is let in")
    };
    report.say(Step::worked("bind", zh, en));
    if login.is_empty() {
        let count = report.or_fail(
            "search",
            client::count(&mut ldap, settings, COUNTED).await,
            "查询失败",
            "the search failed",
        )?;
        let more = if i32::try_from(count).is_ok_and(|count| count >= COUNTED) { "+" } else { "" };
        let step = if count == 0 { Step::failed } else { Step::worked };
        report.say(step("search", format!("找到 {count}{more} 人"), format!("found {count}{more} entries")));
        return Ok(None);
    }
    let found =
        report.or_fail("search", client::find(&mut ldap, settings, login).await, "查询失败", "the search failed")?;
    let [entry] = &found[..] else {
        let (zh, en) = if found.is_empty() {
            ("没有找到这个登录名", "nobody has this login")
        } else {
            ("有多人使用这个登录名，无法登录", "several have this login: none of them gets in")
        };
        report.say(Step::failed("search", zh, en));
        return Ok(None);
    };
    let told = format!("{} · {} · {} · {}", entry.dn, entry.login, entry.name, entry.email);
    report.say(Step::worked("search", format!("找到：{told}"), format!("found {told}")));
    Ok(Some(entry.clone()))
}

async fn prove(settings: &Settings, entry: &Entry, password: &str) -> Step {
    match client::proves(settings, Some(entry), password).await {
        Ok(true) => Step::worked("password", "密码正确", "the password is right"),
        Ok(false) => Step::failed(
            "password",
            "密码不正确，或账号被目录停用",
            "the password is wrong, or the directory has locked the account",
        ),
        Err(trouble) => Step::failed(
            "password",
            format!("无法验证密码：{}", trouble.why()),
            format!("cannot ask: {}", trouble.why()),
        ),
    }
}
