//! What each person wants to hear of, and how.

use super::kinds;
use crate::{Engine, Error, Result};
use guanxi_access::Viewer;
use guanxi_model::FieldError;
use guanxi_store::platform;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json, json};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Where they stand among a person's preferences.
pub(super) const KEY: &str = "notifications";

/// Whether news comes by mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Mail {
    /// It does not.
    #[default]
    None,
    /// As soon as it is there.
    Now,
    /// With the rest of the day's.
    Daily,
}

/// How somebody hears of a kind of news.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Wish {
    /// In his list on the page.
    pub in_app: bool,
    /// By mail.
    pub mail: Mail,
}

impl Default for Wish {
    fn default() -> Self {
        Self { in_app: true, mail: Mail::None }
    }
}

/// All of somebody's wishes, by kind.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Wishes(BTreeMap<String, Wish>);

impl Wishes {
    pub fn of(&self, kind: &str) -> Wish {
        self.0.get(kind).copied().unwrap_or_default()
    }

    /// The kinds that come by mail once a day.
    pub fn daily(&self) -> Vec<String> {
        let daily = self.0.iter().filter(|(_, wish)| wish.mail == Mail::Daily);
        daily.map(|(kind, _)| kind.clone()).collect()
    }

    pub fn parse(text: &str) -> Self {
        serde_json::from_str(text).unwrap_or_default()
    }
}

pub(super) async fn read(engine: &Engine, user: Uuid) -> Result<Wishes> {
    let all = platform::preferences(engine.database(), user).await?;
    let found = all.into_iter().find(|(key, _)| key == KEY);
    Ok(found.map(|(_, text)| Wishes::parse(&text)).unwrap_or_default())
}

impl Engine {
    /// What the viewer wants to hear of, and how.
    ///
    /// # Errors
    /// 401 for nobody in particular.
    pub async fn notification_settings(&self, viewer: &Viewer) -> Result<Json> {
        let user = viewer.id.ok_or(Error::Unauthenticated)?;
        let wishes = read(self, user).await?;
        let email =
            self.active_user(user).await?.and_then(|(_, record)| record.get("email").as_text().map(str::to_owned));
        let kinds: Vec<Json> = self
            .kinds_for(viewer)
            .into_iter()
            .map(|mut shown| {
                let wish = wishes.of(shown["kind"].as_str().unwrap_or_default());
                shown["in_app"] = json!(wish.in_app);
                shown["mail"] = json!(wish.mail);
                shown
            })
            .collect();
        Ok(json!({"mail_available": super::mail::is_enabled(self).await?, "email": email, "kinds": kinds}))
    }

    /// Changes what the viewer wants to hear of: the kinds that are named, and of them the ways that are named.
    ///
    /// # Errors
    /// 422 for a kind that there is not, and for what is no way.
    pub async fn change_notification_settings(&self, viewer: &Viewer, wanted: &Map<String, Json>) -> Result<Json> {
        let user = viewer.id.ok_or(Error::Unauthenticated)?;
        let mut wishes = read(self, user).await?;
        let known = self.kinds_for(viewer);
        let mut problems = Vec::new();
        for (kind, ways) in wanted {
            if !known.iter().any(|shown| shown["kind"] == **kind) {
                problems.push(FieldError::new(kind, "unknown_kind", "没有这种通知", "there is no such kind of news"));
                continue;
            }
            let mut whole = json!(wishes.of(kind));
            if let (Some(whole), Some(ways)) = (whole.as_object_mut(), ways.as_object()) {
                whole.extend(ways.iter().map(|(way, value)| (way.clone(), value.clone())));
            } else {
                whole = Json::Null;
            }
            match serde_json::from_value::<Wish>(whole) {
                Ok(wish) => {
                    wishes.0.insert(kind.clone(), wish);
                }
                Err(_) => problems.push(FieldError::new(
                    kind,
                    "bad_value",
                    "应为 in_app（是或否）与 mail（none、now、daily）",
                    "in_app (true or false) and mail (none, now, daily)",
                )),
            }
        }
        if !problems.is_empty() {
            return Err(Error::Invalid(problems));
        }
        platform::set_preference(self.database(), user, KEY, &json!(wishes).to_string()).await?;
        self.notification_settings(viewer).await
    }

    /// The kinds of news about objects that the viewer may know of.
    pub(super) fn kinds_for(&self, viewer: &Viewer) -> Vec<Json> {
        let catalogue = self.catalogue();
        let may = |name: &str| {
            catalogue.object(name).is_some_and(|object| !self.readable(&catalogue, viewer, object).is_nothing())
        };
        kinds(&catalogue)
            .into_iter()
            .filter(|kind| kind.object.as_deref().is_none_or(may))
            .map(|kind| {
                let group = kind.group.map_or_else(String::new, |label| label.get(viewer.lang).to_owned());
                json!({
                    "kind": kind.name, "label": kind.label.get(viewer.lang),
                    "group": {"name": kind.object.unwrap_or_default(), "label": group},
                })
            })
            .collect()
    }
}
