//! Settings of the workspace, in sections: each a typed value, kept as JSON. Everybody may read them (the page acts on
//! them), only administrators change them, and every change stands in the access log.

use crate::{
    Engine, Error, Result,
    access_log::{Entry, Kind},
    data_safety::DataSafety,
};
use guanxi_access::Viewer;
use guanxi_store::platform;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value as Json;

/// A section. What a later release adds must have a default.
pub(crate) trait Section: Serialize + DeserializeOwned + Default + PartialEq + Send + Sync {
    /// Its name in the address.
    const NAME: &'static str;

    /// Refuses values that make no sense.
    fn check(&self) -> Result<()>;
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
