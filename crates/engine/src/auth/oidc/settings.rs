//! Which provider, and what becomes of those whom it sends.

use super::client;
use crate::{
    Engine, Error, Result,
    access_log::{Entry, Kind},
    outside::is_safe,
    workspace_settings::{changed, differing},
};
use guanxi_access::Viewer;
use guanxi_model::FieldError;
use guanxi_store::platform;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json, json};

/// Where the settings stand in `_meta`, and whose the sealed secret is.
const KEY: &str = "oidc";
/// Longest text that is accepted.
const LONGEST: usize = 500;

/// By what a user is recognised who comes for the first time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in crate::auth) enum Link {
    /// By nothing: he links his account himself.
    #[default]
    None,
    /// By his login: the provider's names must be the company's own.
    Login,
    /// By his e-mail address, where the provider has verified it.
    Email,
}

/// The settings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(in crate::auth) struct Settings {
    /// May one sign in so?
    pub enabled: bool,
    /// Who the provider says he is.
    pub issuer: String,
    /// What the provider calls this workspace.
    pub client_id: String,
    /// What it knows this workspace by, sealed.
    pub client_secret: String,
    /// Where this page is, as browsers see it: `https://crm.example.com`.
    pub page: String,
    /// What is asked for.
    pub scopes: Vec<String>,
    /// Which claim is the login.
    pub login_claim: String,
    /// By what users are recognised.
    pub link: Link,
    /// Is somebody made a user whom nobody recognises?
    pub create: bool,
    /// The role of such users.
    pub role: String,
    /// What stands on the button.
    pub label: String,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            enabled: false,
            issuer: String::new(),
            client_id: String::new(),
            client_secret: String::new(),
            page: String::new(),
            scopes: ["openid", "profile", "email"].map(str::to_owned).to_vec(),
            login_claim: "preferred_username".into(),
            link: Link::None,
            create: false,
            role: "member".into(),
            label: "SSO".into(),
        }
    }
}

impl Settings {
    /// Where the provider sends browsers back to.
    pub fn redirect(&self) -> String {
        format!("{}/api/v1/oidc/callback", self.page.trim_end_matches('/'))
    }

    fn shown(&self) -> Json {
        let mut out = json!(self);
        // It never leaves.
        out["client_secret"] = json!(!self.client_secret.is_empty());
        out["redirect"] = json!(self.redirect());
        out
    }
}

impl Engine {
    pub(in crate::auth) async fn oidc_settings_now(&self) -> Result<Option<Settings>> {
        let text = platform::meta(self.database(), KEY).await?;
        Ok(text.and_then(|text| {
            serde_json::from_str(&text)
                .inspect_err(|error| tracing::error!(%error, "the settings of the provider cannot be read; nobody signs in by it"))
                .ok()
        }))
    }

    pub(super) fn oidc_secret(&self, settings: &Settings) -> Result<String> {
        if settings.client_secret.is_empty() {
            return Ok(String::new());
        }
        Ok(String::from_utf8(self.decrypt(KEY, &settings.client_secret)?).unwrap_or_default())
    }

    /// The settings, without the secret.
    ///
    /// # Errors
    /// 403 for anyone but an administrator.
    pub async fn oidc_settings(&self, viewer: &Viewer) -> Result<Json> {
        self.require_administrator(viewer)?;
        Ok(self.oidc_settings_now().await?.unwrap_or_default().shown())
    }

    /// Changes the settings that are named. Where they are in use, the provider is asked whether it is there.
    ///
    /// # Errors
    /// 403 for anyone but an administrator, 422 for what cannot be used.
    pub async fn change_oidc_settings(&self, viewer: &Viewer, input: &Map<String, Json>) -> Result<Json> {
        self.require_administrator(viewer)?;
        let before = self.oidc_settings_now().await?.unwrap_or_default();
        let (mut settings, mut problems) = changed(&before, input, |_| LONGEST);
        if input.contains_key("client_secret") && !settings.client_secret.is_empty() && problems.is_empty() {
            settings.client_secret = self.encrypt(KEY, settings.client_secret.as_bytes())?;
        }
        for address in [&mut settings.issuer, &mut settings.page, &mut settings.client_id, &mut settings.label] {
            *address = address.trim().to_owned();
        }
        settings.page = settings.page.trim_end_matches('/').to_owned();
        problems.extend(self.oidc_problems(&settings));
        if problems.is_empty()
            && settings.enabled
            && let Err(client::Trouble::Provider(why) | client::Trouble::Forged(why)) =
                client::discover(&settings.issuer).await
        {
            problems.push(FieldError::new(
                "issuer",
                "oidc_unreachable",
                format!("无法使用这个登录服务：{why}"),
                format!("this provider cannot be used: {why}"),
            ));
        }
        if !problems.is_empty() {
            return Err(Error::Invalid(problems));
        }
        if settings != before {
            platform::set_meta(self.database(), KEY, &json!(settings).to_string()).await?;
            self.log_access(Entry::of(
                viewer,
                Kind::Policy,
                format!("OpenID Connect: {}", differing(&before, &settings)),
            ))
            .await?;
        }
        Ok(settings.shown())
    }

    fn oidc_problems(&self, settings: &Settings) -> Vec<FieldError> {
        let mut out = Vec::new();
        if !self.roles().all().iter().any(|role| role.code == settings.role) {
            out.push(FieldError::new("role", "unknown_role", "没有这个角色", "there is no such role"));
        }
        if !settings.scopes.iter().any(|scope| scope == "openid") {
            out.push(FieldError::new("scopes", "required", "要包含 openid", "openid must be among them"));
        }
        if !settings.enabled {
            return out;
        }
        for (name, value) in
            [("client_id", &settings.client_id), ("login_claim", &settings.login_claim), ("label", &settings.label)]
        {
            if value.is_empty() {
                out.push(FieldError::new(name, "required", "请填写", "this is needed"));
            }
        }
        for (name, value) in [("issuer", &settings.issuer), ("page", &settings.page)] {
            if !is_safe(value) || value.contains(['?', '#']) {
                out.push(FieldError::new(
                    name,
                    "bad_url",
                    "应为 https 地址；只有本机可以用 http",
                    "an https address; http on this machine only",
                ));
            }
        }
        out
    }
}
