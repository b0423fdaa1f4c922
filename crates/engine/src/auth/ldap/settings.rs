//! Which directory, whom it holds, and what becomes of those who come from it.

use super::{
    address::bad_address,
    client::{self, Trouble},
};
use crate::{
    Engine, Error, Result,
    access_log::{Entry, Kind},
    outside::certificates,
    workspace_settings::{changed, differing},
};
use guanxi_access::Viewer;
use guanxi_model::FieldError;
use guanxi_store::platform;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json, json};

/// Where the settings stand in `_meta`, and whose the sealed password is.
const KEY: &str = "ldap";
/// Longest text that is accepted.
const LONGEST: usize = 500;
/// Longest certificates that are accepted.
const LONGEST_CA: usize = 50_000;

/// The settings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(in crate::auth) struct Settings {
    /// May one sign in so?
    pub enabled: bool,
    /// `ldap://host:389` or `ldaps://host:636`.
    pub address: String,
    /// Does a connection that begins in the clear go on by TLS?
    pub starttls: bool,
    /// Certificates of the authority that the directory's own is signed by, as PEM; empty: those of the system.
    pub ca: String,
    /// The account that searches; empty: nobody in particular.
    pub bind_dn: String,
    /// Its password, sealed.
    pub bind_password: String,
    /// Below what people are searched.
    pub base_dn: String,
    /// Who is meant by `{login}`.
    pub filter: String,
    /// The attribute that is the login here.
    pub login_attribute: String,
    /// The attribute that is the name.
    pub name_attribute: String,
    /// The attribute that is the e-mail address; may be empty.
    pub email_attribute: String,
    /// The attribute that stays when somebody is renamed; empty: his distinguished name is taken.
    pub id_attribute: String,
    /// Is a user with the same login the same person?
    pub link: bool,
    /// Is somebody made a user whom nobody recognises?
    pub create: bool,
    /// The role of such users.
    pub role: String,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            enabled: false,
            address: String::new(),
            starttls: false,
            ca: String::new(),
            bind_dn: String::new(),
            bind_password: String::new(),
            base_dn: String::new(),
            filter: "(&(objectClass=person)(uid={login}))".into(),
            login_attribute: "uid".into(),
            name_attribute: "cn".into(),
            email_attribute: "mail".into(),
            id_attribute: "entryUUID".into(),
            link: false,
            create: false,
            role: "member".into(),
        }
    }
}

impl Settings {
    /// Can nobody on the way read passwords?
    pub fn is_encrypted(&self) -> bool {
        self.starttls || self.address.starts_with("ldaps://")
    }

    fn shown(&self) -> Json {
        let mut out = json!(self);
        // It never leaves.
        out["bind_password"] = json!(!self.bind_password.is_empty());
        out
    }

    /// Would the kept password go somewhere else than before?
    fn is_elsewhere(&self, before: &Self) -> bool {
        (&self.address, self.starttls, &self.ca) != (&before.address, before.starttls, &before.ca)
    }
}

fn required(field: &str) -> FieldError {
    FieldError::new(field, "required", "请填写", "this is needed")
}

/// A name of an attribute: nothing that could be part of a filter.
fn is_attribute(name: &str) -> bool {
    name.chars().all(|c| c.is_ascii_alphanumeric() || "-.;".contains(c))
}

impl Engine {
    pub(in crate::auth) async fn ldap_settings_now(&self) -> Result<Option<Settings>> {
        let text = platform::meta(self.database(), KEY).await?;
        Ok(text.and_then(|text| {
            serde_json::from_str(&text)
                .inspect_err(|error| tracing::error!(%error, "the settings of the directory cannot be read; nobody signs in by it"))
                .ok()
        }))
    }

    pub(super) fn ldap_secret(&self, settings: &Settings) -> Result<String> {
        if settings.bind_password.is_empty() {
            return Ok(String::new());
        }
        Ok(String::from_utf8(self.decrypt(KEY, &settings.bind_password)?).unwrap_or_default())
    }

    /// The settings, without the password.
    ///
    /// # Errors
    /// 403 for anyone but an administrator.
    pub async fn ldap_settings(&self, viewer: &Viewer) -> Result<Json> {
        self.require_administrator(viewer)?;
        Ok(self.ldap_settings_now().await?.unwrap_or_default().shown())
    }

    /// Changes the settings that are named. Where they are in use, the directory must be there and let the account in.
    ///
    /// # Errors
    /// 403 for anyone but an administrator, 422 for what cannot be used.
    pub async fn change_ldap_settings(&self, viewer: &Viewer, input: &Map<String, Json>) -> Result<Json> {
        self.require_administrator(viewer)?;
        let before = self.ldap_settings_now().await?.unwrap_or_default();
        let longest = |name: &str| if name == "ca" { LONGEST_CA } else { LONGEST };
        let (mut settings, mut problems) = changed(&before, input, longest);
        for text in [
            &mut settings.address,
            &mut settings.ca,
            &mut settings.bind_dn,
            &mut settings.base_dn,
            &mut settings.filter,
        ] {
            *text = text.trim().to_owned();
        }
        settings.address = settings.address.trim_end_matches('/').to_owned();
        let secret = if input.contains_key("bind_password") {
            settings.bind_password.clone()
        } else {
            if !before.bind_password.is_empty() && settings.is_elsewhere(&before) {
                // Otherwise it could be sent to somebody who only wants to learn it.
                problems.push(FieldError::new(
                    "bind_password",
                    "required",
                    "更换服务器地址或证书时请重新填写密码",
                    "give it again when the server or how it is reached changes",
                ));
            }
            self.ldap_secret(&before)?
        };
        problems.extend(self.ldap_problems(&settings, &secret));
        if problems.is_empty()
            && settings.enabled
            && let Err(trouble) = client::check(&settings, &secret).await
        {
            problems.push(unusable(&trouble));
        }
        if !problems.is_empty() {
            return Err(Error::Invalid(problems));
        }
        if input.contains_key("bind_password") && !secret.is_empty() {
            settings.bind_password = self.encrypt(KEY, secret.as_bytes())?;
        }
        if settings != before {
            platform::set_meta(self.database(), KEY, &json!(settings).to_string()).await?;
            self.log_access(Entry::of(viewer, Kind::Policy, format!("LDAP: {}", differing(&before, &settings))))
                .await?;
        }
        Ok(settings.shown())
    }

    fn ldap_problems(&self, settings: &Settings, secret: &str) -> Vec<FieldError> {
        let mut out = Vec::new();
        let mut refuse = |field: &str, code, zh: &str, en: &str| out.push(FieldError::new(field, code, zh, en));
        if !self.roles().all().iter().any(|role| role.code == settings.role) {
            refuse("role", "unknown_role", "没有这个角色", "there is no such role");
        }
        if !settings.filter.contains("{login}") || ldap3::parse_filter(settings.filter.replace("{login}", "x")).is_err()
        {
            refuse("filter", "bad_filter", "应为 LDAP 过滤条件，并包含 {login}", "an LDAP filter with {login} in it");
        }
        let attributes = [
            ("login_attribute", &settings.login_attribute),
            ("name_attribute", &settings.name_attribute),
            ("email_attribute", &settings.email_attribute),
            ("id_attribute", &settings.id_attribute),
        ];
        for (field, _) in attributes.iter().filter(|(_, name)| !is_attribute(name)) {
            refuse(field, "bad_value", "应为属性名", "the name of an attribute");
        }
        if let Some(why) = Some(&settings.ca).filter(|ca| !ca.is_empty()).and_then(|ca| certificates(ca).err()) {
            refuse("ca", "bad_certificate", &format!("不是可用的证书：{why}"), &format!("not a certificate: {why}"));
        }
        // An account without a password would be let in as nobody, and nobody would notice.
        if !settings.bind_dn.is_empty() && !client::is_usable_password(secret) {
            out.push(required("bind_password"));
        }
        if !settings.enabled && settings.address.is_empty() {
            return out;
        }
        let needed = [
            ("base_dn", &settings.base_dn),
            ("login_attribute", &settings.login_attribute),
            ("name_attribute", &settings.name_attribute),
        ];
        out.extend(needed.iter().filter(|(_, value)| value.is_empty()).map(|(field, _)| required(field)));
        out.extend(bad_address(settings));
        out
    }
}

/// What a directory's trouble says about the settings.
fn unusable(trouble: &Trouble) -> FieldError {
    let why = trouble.why();
    match trouble {
        Trouble::Refused(_) => FieldError::new(
            "bind_dn",
            "ldap_bind_refused",
            format!("目录拒绝了这个账号或密码：{why}"),
            format!("the directory does not let this account in: {why}"),
        ),
        _ => FieldError::new(
            "address",
            "ldap_unreachable",
            format!("无法使用这个目录：{why}"),
            format!("this directory cannot be used: {why}"),
        ),
    }
}
