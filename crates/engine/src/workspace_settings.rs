//! Settings of the workspace, in sections: each a typed value, kept as JSON. Everybody may read them (the page acts on
//! them), only administrators change them, and every change stands in the access log.

use crate::{
    Engine, Error, Result,
    access_log::{Entry, Kind},
    data_safety::DataSafety,
};
use guanxi_access::Viewer;
use guanxi_model::FieldError;
use guanxi_store::platform;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Map, Value as Json, json};

/// A section. What a later release adds must have a default.
pub(crate) trait Section: Serialize + DeserializeOwned + Default + PartialEq + Send + Sync {
    /// Its name in the address.
    const NAME: &'static str;

    /// Refuses values that make no sense.
    fn check(&self) -> Result<()>;
}

/// Settings with those changed that are named, each tried by itself; and what is wrong with the rest. `longest` is the size that a
/// value may have as JSON. What is wrong with a value is not said: it could be a secret.
pub(crate) fn changed<S: Serialize + DeserializeOwned + Clone>(
    before: &S,
    input: &Map<String, Json>,
    longest: impl Fn(&str) -> usize,
) -> (S, Vec<FieldError>) {
    let mut whole = json!(before);
    let mut problems = Vec::new();
    for (name, value) in input {
        if whole.get(name).is_none() {
            problems.push(FieldError::new(name, "unknown_field", "没有这个设置", "there is no such setting"));
            continue;
        }
        let mut one = whole.clone();
        one[name] = value.clone();
        match serde_json::from_value::<S>(one) {
            Ok(_) if value.to_string().len() <= longest(name) => whole[name] = value.clone(),
            Ok(_) => problems.push(FieldError::new(name, "too_long", "内容太长", "too long")),
            Err(_) => problems.push(FieldError::new(name, "bad_value", "值无效", "not a value for it")),
        }
    }
    (serde_json::from_value(whole).unwrap_or_else(|_| before.clone()), problems)
}

/// The names of settings that differ, for the log.
pub(crate) fn differing(before: &impl Serialize, after: &impl Serialize) -> String {
    let (old, new) = (json!(before), json!(after));
    let names = new.as_object().into_iter().flatten().filter(|(name, value)| old.get(name.as_str()) != Some(value));
    names.map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(", ")
}

fn key(section: &str) -> String {
    format!("settings.{section}")
}

impl Engine {
    /// A section as it is in force.
    pub(crate) async fn section<S: Section>(&self) -> Result<S> {
        let text = platform::meta(self.database(), &key(S::NAME)).await?;
        Ok(text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default())
    }

    /// A section, as the API shows it.
    ///
    /// # Errors
    /// 404 for a section that there is not.
    pub async fn settings_section(&self, section: &str) -> Result<Json> {
        match section {
            DataSafety::NAME => Ok(serde_json::to_value(self.section::<DataSafety>().await?).unwrap_or_default()),
            _ => Err(Error::NotFound),
        }
    }

    /// Replaces a section.
    ///
    /// # Errors
    /// 403 for anyone but an administrator, 404 for a section that there is not, 422 naming a value that makes no sense.
    pub async fn put_settings(&self, viewer: &Viewer, section: &str, input: &Json) -> Result<Json> {
        self.require_administrator(viewer)?;
        match section {
            DataSafety::NAME => self.put_section::<DataSafety>(viewer, input).await,
            _ => Err(Error::NotFound),
        }
    }

    async fn put_section<S: Section>(&self, viewer: &Viewer, input: &Json) -> Result<Json> {
        let refused = |error: &dyn std::fmt::Display| {
            Error::invalid(
                "",
                "bad_settings",
                format!("设置有误：{error}"),
                format!("not the settings that are wanted: {error}"),
            )
        };
        // A list would be taken for the values in their order.
        if !input.is_object() {
            return Err(refused(&"{…}"));
        }
        let wanted: S = serde_json::from_value(input.clone()).map_err(|error| refused(&error))?;
        wanted.check()?;
        let before: S = self.section().await?;
        let after = serde_json::to_value(&wanted).unwrap_or_default();
        if wanted != before {
            let told = format!("{}: {} → {after}", S::NAME, serde_json::to_value(&before).unwrap_or_default());
            // What is not noted does not happen.
            self.log_access(Entry::of(viewer, Kind::Settings, told)).await?;
            platform::set_meta(self.database(), &key(S::NAME), &after.to_string()).await?;
        }
        Ok(after)
    }
}
