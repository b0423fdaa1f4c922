//! Teams of records: colleagues who work on a record besides its owner, to read or to change, perhaps for a time.

use crate::{Engine, Error, Result, save::Session};
use guanxi_access::{Access, RowFilter, Verb, Viewer};
use guanxi_model::{FieldDef, FieldError, FieldType, Label, ObjectDef, Value, coerce};
use guanxi_store::{
    changes::{self, ChangeKind},
    platform::{self, Share},
    query::Life,
    records::{self, Record},
};
use serde_json::{Map, Value as Json, json};
use std::sync::Arc;
use uuid::Uuid;

/// Under this name a change of the team stands in the change log; no field can have it.
pub(crate) const TEAM: &str = "_team";
/// Most members of a team.
const MAX_TEAM: usize = 200;

/// The field of people, for looking up their names.
pub(crate) fn user_field() -> FieldDef {
    FieldDef::new("user", FieldType::User, Label::default())
}

impl Engine {
    /// The team of a record.
    ///
    /// # Errors
    /// [`Error::NotFound`] where the viewer may not know of the record, or its kind has no teams.
    pub async fn team(&self, viewer: &Viewer, object: &str, id: Uuid) -> Result<Json> {
        let catalogue = self.catalogue();
        let definition = catalogue.object(object).filter(|object| object.is_owned()).ok_or(Error::NotFound)?;
        let access = self.access(&catalogue);
        let rows = access.rows(viewer, definition, Verb::Read);
        let record =
            records::get(&self.inner.database, definition, id, &rows, Life::Living).await?.ok_or(Error::NotFound)?;
        let now = self.now();
        let members = platform::team(&self.inner.database, object, id).await?;
        let field = user_field();
        let people: Vec<Value> =
            members.iter().flat_map(|share| [share.user.into(), share.created_by.into()]).collect();
        let titles = self.titles_for(viewer, &catalogue, people.iter().map(|id| (&field, id)).collect()).await?;
        let items: Vec<Json> = members
            .iter()
            .map(|share| {
                json!({
                    "user": titles.reference(share.user), "level": share.level, "expires_at": share.expires_at,
                    "expired": share.expires_at.is_some_and(|end| end <= now), "created_at": share.created_at,
                    "created_by": share.created_by.map(|by| titles.reference(by)),
                })
            })
            .collect();
        Ok(json!({"items": items, "can_manage": self.manages_team(viewer, &access, definition, &record).await?}))
    }

    /// Takes somebody into a record's team, or changes what he may do there: `{"level": "read" | "write", "expires_at"}`.
    ///
    /// # Errors
    /// 404, 403 for whoever may change the record only because it is shared with him, 422 for bad input.
    pub async fn put_in_team(
        &self,
        viewer: &Viewer,
        object: &str,
        id: Uuid,
        user: Uuid,
        input: &Map<String, Json>,
    ) -> Result<Json> {
        let (level, expires_at) = self.team_input(input)?;
        let share = Share { user, level, expires_at, created_at: self.now(), created_by: viewer.id };
        self.change_team(viewer, object, id, user, Some(share)).await?;
        self.team(viewer, object, id).await
    }

    /// Takes somebody out of a record's team; everybody may leave.
    ///
    /// # Errors
    /// 404, also where he is not in the team; 403.
    pub async fn remove_from_team(&self, viewer: &Viewer, object: &str, id: Uuid, user: Uuid) -> Result<()> {
        self.change_team(viewer, object, id, user, None).await
    }

    fn team_input(&self, input: &Map<String, Json>) -> Result<(String, Option<jiff::Timestamp>)> {
        let mut problems = Vec::new();
        for name in input.keys().filter(|name| !matches!(name.as_str(), "level" | "expires_at")) {
            problems.push(FieldError::new(name, "unknown_field", "没有这个字段", "there is no such field"));
        }
        let level =
            input.get("level").map_or(Some("read"), Json::as_str).filter(|level| matches!(*level, "read" | "write"));
        if level.is_none() {
            problems.push(FieldError::new(
                "level",
                "bad_option",
                "权限应为 read 或 write",
                "the level is read or write",
            ));
        }
        let field = FieldDef::new("expires_at", FieldType::Datetime, Label::new("到期时间", "Expiry"));
        let end = match coerce::from_json(&field, input.get("expires_at").unwrap_or(&Json::Null), &self.coercion()) {
            Ok(value) => value.as_instant(),
            Err(problem) => {
                problems.push(problem);
                None
            }
        };
        if end.is_some_and(|end| end <= self.now()) {
            problems.push(FieldError::new("expires_at", "in_the_past", "到期时间已过", "the expiry has passed"));
        }
        match level {
            Some(level) if problems.is_empty() => Ok((level.to_owned(), end)),
            _ => Err(Error::Invalid(problems)),
        }
    }

    async fn change_team(
        &self,
        viewer: &Viewer,
        object: &str,
        id: Uuid,
        user: Uuid,
        share: Option<Share>,
    ) -> Result<()> {
        let catalogue = self.catalogue();
        let definition = catalogue.object(object).filter(|object| object.is_owned()).ok_or(Error::NotFound)?.clone();
        let rows = self.access(&catalogue).rows(viewer, &definition, Verb::Read);
        let record =
            records::get(&self.inner.database, &definition, id, &rows, Life::Living).await?.ok_or(Error::NotFound)?;
        let leaves = share.is_none() && viewer.id == Some(user);
        if !leaves && !self.manages_team(viewer, &self.access(&catalogue), &definition, &record).await? {
            return Err(Error::forbidden(
                "只有能凭角色修改这条记录的人可以调整团队",
                "only who may change this record by his roles may change its team",
            ));
        }
        let people = self.object("user")?;
        let person = records::get(&self.inner.database, &people, user, &RowFilter::All, Life::Living).await?;
        if share.is_some() && person.is_none_or(|person| person.get("active").as_bool() != Some(true)) {
            return Err(Error::invalid("user", "unknown_record", "没有这个启用的用户", "there is no such active user"));
        }
        // Only now: how large the team of a record is, is nobody's business who may not see it.
        let members = platform::team(&self.inner.database, object, id).await?;
        let joins = share.is_some() && !members.iter().any(|member| member.user == user);
        if joins && members.len() >= MAX_TEAM {
            return Err(Error::conflict(
                "team_full",
                format!("团队最多 {MAX_TEAM} 人"),
                format!("a team has at most {MAX_TEAM} members"),
            ));
        }
        if share.is_some() && record.get("owner").as_id() == Some(user) {
            return Err(Error::invalid(
                "user",
                "is_owner",
                "负责人不需要加入团队",
                "the owner needs no place in the team",
            ));
        }
        let (engine, viewer) = (self.clone(), viewer.clone());
        let live = self
            .inner
            .database
            .write(move |tx| {
                Box::pin(async move {
                    let mut session = Session::new(&engine, &viewer);
                    let record = records::lock(tx, &definition, &[id], &RowFilter::All, Life::Living)
                        .await?
                        .pop()
                        .ok_or(Error::NotFound)?;
                    let object = &definition.name;
                    let before = platform::share(tx, object, id, user).await?;
                    match &share {
                        Some(share) => platform::put_share(tx, object, id, share.clone()).await?,
                        None if before.is_none() => return Err(Error::NotFound),
                        None => platform::remove_shares(tx, object, id, Some(user)).await?,
                    }
                    let show = |share: &Option<Share>| {
                        share.as_ref().map(
                            |share| json!({"user": share.user, "level": share.level, "expires_at": share.expires_at}),
                        )
                    };
                    let diff = Map::from_iter([(TEAM.to_owned(), json!([show(&before), show(&share)]))]);
                    let entry = session.change(&definition, id, ChangeKind::Update, record.version, &diff);
                    changes::append(tx, vec![entry]).await?;
                    Ok::<_, Error>(session.live)
                })
            })
            .await?;
        self.announce(live).await;
        Ok(())
    }

    /// Whoever may change a record by his roles may also say who else works on it; a guest may not invite guests.
    async fn manages_team(
        &self,
        viewer: &Viewer,
        access: &Access<'_>,
        object: &Arc<ObjectDef>,
        record: &Record,
    ) -> Result<bool> {
        let rows = access.rows_by_role(viewer, object, Verb::Update);
        self.holds(&rows, record.get("owner").as_id(), record.get("department").as_id()).await
    }
}

/// A change of the team as the history shows it: the names of people with their ids.
pub(crate) fn show_team(side: &Json, name: impl Fn(Uuid) -> Json) -> Json {
    let Some(user) = side["user"].as_str().and_then(|id| Uuid::try_parse(id).ok()) else { return Json::Null };
    json!({"user": name(user), "level": side["level"], "expires_at": side["expires_at"]})
}

/// The people that a change of the team names.
pub(crate) fn people_in(diff: &Map<String, Json>) -> impl Iterator<Item = Uuid> {
    let sides = diff.get(TEAM).and_then(Json::as_array).into_iter().flatten();
    sides.filter_map(|side| side["user"].as_str().and_then(|id| Uuid::try_parse(id).ok()))
}
