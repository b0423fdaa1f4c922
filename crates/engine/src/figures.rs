//! Figures that modules compute for a page, where no list and no aggregate gives them.

use crate::{Engine, Error, Result};
use async_trait::async_trait;
use guanxi_access::{RowFilter, RowTerm, Verb, Viewer};
use guanxi_model::{FieldDef, FieldType, Trait, Value};
use guanxi_store::platform;
use serde_json::{Map, Value as Json};
use std::collections::HashMap;
use uuid::Uuid;

/// Figures under a name, `GET /figures/{name}`.
#[async_trait]
pub trait Figures: Send + Sync {
    /// Their name.
    fn name(&self) -> &'static str;

    /// What they can be asked for: parameters of the request, read as such fields are.
    fn takes(&self) -> Vec<FieldDef> {
        Vec::new()
    }

    /// As the viewer may know them.
    ///
    /// # Errors
    /// The database's, or what is wrong with what they are asked for.
    async fn of(&self, engine: &Engine, viewer: &Viewer, asked: &HashMap<String, Value>) -> Result<Json>;
}

impl Engine {
    /// Figures of a module. What is asked comes as texts.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a name that there is not; parameters that they do not take, or that cannot be read.
    pub async fn figures(&self, viewer: &Viewer, name: &str, asked: HashMap<String, String>) -> Result<Json> {
        let all = self.inner.modules.iter().flat_map(|module| &module.figures);
        let figures = all.clone().find(|figures| figures.name() == name).ok_or(Error::NotFound)?;
        let takes = figures.takes();
        let truth = |name: &str| takes.iter().any(|field| field.name == name && field.kind == FieldType::Boolean);
        let asked: Map<String, Json> = asked
            .into_iter()
            .map(|(name, text)| match text.as_str() {
                "true" | "false" if truth(&name) => (name, Json::Bool(text == "true")),
                _ => (name, Json::String(text)),
            })
            .collect();
        let asked = self.coerce_given(&takes, &asked)?;
        figures.of(self, viewer, &asked).await
    }

    /// Is the viewer among those to whom a record that shares others opens records of an object?
    pub fn is_shared_by(&self, viewer: &Viewer, object: &str, source: Uuid) -> bool {
        self.sharing().of(viewer, object, Verb::Read).any(|rule| rule.id == source)
    }

    /// The fields of an object's records that a record which shares them hides from the viewer, in the order of the definition.
    pub fn hidden_by(&self, viewer: &Viewer, object: &str, source: Uuid) -> Vec<String> {
        let catalogue = self.catalogue();
        let Some(definition) = catalogue.object(object) else { return Vec::new() };
        let veils = self.access(&catalogue).veils(viewer, definition);
        let fields = definition.fields.keys();
        let hides = |name: &&String| veils.iter().any(|veil| veil.source == source && veil.fields.contains(*name));
        fields.filter(hides).cloned().collect()
    }

    /// By his roles alone: would a record with this owner and department be the viewer's to do this with?
    ///
    /// # Errors
    /// The database's; there are no such records.
    pub async fn would_hold(
        &self,
        viewer: &Viewer,
        verb: Verb,
        object: &str,
        owner: Option<Uuid>,
        department: Option<Uuid>,
    ) -> Result<bool> {
        let definition = self.object(object)?;
        let catalogue = self.catalogue();
        let mut rows = self.access(&catalogue).rows_by_role(viewer, &definition, verb);
        if let RowFilter::Any(terms) = &mut rows
            && !definition.has(Trait::ChildOf)
        {
            // What it would follow is not known.
            terms.retain(|term| !matches!(term, RowTerm::Via { .. }));
        }
        self.holds(&rows, owner, department).await
    }

    /// May the viewer read the whole values of a field, so that he may know what is counted from them?
    pub fn may_read(&self, viewer: &Viewer, object: &str, field: &str) -> bool {
        let catalogue = self.catalogue();
        let rows = catalogue.object(object).map(|object| self.readable(&catalogue, viewer, object));
        rows.is_some_and(|rows| !rows.is_nothing()) && !self.readable_fields(viewer, object, &[field]).is_empty()
    }

    /// Those of an object's fields whose values the viewer may read whole, in this order; none where there is no such object.
    pub fn readable_fields<'f>(&self, viewer: &Viewer, object: &str, fields: &[&'f str]) -> Vec<&'f str> {
        let catalogue = self.catalogue();
        let Some(definition) = catalogue.object(object) else { return Vec::new() };
        let access = self.access(&catalogue);
        let may = |name: &&&str| definition.field(name).is_some_and(|field| access.can_read(viewer, definition, field));
        fields.iter().filter(may).copied().collect()
    }

    /// How often somebody did something of a kind on a day.
    ///
    /// # Errors
    /// The database's.
    pub async fn tallied(&self, kind: &str, who: Uuid, day: &str) -> Result<i64> {
        Ok(platform::tallied(self.database(), kind, who, day).await?)
    }
}
