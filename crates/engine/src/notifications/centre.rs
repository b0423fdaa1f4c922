//! Somebody's list of news, as the page shows it.

use super::{NewsKind, kinds, words::Known, words::sentence};
use crate::{Engine, Error, Result, present::short_title};
use guanxi_access::Viewer;
use guanxi_store::platform::{self, Notification, Wanted};
use serde_json::{Map, Value as Json, json};
use std::collections::HashMap;
use uuid::Uuid;

/// Most that are read at once.
const MOST: usize = 100;
/// Signs of a text that mentions somebody that are shown.
const EXCERPT: usize = 120;
/// Most ids in one request.
const IDS: usize = 200;

/// What is said about news to one who reads it.
pub(super) struct Told {
    /// The record's title; nothing when he may not see it any more.
    pub title: Option<String>,
    /// The doer's name.
    pub actor: Option<String>,
}

impl Engine {
    /// Titles and names for news, as a viewer may see them.
    pub(super) async fn tell_of(&self, viewer: &Viewer, all: &[Notification]) -> Result<HashMap<Uuid, Told>> {
        let catalogue = self.catalogue();
        let mut by_object: HashMap<&str, Vec<Uuid>> = HashMap::new();
        for news in all {
            by_object.entry(&news.object).or_default().push(news.record);
            by_object.entry("user").or_default().extend(news.actor);
        }
        let mut titles: HashMap<(&str, Uuid), String> = HashMap::new();
        for (name, mut ids) in by_object {
            ids.sort_unstable();
            ids.dedup();
            let Some(object) = catalogue.object(name).filter(|_| !ids.is_empty()) else { continue };
            let found = self.read_titles(viewer, &catalogue, object, &ids).await?;
            titles.extend(found.into_iter().map(|(id, title)| ((name, id), title)));
        }
        Ok(all
            .iter()
            .map(|news| {
                let title = titles.get(&(news.object.as_str(), news.record)).cloned();
                let actor = news.actor.and_then(|actor| titles.get(&("user", actor)).cloned());
                (news.id, Told { title, actor })
            })
            .collect())
    }

    /// May the viewer read the field whose moment is spoken of? What is computed follows from what he may read of the record.
    fn knows_moment(&self, viewer: &Viewer, news: &Notification) -> bool {
        let catalogue = self.catalogue();
        let notice = catalogue.object(&news.object).and_then(|object| {
            let name = news.kind.strip_prefix(&object.name)?.strip_prefix('.')?;
            object.notices.iter().find(|notice| notice.name == name)
        });
        let field = notice.and_then(|notice| notice.spoken_of());
        field.is_none_or(|field| self.may_read(viewer, &news.object, field))
    }

    /// News in a sentence, as a viewer may hear it; nothing when its record is not for him any more.
    pub(super) fn say(&self, viewer: &Viewer, news: &Notification, told: Option<&Told>) -> Option<String> {
        let catalogue = self.catalogue();
        let object = catalogue.object(&news.object)?;
        let kind = kinds(&catalogue).into_iter().find(|kind| kind.name == news.kind)?;
        let told = told?;
        let title = told.title.as_deref()?;
        let known = Known { object, title, actor: told.actor.as_deref() };
        let news = &Notification { moment: news.moment.filter(|_| self.knows_moment(viewer, news)), ..news.clone() };
        Some(sentence(news, &kind, &known, viewer.lang, &self.settings().zone))
    }

    /// The viewer's news, the newest first.
    ///
    /// # Errors
    /// 400 for a cursor that does not fit.
    pub async fn notifications(
        &self,
        viewer: &Viewer,
        unread: bool,
        kind: Option<&str>,
        cursor: Option<&str>,
        limit: Option<usize>,
    ) -> Result<Json> {
        let user = viewer.id.ok_or(Error::Unauthenticated)?;
        let before = cursor.map(Uuid::try_parse).transpose().map_err(|_| {
            Error::bad("bad_cursor", "翻页标记无效，请从头开始", "the cursor does not fit; begin again")
        })?;
        let limit = limit.unwrap_or(30).clamp(1, MOST);
        let known = kinds(&self.catalogue());
        // A group's name stands for all of its kinds.
        let asked =
            |have: &&NewsKind| kind.is_some_and(|kind| have.name == kind || have.object.as_deref() == Some(kind));
        let wanted: Vec<String> = known.iter().filter(asked).map(|kind| kind.name.clone()).collect();
        if kind.is_some() && wanted.is_empty() {
            return Err(Error::invalid("kind", "unknown_kind", "没有这种通知", "there is no such kind of news"));
        }
        let asked = Wanted { unread, kinds: wanted, before, limit: limit + 1 };
        let mut found = platform::notifications(self.database(), user, &asked).await?;
        let more = found.len() > limit;
        found.truncate(limit);
        let told = self.tell_of(viewer, &found).await?;
        let mut items = Vec::with_capacity(found.len());
        for news in &found {
            let kind = known.iter().find(|kind| kind.name == news.kind);
            let told = told.get(&news.id);
            let title = told.and_then(|told| told.title.as_deref());
            items.push(json!({
                "id": news.id,
                "kind": news.kind,
                "label": kind.map(|kind| kind.label.get(viewer.lang)),
                "object": news.object,
                "record": news.record,
                "title": title,
                "actor": news.actor.map(|id| json!({"id": id, "title": told.and_then(|told| told.actor.as_deref())})),
                "count": news.count,
                "moment": news.moment.filter(|_| title.is_some() && self.knows_moment(viewer, news)),
                "excerpt": if title.is_some() { self.excerpt(viewer, news).await? } else { None },
                "at": news.at,
                "read_at": news.read_at,
            }));
        }
        let next = found.last().filter(|_| more).map(|news| news.id);
        Ok(json!({"items": items, "next": next, "unread": platform::unread(self.database(), user).await?}))
    }

    /// The beginning of a text that mentions somebody, as he may see it.
    async fn excerpt(&self, viewer: &Viewer, news: &Notification) -> Result<Option<String>> {
        let Some(field) = &news.field else { return Ok(None) };
        let shown = match self.get(viewer, &news.object, news.record, Some(std::slice::from_ref(field))).await {
            Ok(shown) => shown,
            Err(Error::Store(error)) => return Err(Error::Store(error)),
            // He may read the record, but not this of it.
            Err(_) => return Ok(None),
        };
        let text = shown.get(field).and_then(Json::as_str).map(short_title);
        Ok(text.map(|text| text.chars().take(EXCERPT).collect()))
    }

    /// How much the viewer has not read.
    ///
    /// # Errors
    /// 401 for nobody in particular.
    pub async fn unread_notifications(&self, viewer: &Viewer) -> Result<i64> {
        Ok(platform::unread(self.database(), viewer.id.ok_or(Error::Unauthenticated)?).await?)
    }

    /// Marks news of the viewer as read, or as unread again: those that are named, or all.
    ///
    /// # Errors
    /// 422 when neither is said, or too many are named.
    pub async fn mark_notifications(&self, viewer: &Viewer, input: &Map<String, Json>, read: bool) -> Result<i64> {
        let user = viewer.id.ok_or(Error::Unauthenticated)?;
        let bad = || {
            let (zh, en) = ("请给出 ids（最多 200 个）或 all: true", "give ids (at most 200) or all: true");
            Error::invalid("ids", "bad_value", zh, en)
        };
        let ids = match (input.get("ids"), input.get("all")) {
            (None, Some(Json::Bool(true))) if read => None,
            (Some(Json::Array(ids)), None) if ids.len() <= IDS => {
                let ids: Option<Vec<Uuid>> =
                    ids.iter().map(|id| id.as_str().and_then(|id| Uuid::try_parse(id).ok())).collect();
                Some(ids.ok_or_else(bad)?)
            }
            _ => return Err(bad()),
        };
        let moment = read.then(|| self.now());
        if platform::mark_read(self.database(), user, ids.as_deref(), moment).await? > 0 {
            self.announce_news(user);
        }
        Ok(platform::unread(self.database(), user).await?)
    }
}
