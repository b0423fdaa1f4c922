//! What a workspace demands of passwords and of those who guess them: settings that an administrator makes.

use crate::{
    Engine, Error, Result,
    access_log::{Entry, Kind},
    workspace_settings::changed,
};
use guanxi_access::Viewer;
use guanxi_model::FieldError;
use guanxi_store::platform;
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json, json};

/// Where the settings stand in `_meta`.
const KEY: &str = "sign_in";
/// Longest value of a setting, as JSON.
const LONGEST_SETTING: usize = 100_000;
/// Longest password that is accepted.
pub(super) const LONGEST: usize = 200;

/// Which kinds of signs a password must have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kinds {
    /// Whatever one likes: length matters more.
    #[default]
    Any,
    /// Letters and digits.
    LettersDigits,
    /// Three of: small letters, capitals, digits, other signs.
    Mixed,
}

/// The settings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Policy {
    /// Fewest characters of a password.
    pub min_length: usize,
    /// Which signs it has.
    pub kinds: Kinds,
    /// How many last passwords cannot be used again; 0: any can.
    pub history: usize,
    /// Days after which a password must be changed; 0: never.
    pub max_age_days: i64,
    /// Failures in a row after which a login is locked.
    pub lock_after: i64,
    /// Failures, of whatever logins, after which an address is locked; 0: never.
    pub address_lock_after: i64,
    /// Minutes for which it is locked, and after which failures are forgotten.
    pub lock_minutes: i64,
    /// Must everybody have an authenticator app?
    pub totp_for_all: bool,
    /// Roles whose people must have one.
    pub totp_roles: Vec<String>,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            min_length: 8,
            kinds: Kinds::Any,
            history: 0,
            max_age_days: 0,
            lock_after: 5,
            // A whole office may sit behind one.
            address_lock_after: 100,
            lock_minutes: 15,
            totp_for_all: false,
            totp_roles: Vec::new(),
        }
    }
}

impl Policy {
    /// For how long something is locked.
    pub(super) fn pause(&self) -> SignedDuration {
        SignedDuration::from_mins(self.lock_minutes)
    }

    /// Must somebody with these roles have an authenticator app?
    pub(super) fn demands_totp(&self, roles: &[String]) -> bool {
        self.totp_for_all || roles.iter().any(|role| self.totp_roles.contains(role))
    }

    /// What somebody must know who chooses a password.
    pub(super) fn password_rules(&self) -> Json {
        json!({"min_length": self.min_length, "kinds": self.kinds, "history": self.history})
    }

    fn problems(&self) -> Vec<FieldError> {
        let bounds = [
            ("min_length", i64::try_from(self.min_length).unwrap_or(i64::MAX), 8, 64, false),
            ("history", i64::try_from(self.history).unwrap_or(i64::MAX), 0, 24, false),
            ("max_age_days", self.max_age_days, 0, 3650, false),
            ("lock_after", self.lock_after, 3, 100, false),
            ("address_lock_after", self.address_lock_after, 10, 100_000, true),
            ("lock_minutes", self.lock_minutes, 1, 1440, false),
        ];
        bounds
            .into_iter()
            .filter(|(_, value, low, high, zero)| !((low..=high).contains(&value) || *zero && *value == 0))
            .map(|(field, _, low, high, _)| {
                FieldError::new(
                    field,
                    "out_of_range",
                    format!("应在 {low} 到 {high} 之间"),
                    format!("must be from {low} to {high}"),
                )
            })
            .collect()
    }
}

impl Engine {
    /// The settings as they are now, also when another process changed them.
    pub(crate) async fn policy(&self) -> Result<Policy> {
        let text = platform::meta(self.database(), KEY).await?;
        Ok(text.map_or_else(Policy::default, |text| {
            serde_json::from_str(&text).unwrap_or_else(|error| {
                tracing::error!(%error, "the sign-in settings cannot be read; those of the product hold");
                Policy::default()
            })
        }))
    }

    /// What the sign-in page must know before anybody is signed in.
    ///
    /// # Errors
    /// The database's.
    pub async fn sign_in_offers(&self) -> Result<Json> {
        let oidc = self.oidc_settings_now().await?.filter(|settings| settings.enabled);
        Ok(json!({
            "password": self.policy().await?.password_rules(),
            "oidc": oidc.map(|settings| json!({"label": settings.label})),
        }))
    }

    /// What the sign-in page says where there is no workspace: what a new one would say.
    pub fn no_sign_in_offers() -> Json {
        json!({"password": Policy::default().password_rules(), "oidc": null})
    }

    /// The settings, for the page that changes them.
    ///
    /// # Errors
    /// 403 for anyone but an administrator.
    pub async fn sign_in_settings(&self, viewer: &Viewer) -> Result<Json> {
        self.require_administrator(viewer)?;
        Ok(json!(self.policy().await?))
    }

    /// Changes the settings that are named.
    ///
    /// # Errors
    /// 403 for anyone but an administrator, 422 for what is out of range.
    pub async fn change_sign_in_settings(&self, viewer: &Viewer, input: &Map<String, Json>) -> Result<Json> {
        self.require_administrator(viewer)?;
        let before = self.policy().await?;
        let (policy, mut problems) = changed(&before, input, |_| LONGEST_SETTING);
        problems.extend(policy.problems());
        let known = self.roles();
        if let Some(role) = policy.totp_roles.iter().find(|role| !known.all().iter().any(|known| known.code == **role))
        {
            let (zh, en) = (format!("没有角色“{role}”"), format!("there is no role “{role}”"));
            problems.push(FieldError::new("totp_roles", "unknown_role", zh, en));
        }
        if !problems.is_empty() {
            return Err(Error::Invalid(problems));
        }
        let (old, new) = (json!(before), json!(policy));
        let changes: Vec<String> = new
            .as_object()
            .into_iter()
            .flatten()
            .filter(|(name, value)| old.get(name.as_str()) != Some(value))
            .map(|(name, value)| format!("{name}: {} → {value}", old[name.as_str()]))
            .collect();
        if !changes.is_empty() {
            platform::set_meta(self.database(), KEY, &new.to_string()).await?;
            self.log_access(Entry::of(viewer, Kind::Policy, changes.join(", "))).await?;
        }
        Ok(new)
    }
}
