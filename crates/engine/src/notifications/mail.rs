//! The mail server that news leaves by: settings that an administrator makes, and handing messages to it.

use crate::{
    Engine, Error, Result,
    access_log::{Entry, Kind},
    outside::certificates,
    workspace_settings::{changed, differing},
};
use guanxi_access::Viewer;
use guanxi_model::FieldError;
use guanxi_store::platform;
use lettre::{
    AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    message::{Mailbox, SinglePart},
    transport::smtp::{
        authentication::Credentials,
        client::{Certificate, Tls, TlsParameters},
    },
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json, json};
use std::time::Duration;

/// Where the settings stand in `_meta`, and whose the sealed password is.
const KEY: &str = "mail";
/// Longest value of a setting, as JSON.
const LONGEST: usize = 50_000;
/// How long the server may take for a step.
const PATIENCE: Duration = Duration::from_secs(10);

/// How a connection is kept from being read on the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Security {
    /// Encrypted from the beginning, usually port 465.
    #[default]
    Tls,
    /// Encrypted once both have greeted each other, usually port 587.
    Starttls,
    /// Not at all: only for a server in the house.
    None,
}

/// The settings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Settings {
    /// Does mail leave?
    pub enabled: bool,
    /// The server's name.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is kept secret.
    pub security: Security,
    /// Certificates of the authority that the server's own is signed by, as PEM; empty: those of the system.
    pub ca: String,
    /// The account; empty: none.
    pub user: String,
    /// Its password, sealed.
    pub password: String,
    /// Whom mail comes from: `Name <address>`.
    pub from: String,
    /// The page's address, for links.
    pub page_address: String,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            enabled: false,
            host: String::new(),
            port: 465,
            security: Security::default(),
            ca: String::new(),
            user: String::new(),
            password: String::new(),
            from: String::new(),
            page_address: String::new(),
        }
    }
}

impl Settings {
    fn shown(&self) -> Json {
        let mut out = json!(self);
        // It never leaves.
        out["password"] = json!(!self.password.is_empty());
        out
    }

    /// Would the kept password go somewhere else than before?
    fn is_elsewhere(&self, before: &Self) -> bool {
        (&self.host, self.port, self.security, &self.ca) != (&before.host, before.port, before.security, &before.ca)
    }

    fn problems(&self) -> Vec<FieldError> {
        let mut out = Vec::new();
        let mut refuse =
            |field: &str, code: &'static str, zh: &str, en: &str| out.push(FieldError::new(field, code, zh, en));
        if !self.host.is_empty() && self.host.chars().any(|c| c.is_whitespace() || c.is_control() || "/@:".contains(c))
        {
            refuse("host", "bad_value", "应为主机名或 IP 地址", "the name or address of a host");
        }
        if self.port == 0 {
            refuse("port", "bad_value", "应为 1 至 65535", "1 to 65535");
        }
        if !self.from.is_empty() && self.from.parse::<Mailbox>().is_err() {
            refuse(
                "from",
                "bad_value",
                "应为邮箱地址，可带名称：关系 <crm@example.com>",
                "an address, or Name <crm@example.com>",
            );
        }
        let page = &self.page_address;
        if !(page.is_empty() || page.starts_with("https://") || page.starts_with("http://")) {
            refuse("page_address", "bad_value", "应以 https:// 或 http:// 开头", "begins with https:// or http://");
        }
        if !self.ca.is_empty() && certificates(&self.ca).is_err() {
            refuse("ca", "bad_certificate", "不是可用的证书", "not a certificate");
        }
        // A password must not go through the open net.
        if self.security == Security::None && !self.user.is_empty() && !is_here(&self.host) {
            refuse("security", "unsafe", "有帐号时请使用加密连接", "encrypt the connection when there is an account");
        }
        if self.enabled {
            for (field, value) in [("host", &self.host), ("from", &self.from)] {
                if value.is_empty() {
                    refuse(field, "required", "请填写", "this is needed");
                }
            }
        }
        out
    }
}

fn is_here(host: &str) -> bool {
    host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

async fn stored(engine: &Engine) -> Result<Settings> {
    let text = platform::meta(engine.database(), KEY).await?;
    Ok(text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default())
}

/// Does mail leave?
pub(super) async fn is_enabled(engine: &Engine) -> Result<bool> {
    Ok(stored(engine).await?.enabled)
}

/// A way to the mail server.
pub(super) struct Postman {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    /// The page's address without a slash at its end; empty when nobody said it.
    pub page: String,
}

impl Postman {
    /// Nothing when no mail leaves.
    pub async fn of(engine: &Engine) -> Result<Option<Self>> {
        let settings = stored(engine).await?;
        if !settings.enabled {
            return Ok(None);
        }
        let password = secret(engine, &settings)?;
        match Self::new(&settings, password) {
            Ok(postman) => Ok(Some(postman)),
            Err(why) => {
                tracing::error!(why, "the settings of the mail server cannot be used");
                Ok(None)
            }
        }
    }

    fn new(settings: &Settings, password: String) -> Result<Self, String> {
        let words = |error: lettre::transport::smtp::Error| error.to_string();
        let tls = || {
            let mut parameters = TlsParameters::builder(settings.host.clone());
            if !settings.ca.is_empty() {
                parameters =
                    parameters.add_root_certificate(Certificate::from_pem(settings.ca.as_bytes()).map_err(words)?);
            }
            parameters.build_rustls().map_err(words)
        };
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&settings.host)
            .port(settings.port)
            .timeout(Some(PATIENCE))
            .tls(match settings.security {
                Security::Tls => Tls::Wrapper(tls()?),
                Security::Starttls => Tls::Required(tls()?),
                Security::None => Tls::None,
            });
        if !settings.user.is_empty() {
            builder = builder.credentials(Credentials::new(settings.user.clone(), password));
        }
        let from = settings.from.parse().map_err(|error| format!("{}: {error}", settings.from))?;
        let page = settings.page_address.trim_end_matches('/').to_owned();
        Ok(Self { transport: builder.build(), from, page })
    }

    /// Hands a message to the server. What went wrong is said in its own words, and whether it is worth while to try again.
    pub async fn send(&self, engine: &Engine, to: &str, subject: &str, body: String) -> Result<(), Refusal> {
        let never = |error: String| Refusal { why: error, again: false };
        let to: Mailbox = to.parse().map_err(|error| never(format!("{to}: {error}")))?;
        let subject: String = subject.chars().filter(|c| !c.is_control()).take(200).collect();
        let message = Message::builder()
            .from(self.from.clone())
            .to(to)
            .date(engine.now().into())
            .subject(subject)
            .singlepart(SinglePart::plain(body))
            .map_err(|error| never(error.to_string()))?;
        match self.transport.send(message).await {
            Ok(_) => Ok(()),
            // A mistake in the settings may be mended; a recipient who does not exist stays away.
            Err(error) => {
                Err(Refusal { again: error.status().is_none() || error.is_transient(), why: error.to_string() })
            }
        }
    }
}

/// Why something did not leave.
#[derive(Debug)]
pub(super) struct Refusal {
    /// In the other side's words.
    pub why: String,
    /// Is it worth while to try again?
    pub again: bool,
}

fn secret(engine: &Engine, settings: &Settings) -> Result<String> {
    if settings.password.is_empty() {
        return Ok(String::new());
    }
    Ok(String::from_utf8(engine.decrypt(KEY, &settings.password)?).unwrap_or_default())
}

impl Engine {
    /// The mail server, without its password.
    ///
    /// # Errors
    /// 403 for anyone but an administrator.
    pub async fn mail_settings(&self, viewer: &Viewer) -> Result<Json> {
        self.require_administrator(viewer)?;
        Ok(stored(self).await?.shown())
    }

    /// Changes the settings that are named.
    ///
    /// # Errors
    /// 403 for anyone but an administrator, 422 for what cannot be used.
    pub async fn change_mail_settings(&self, viewer: &Viewer, input: &Map<String, Json>) -> Result<Json> {
        self.require_administrator(viewer)?;
        let before = stored(self).await?;
        let (mut settings, mut problems) = changed(&before, input, |_| LONGEST);
        for text in
            [&mut settings.host, &mut settings.ca, &mut settings.user, &mut settings.from, &mut settings.page_address]
        {
            *text = text.trim().to_owned();
        }
        let given = input.contains_key("password");
        if !given && !before.password.is_empty() && settings.is_elsewhere(&before) {
            // Otherwise it could be sent to somebody who only wants to learn it.
            problems.push(FieldError::new(
                "password",
                "required",
                "更换服务器时请重新填写密码",
                "give it again when the server or how it is reached changes",
            ));
        }
        problems.extend(settings.problems());
        if !problems.is_empty() {
            return Err(Error::Invalid(problems));
        }
        if given && !settings.password.is_empty() {
            settings.password = self.encrypt(KEY, settings.password.as_bytes())?;
        }
        if settings != before {
            platform::set_meta(self.database(), KEY, &json!(settings).to_string()).await?;
            let told = format!("{KEY}: {}", differing(&before, &settings));
            self.log_access(Entry::of(viewer, Kind::Settings, told)).await?;
        }
        Ok(settings.shown())
    }

    /// Sends a message at once, to see whether the mail server takes it.
    ///
    /// # Errors
    /// 403 for anyone but an administrator, 422 `mail_failed` in the server's words.
    pub async fn test_mail(&self, viewer: &Viewer, to: &str) -> Result<()> {
        self.require_administrator(viewer)?;
        let settings = stored(self).await?;
        let failed = |why: &str| {
            Error::invalid(
                "to",
                "mail_failed",
                format!("邮件没有发出：{why}"),
                format!("the message did not leave: {why}"),
            )
        };
        if settings.host.is_empty() || settings.from.is_empty() {
            return Err(failed("host, from"));
        }
        let postman = Postman::new(&settings, secret(self, &settings)?).map_err(|why| failed(&why))?;
        let (subject, body) = ("Guanxi 关系", "这是一封测试邮件。\nThis is a test.\n");
        postman.send(self, to.trim(), subject, body.to_owned()).await.map_err(|refusal| failed(&refusal.why))
    }
}
