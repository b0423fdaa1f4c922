//! Figures that modules compute for a page, where no list and no aggregate gives them.

use crate::{Engine, Error, Result};
use async_trait::async_trait;
use guanxi_access::{Verb, Viewer};
use guanxi_store::platform;
use serde_json::Value as Json;
use std::collections::BTreeMap;
use uuid::Uuid;

/// Figures under a name, `GET /figures/{name}`.
#[async_trait]
pub trait Figures: Send + Sync {
    /// Their name.
    fn name(&self) -> &'static str;

    /// As the viewer may know them.
    ///
    /// # Errors
    /// The database's.
    async fn of(&self, engine: &Engine, viewer: &Viewer) -> Result<Json>;

    /// The same for those that can be asked more closely: `GET /figures/{name}?key=value`.
    ///
    /// # Errors
    /// What is wrong with the question, or the database's.
    async fn asked(&self, engine: &Engine, viewer: &Viewer, question: &Question) -> Result<Json> {
        let _ = question;
        self.of(engine, viewer).await
    }
}

/// What figures are asked about, by key.
pub type Question = BTreeMap<String, String>;

impl Engine {
    /// Figures of a module.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a name that there is not.
    pub async fn figures(&self, viewer: &Viewer, name: &str, question: &Question) -> Result<Json> {
        let all = self.inner.modules.iter().flat_map(|module| &module.figures);
        let figures = all.clone().find(|figures| figures.name() == name).ok_or(Error::NotFound)?;
        figures.asked(self, viewer, question).await
    }

    /// May the viewer read the whole values of a field, so that he may know what is counted from them?
    pub fn may_read(&self, viewer: &Viewer, object: &str, field: &str) -> bool {
        let catalogue = self.catalogue();
        let access = self.access(&catalogue);
        let Some(object) = catalogue.object(object) else { return false };
        !access.rows(viewer, object, Verb::Read).is_nothing()
            && object.field(field).is_some_and(|field| access.can_read(viewer, object, field))
    }

    /// Is the viewer among those to whom a record that shares others opens records of an object?
    pub fn is_shared_by(&self, viewer: &Viewer, object: &str, source: Uuid) -> bool {
        self.sharing().of(viewer, object, Verb::Read).any(|rule| rule.id == source)
    }

    /// How often somebody did something of a kind on a day.
    ///
    /// # Errors
    /// The database's.
    pub async fn tallied(&self, kind: &str, who: Uuid, day: &str) -> Result<i64> {
        Ok(platform::tallied(self.database(), kind, who, day).await?)
    }
}
