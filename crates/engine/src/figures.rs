//! Figures that modules compute for a page, where no list and no aggregate gives them.

use crate::{Engine, Error, Result};
use async_trait::async_trait;
use guanxi_access::{Verb, Viewer};
use guanxi_store::platform;
use serde_json::Value as Json;
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
}

impl Engine {
    /// Figures of a module.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a name that there is not.
    pub async fn figures(&self, viewer: &Viewer, name: &str) -> Result<Json> {
        let all = self.inner.modules.iter().flat_map(|module| &module.figures);
        let figures = all.clone().find(|figures| figures.name() == name).ok_or(Error::NotFound)?;
        figures.of(self, viewer).await
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
