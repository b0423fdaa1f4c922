//! Sessions and the viewers behind cookies and tokens.

use super::fingerprint;
use crate::{Engine, Error, Result};
use guanxi_access::{RowFilter, Via, Viewer};
use guanxi_model::{Lang, Value};
use guanxi_store::{
    platform::{self, OpenSession},
    query::Life,
    records::{self, Record},
};
use jiff::SignedDuration;
use serde_json::{Value as Json, json};
use uuid::Uuid;

impl Engine {
    /// The viewer of a session cookie.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] when it is unknown or has expired.
    pub async fn viewer_of_session(&self, secret: &str) -> Result<Viewer> {
        let hash = fingerprint(secret);
        if let Some(viewer) = self.remembered(&hash) {
            return Ok(viewer);
        }
        let session = platform::session(self.database(), &hash, self.now()).await?.ok_or(Error::Unauthenticated)?;
        self.remember(hash, session.user, Via::Page, |viewer| viewer).await
    }

    /// Remembered for a few seconds: another process may have ended the session meanwhile.
    pub(super) fn remembered(&self, hash: &str) -> Option<Viewer> {
        let known = self.inner.viewers.read().unwrap_or_else(std::sync::PoisonError::into_inner);
        let (viewer, at) = known.get(hash)?;
        (self.now().duration_since(*at) < SignedDuration::from_secs(5)).then(|| viewer.clone())
    }

    /// A user as he would come, active or not: to see what he may do.
    pub(crate) async fn viewer_of_user(&self, user: Uuid) -> Result<Viewer> {
        let object = self.object("user")?;
        let record = records::get(self.database(), &object, user, &RowFilter::All, Life::Living).await?;
        Ok(viewer_of(&record.ok_or(Error::NotFound)?, Via::Page))
    }

    /// A user who may still sign in, as a viewer: for what he asked for and is done later.
    pub(crate) async fn active_viewer(&self, user: Uuid) -> Result<Option<Viewer>> {
        Ok(self.active_user(user).await?.map(|(viewer, _)| viewer))
    }

    /// A user who may still sign in, as a viewer and as a record.
    pub(crate) async fn active_user(&self, user: Uuid) -> Result<Option<(Viewer, Record)>> {
        let object = self.object("user")?;
        let record = records::get(self.database(), &object, user, &RowFilter::All, Life::Living).await?;
        let active = record.filter(|record| record.get("active").as_bool() == Some(true));
        Ok(active.map(|record| (viewer_of(&record, Via::Page), record)))
    }

    pub(super) async fn remember(
        &self,
        hash: String,
        user: Uuid,
        via: Via,
        restrict: impl FnOnce(Viewer) -> Viewer,
    ) -> Result<Viewer> {
        let object = self.object("user")?;
        let record = records::get(self.database(), &object, user, &RowFilter::All, Life::Living).await?;
        let record = record.filter(|user| user.get("active").as_bool() == Some(true)).ok_or(Error::Unauthenticated)?;
        let viewer = restrict(viewer_of(&record, via));
        let mut known = self.inner.viewers.write().unwrap_or_else(std::sync::PoisonError::into_inner);
        if known.len() > 10_000 {
            known.clear();
        }
        known.insert(hash, (viewer.clone(), self.now()));
        Ok(viewer)
    }

    pub(super) fn forget_viewers(&self) {
        self.inner.viewers.write().unwrap_or_else(std::sync::PoisonError::into_inner).clear();
    }

    /// Ends a session.
    ///
    /// # Errors
    /// The database's.
    pub async fn sign_out(&self, secret: &str) -> Result<()> {
        platform::remove_session(self.database(), &fingerprint(secret)).await?;
        self.forget_viewers();
        Ok(())
    }

    /// The browsers that somebody is signed in with; `current` is the secret of the one that asks.
    ///
    /// # Errors
    /// The database's.
    pub async fn sessions(&self, viewer: &Viewer, current: Option<&str>) -> Result<Vec<Json>> {
        let user = viewer.id.ok_or(Error::Unauthenticated)?;
        let current = current.map(fingerprint);
        let open = platform::sessions(self.database(), user, self.now()).await?;
        let show = |session: OpenSession| {
            json!({
                "id": handle(&session.hash), "created_at": session.created_at, "expires_at": session.expires_at,
                "address": session.address, "agent": session.agent, "current": current.as_ref() == Some(&session.hash),
            })
        };
        Ok(open.into_iter().map(show).collect())
    }

    /// Ends one of the viewer's sessions.
    ///
    /// # Errors
    /// [`Error::NotFound`] when he has no such session.
    pub async fn end_session(&self, viewer: &Viewer, id: &str) -> Result<()> {
        let user = viewer.id.ok_or(Error::Unauthenticated)?;
        let open = platform::sessions(self.database(), user, self.now()).await?;
        let session = open.iter().find(|session| handle(&session.hash) == id).ok_or(Error::NotFound)?;
        platform::remove_session(self.database(), &session.hash).await?;
        self.forget_viewers();
        Ok(())
    }

    /// Signs a user out of every browser (action `sign_out`).
    ///
    /// # Errors
    /// 403 for anyone but an administrator.
    pub async fn sign_out_everywhere(&self, viewer: &Viewer, user: Uuid) -> Result<()> {
        self.require_administrator(viewer)?;
        platform::remove_sessions(self.database(), user, "").await?;
        self.forget_viewers();
        Ok(())
    }

    /// The viewer as the API tells it.
    ///
    /// # Errors
    /// The database's.
    pub async fn describe_viewer(&self, viewer: &Viewer) -> Result<Json> {
        let object = self.object("user")?;
        let id = viewer.id.ok_or(Error::Unauthenticated)?;
        let record = records::get(self.database(), &object, id, &RowFilter::All, Life::Living)
            .await?
            .ok_or(Error::Unauthenticated)?;
        let catalogue = self.catalogue();
        let field = object.field("department").ok_or(Error::NotFound)?;
        let titles = self.titles_for(viewer, &catalogue, vec![(field, record.get("department"))]).await?;
        Ok(json!({
            "id": id,
            "name": viewer.name,
            "login": viewer.login,
            "roles": viewer.roles,
            "department": titles.value(field, record.get("department")),
            // His password is the directory's, and nobody changes it here.
            "directory": self.directory_subject(id).await?.is_some(),
        }))
    }
}

/// What a session is called outside: enough of its hash to tell it from others, too little to be of use.
fn handle(hash: &str) -> &str {
    &hash[..hash.len().min(16)]
}

pub(super) fn viewer_of(user: &Record, via: Via) -> Viewer {
    let text = |field: &str| user.get(field).as_text().unwrap_or_default().to_owned();
    let roles = user.get("roles").members().iter().filter_map(Value::as_text).map(str::to_owned).collect();
    let mut departments: Vec<Uuid> = user.get("department").as_id().into_iter().collect();
    for other in user.get("other_departments").members().iter().filter_map(Value::as_id) {
        if !departments.contains(&other) {
            departments.push(other);
        }
    }
    let lang = user.get("language").as_text().map_or(Lang::Zh, Lang::from_tag);
    Viewer::user(user.id, &text("login"), &text("name"), roles, departments, via).speaking(lang)
}
