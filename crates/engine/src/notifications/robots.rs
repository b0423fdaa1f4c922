//! Robots in the chat groups of a company: news that many should see, posted to an address of 企业微信, 钉钉, 飞书 or of a program.

use super::{kinds, mail::Refusal};
use crate::{
    Engine, Error, Result,
    access_log::{Entry, Kind},
    outside::{ask, is_safe, place},
    workspace_settings::{changed, differing},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use guanxi_access::Viewer;
use guanxi_model::FieldError;
use guanxi_store::platform;
use hyper::{Method, header};
use ring::hmac;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json, json};
use uuid::Uuid;

/// Where they stand in `_meta`, and whose their sealed secrets are.
const KEY: &str = "robots";
/// Most robots of a workspace.
const MOST: usize = 50;
/// Longest value of a setting, as JSON.
const LONGEST: usize = 10_000;

/// What the other side understands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Format {
    /// `{"text", "url", "kind"}`, signed in the header `X-Guanxi-Signature: sha256=…` over the body.
    #[default]
    Generic,
    /// 企业微信.
    Wecom,
    /// 钉钉.
    Dingtalk,
    /// 飞书.
    Feishu,
}

/// A robot.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Robot {
    /// Its id.
    pub id: Uuid,
    /// What it is called.
    pub name: String,
    /// What the other side understands.
    pub format: Format,
    /// Where it is spoken to, sealed: who knows it may speak as the robot.
    pub url: String,
    /// What its messages are signed with, sealed; empty: nothing.
    pub secret: String,
    /// What it tells.
    pub kinds: Vec<String>,
    /// Whose news it tells; empty: everybody's.
    pub departments: Vec<Uuid>,
    /// Does it speak?
    pub active: bool,
}

impl Robot {
    /// Does it tell this of somebody?
    pub fn wants(&self, kind: &str, viewer: &Viewer) -> bool {
        let his = |department: &Uuid| viewer.departments.contains(department);
        self.kinds.iter().any(|wanted| wanted == kind)
            && (self.departments.is_empty() || self.departments.iter().any(his))
    }
}

async fn stored(engine: &Engine) -> Result<Vec<Robot>> {
    let text = platform::meta(engine.database(), KEY).await?;
    Ok(text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default())
}

/// Those that speak.
pub(super) async fn active(engine: &Engine) -> Result<Vec<Robot>> {
    let mut all = stored(engine).await?;
    all.retain(|robot| robot.active);
    Ok(all)
}

fn opened(engine: &Engine, sealed: &str) -> Result<String> {
    if sealed.is_empty() {
        return Ok(String::new());
    }
    Ok(String::from_utf8(engine.decrypt(KEY, sealed)?).unwrap_or_default())
}

fn sealed(engine: &Engine, text: &str) -> Result<String> {
    if text.is_empty() { Ok(String::new()) } else { engine.encrypt(KEY, text.as_bytes()) }
}

fn signature(secret: &str, text: &[u8]) -> Vec<u8> {
    hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes()), text).as_ref().to_vec()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What is sent: to which address, and the body. 钉钉 and 飞书 sign the moment with the secret, each in its own way.
fn request(robot: &Robot, url: &str, secret: &str, message: &Message<'_>, second: i64) -> (String, Json) {
    let text = match message.url {
        Some(link) => format!("{}\n{link}", message.text),
        None => message.text.to_owned(),
    };
    match robot.format {
        Format::Generic => (url.to_owned(), json!({"text": message.text, "url": message.url, "kind": message.kind})),
        Format::Wecom => (url.to_owned(), json!({"msgtype": "text", "text": {"content": text}})),
        Format::Dingtalk => {
            let body = json!({"msgtype": "text", "text": {"content": text}});
            if secret.is_empty() {
                return (url.to_owned(), body);
            }
            let moment = second * 1000;
            let signed = STANDARD.encode(signature(secret, format!("{moment}\n{secret}").as_bytes()));
            let signed: String = signed.replace('+', "%2B").replace('/', "%2F").replace('=', "%3D");
            let joint = if url.contains('?') { '&' } else { '?' };
            (format!("{url}{joint}timestamp={moment}&sign={signed}"), body)
        }
        Format::Feishu => {
            let mut body = json!({"msg_type": "text", "content": {"text": text}});
            if !secret.is_empty() {
                body["timestamp"] = json!(second.to_string());
                body["sign"] = json!(STANDARD.encode(signature(&format!("{second}\n{secret}"), b"")));
            }
            (url.to_owned(), body)
        }
    }
}

/// What a robot says.
pub(super) struct Message<'a> {
    /// In words.
    pub text: &'a str,
    /// Where one reads more.
    pub url: Option<&'a str>,
    /// Which kind of news.
    pub kind: &'a str,
}

/// Lets a robot speak.
pub(super) async fn say(engine: &Engine, robot: &Robot, message: &Message<'_>) -> Result<(), Refusal> {
    let failed = |why: String, again| Refusal { why, again };
    let open = |text: &str| opened(engine, text).map_err(|error| failed(error.to_string(), false));
    let (url, secret) = (open(&robot.url)?, open(&robot.secret)?);
    let (url, body) = request(robot, &url, &secret, message, engine.now().as_second());
    let body = body.to_string();
    let mut headers = vec![(header::CONTENT_TYPE, "application/json; charset=utf-8".to_owned())];
    if robot.format == Format::Generic && !secret.is_empty() {
        let name = header::HeaderName::from_static("x-guanxi-signature");
        headers.push((name, format!("sha256={}", hex(&signature(&secret, body.as_bytes())))));
    }
    let (status, said) = ask(Method::POST, &url, &headers, body).await.map_err(|why| failed(why, true))?;
    if !status.is_success() {
        // What the other side does not understand now it will not understand later.
        let again = status.is_server_error() || status.as_u16() == 429;
        return Err(failed(format!("{status} {}", short(&said)), again));
    }
    // These answer 200 whatever is wrong, and say it in the body.
    let code = said.get("errcode").or_else(|| said.get("code")).and_then(Json::as_i64).unwrap_or_default();
    if robot.format != Format::Generic && code != 0 {
        return Err(failed(short(&said), false));
    }
    Ok(())
}

fn short(said: &Json) -> String {
    if said.is_null() { String::new() } else { said.to_string().chars().take(200).collect() }
}

impl Engine {
    fn show_robot(&self, robot: &Robot) -> Json {
        let mut out = json!(robot);
        out["url"] = json!(opened(self, &robot.url).map(|url| format!("{}/…", place(&url))).unwrap_or_default());
        out["secret"] = json!(!robot.secret.is_empty());
        out
    }

    /// The robots, without what one needs to speak as them.
    ///
    /// # Errors
    /// 403 for anyone but an administrator.
    pub async fn robots(&self, viewer: &Viewer) -> Result<Json> {
        self.require_administrator(viewer)?;
        let all: Vec<Json> = stored(self).await?.iter().map(|robot| self.show_robot(robot)).collect();
        Ok(json!({"items": all}))
    }

    /// The kinds of news that a robot can tell.
    ///
    /// # Errors
    /// 403 for anyone but an administrator.
    pub fn notification_kinds(&self, viewer: &Viewer) -> Result<Json> {
        self.require_administrator(viewer)?;
        Ok(json!({"items": self.kinds_for(viewer)}))
    }

    /// Adds a robot, or changes what is named of one.
    ///
    /// # Errors
    /// 403 for anyone but an administrator, 404 for one that there is not, 422 for what cannot be used.
    pub async fn put_robot(&self, viewer: &Viewer, id: Option<Uuid>, input: &Map<String, Json>) -> Result<Json> {
        self.require_administrator(viewer)?;
        let mut all = stored(self).await?;
        let place = match id {
            Some(id) => all.iter().position(|robot| robot.id == id).ok_or(Error::NotFound)?,
            None if all.len() >= MOST => {
                return Err(Error::invalid("", "too_many", "机器人太多", "there are too many robots"));
            }
            None => {
                all.push(Robot { id: Uuid::now_v7(), active: true, ..Robot::default() });
                all.len() - 1
            }
        };
        let before = all[place].clone();
        let (mut robot, mut problems) = changed(&before, input, |_| LONGEST);
        robot.id = before.id;
        robot.name = robot.name.trim().to_owned();
        let mut refuse =
            |field: &str, code: &'static str, zh: &str, en: &str| problems.push(FieldError::new(field, code, zh, en));
        if robot.name.is_empty() || robot.name.chars().count() > 60 {
            refuse("name", "required", "请填写名称，最多 60 个字", "give it a name of at most 60 characters");
        }
        let given = input.contains_key("url");
        if (given || before.url.is_empty()) && !is_safe(robot.url.trim()) {
            refuse("url", "bad_value", "应为 https:// 开头的地址", "an address that begins with https://");
        }
        let known = kinds(&self.catalogue());
        if robot.kinds.iter().any(|kind| !known.iter().any(|known| known.name == *kind)) {
            refuse("kinds", "unknown_kind", "没有这种通知", "there is no such kind of news");
        }
        let tree = self.department_tree().await?;
        if robot.departments.iter().any(|department| !tree.contains_key(department)) {
            refuse("departments", "unknown_record", "部门不存在", "there is no such department");
        }
        if !problems.is_empty() {
            return Err(Error::Invalid(problems));
        }
        if given {
            robot.url = sealed(self, robot.url.trim())?;
        }
        if input.contains_key("secret") {
            robot.secret = sealed(self, robot.secret.trim())?;
        }
        all[place] = robot.clone();
        let told = format!("robot {}: {}", robot.name, differing(&before, &robot));
        self.keep_robots(viewer, &all, told).await?;
        Ok(self.show_robot(&robot))
    }

    /// Removes a robot.
    ///
    /// # Errors
    /// 403 for anyone but an administrator, 404 for one that there is not.
    pub async fn remove_robot(&self, viewer: &Viewer, id: Uuid) -> Result<()> {
        self.require_administrator(viewer)?;
        let mut all = stored(self).await?;
        let place = all.iter().position(|robot| robot.id == id).ok_or(Error::NotFound)?;
        let gone = all.remove(place);
        self.keep_robots(viewer, &all, format!("robot {}: removed", gone.name)).await
    }

    async fn keep_robots(&self, viewer: &Viewer, all: &[Robot], told: String) -> Result<()> {
        platform::set_meta(self.database(), KEY, &json!(all).to_string()).await?;
        self.log_access(Entry::of(viewer, Kind::Settings, told)).await
    }

    /// Lets a robot speak at once, to see whether it is heard.
    ///
    /// # Errors
    /// 403 for anyone but an administrator, 404 for one that there is not, 422 `robot_failed` in the other side's words.
    pub async fn test_robot(&self, viewer: &Viewer, id: Uuid) -> Result<()> {
        self.require_administrator(viewer)?;
        let robot = stored(self).await?.into_iter().find(|robot| robot.id == id).ok_or(Error::NotFound)?;
        let message = Message { text: "Guanxi 关系：测试消息 / test", url: None, kind: "test" };
        say(self, &robot, &message).await.map_err(|refusal| {
            let why = refusal.why;
            Error::invalid("url", "robot_failed", format!("没有发出：{why}"), format!("it was not heard: {why}"))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn robot(format: Format) -> Robot {
        Robot { format, ..Robot::default() }
    }

    #[test]
    fn each_service_is_spoken_to_as_it_understands() {
        let message =
            Message { text: "任务到期：回访", url: Some("https://crm.example.com/task/1"), kind: "task.due" };
        let said = |format, secret| {
            request(&robot(format), "https://a.example.com/send?key=1", secret, &message, 1_700_000_000)
        };
        assert_eq!(said(Format::Wecom, "").1["text"]["content"], "任务到期：回访\nhttps://crm.example.com/task/1");
        let (url, _) = said(Format::Dingtalk, "geheim");
        assert!(url.starts_with("https://a.example.com/send?key=1&timestamp=1700000000000&sign="), "{url}");
        assert!(!url.contains('+') && !url.ends_with('='), "{url}");
        let (_, body) = said(Format::Feishu, "geheim");
        assert_eq!((body["timestamp"].as_str(), body["sign"].as_str().map(str::len)), (Some("1700000000"), Some(44)));
        assert_eq!(said(Format::Feishu, "").1.get("sign"), None);
        assert_eq!(said(Format::Generic, "x").1, json!({"text": message.text, "url": message.url, "kind": "task.due"}));
    }
}
