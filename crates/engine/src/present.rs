//! From stored values to the JSON that clients read: titles beside ids, nothing the viewer may not see.

use crate::{Engine, Result};
use guanxi_access::{RowFilter, RowTerm, Verb, Viewer};
use guanxi_model::{Catalogue, FieldDef, FieldType, Kind, Mask, ObjectDef, Value, json};
use guanxi_store::{
    platform,
    query::{FieldPath, Life},
    records::{self, Record},
};
use serde_json::{Map, Value as Json, json};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// A column of a result: its name in the JSON, the object it comes from and the field.
pub(crate) struct ColumnOut<'a> {
    pub name: String,
    pub field: &'a FieldDef,
}

/// Titles of the records that some values name, as far as the viewer may read them.
#[derive(Default)]
pub(crate) struct Titles {
    records: HashMap<Uuid, String>,
    files: HashMap<Uuid, Json>,
}

impl Titles {
    pub fn value(&self, field: &FieldDef, value: &Value) -> Json {
        match (value, field.effective()) {
            (Value::Id(id), FieldType::File | FieldType::Image) => {
                self.files.get(id).cloned().unwrap_or_else(|| json!({"id": id, "title": null}))
            }
            (Value::Id(id), FieldType::Id) => json!(id),
            (Value::Id(id), _) => self.reference(*id),
            // From the time before the field was a reference: what stood there.
            (Value::Text(text), kind) if kind.is_single_reference() => json!({"id": null, "title": text}),
            (Value::List(members), FieldType::MultiLookup) => {
                members.iter().filter_map(Value::as_id).map(|id| self.reference(id)).collect()
            }
            _ => json::to_json(field, value),
        }
    }

    pub fn reference(&self, id: Uuid) -> Json {
        json!({"id": id, "title": self.records.get(&id)})
    }
}

/// A title as lists show it: one line, not too long.
pub(crate) fn short_title(text: &str) -> String {
    let line: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut out: String = line.chars().take(80).collect();
    if line.chars().nth(80).is_some() {
        out.push('…');
    }
    out
}

/// As much of a value as a mask leaves.
pub(crate) fn masked(mask: Option<Mask>, value: Value) -> Value {
    match (mask, value) {
        (Some(mask), Value::Text(text)) => Value::Text(mask.apply(&text)),
        (_, value) => value,
    }
}

impl Engine {
    /// Looks up the titles that some values need: one query per target object.
    pub(crate) async fn titles_for<'v>(
        &self,
        viewer: &Viewer,
        catalogue: &Catalogue,
        cells: Vec<(&'v FieldDef, &'v Value)>,
    ) -> Result<Titles> {
        let mut wanted: HashMap<&str, HashSet<Uuid>> = HashMap::new();
        let mut files = HashSet::new();
        for (field, value) in cells {
            match field.effective() {
                FieldType::File | FieldType::Image => files.extend(value.as_id()),
                _ => {
                    if let Some(target) = field.target() {
                        let ids = wanted.entry(target).or_default();
                        ids.extend(value.as_id());
                        ids.extend(value.members().iter().filter_map(Value::as_id));
                    }
                }
            }
        }
        let mut titles = Titles::default();
        for (target, ids) in wanted.into_iter().filter(|(_, ids)| !ids.is_empty()) {
            self.fetch_titles(viewer, catalogue, target, ids, &mut titles).await?;
        }
        if !files.is_empty() {
            let ids: Vec<Uuid> = files.into_iter().collect();
            for file in platform::files(&self.inner.database, &ids).await? {
                titles.files.insert(
                    file.id,
                    json!({"id": file.id, "title": file.name, "size": file.size, "type": file.media_type}),
                );
            }
        }
        Ok(titles)
    }

    async fn fetch_titles(
        &self,
        viewer: &Viewer,
        catalogue: &Catalogue,
        target: &str,
        ids: HashSet<Uuid>,
        titles: &mut Titles,
    ) -> Result<()> {
        let Some(object) = catalogue.object(target) else { return Ok(()) };
        // Titles of shared records are remembered; those of customers and the like would push each other out.
        let whole = self.title_path(viewer, catalogue, object).is_some_and(|title| title.mask.is_none());
        let shared = whole && !object.is_owned() && self.readable(catalogue, viewer, object) == RowFilter::All;
        let mut missing: Vec<Uuid> = Vec::new();
        if shared {
            let known = self.inner.titles.read().unwrap_or_else(std::sync::PoisonError::into_inner);
            let known = known.get(target);
            for id in ids {
                match known.and_then(|known| known.get(&id)) {
                    Some(title) => {
                        titles.records.insert(id, title.clone());
                    }
                    None => missing.push(id),
                }
            }
        } else {
            missing.extend(ids);
        }
        let found = self.read_titles(viewer, catalogue, object, &missing).await?;
        if shared && !found.is_empty() {
            let mut known = self.inner.titles.write().unwrap_or_else(std::sync::PoisonError::into_inner);
            let known = known.entry(target.to_owned()).or_default();
            if known.len() > 20_000 {
                known.clear();
            }
            known.extend(found.iter().cloned());
        }
        titles.records.extend(found);
        Ok(())
    }

    /// The titles of records that the viewer may read, as he may see them.
    pub(crate) async fn read_titles(
        &self,
        viewer: &Viewer,
        catalogue: &Catalogue,
        object: &ObjectDef,
        ids: &[Uuid],
    ) -> Result<Vec<(Uuid, String)>> {
        let Some(title) = self.title_path(viewer, catalogue, object) else { return Ok(Vec::new()) };
        let mut found = Vec::with_capacity(ids.len());
        for chunk in ids.chunks(500) {
            let scopes = self.sight(catalogue, viewer);
            let sql = records::titles(self.inner.database.dialect(), object, chunk, &scopes, title.mask);
            let rows = self.inner.database.read_few(sql).await?;
            found.extend(rows.iter().filter_map(|row| Some((row[0].as_id()?, self.title_text(object, &row[1])))));
        }
        Ok(found)
    }

    /// The field that names a record, as far as the viewer may see it.
    pub(crate) fn title_path(&self, viewer: &Viewer, catalogue: &Catalogue, object: &ObjectDef) -> Option<FieldPath> {
        let field = object.field(&object.title)?;
        let access = self.access(catalogue);
        let shown = access.can_show(viewer, object, field);
        shown.then(|| FieldPath { mask: access.mask(viewer, object, field), ..FieldPath::of(&object.title) })
    }

    /// The title of a record at hand, as far as the viewer may see it.
    pub(crate) fn title_of(
        &self,
        viewer: &Viewer,
        catalogue: &Catalogue,
        object: &ObjectDef,
        record: &Record,
    ) -> Option<String> {
        let path = self.title_path(viewer, catalogue, object)?;
        masked(path.mask, record.get(&object.title).clone()).as_text().map(str::to_owned)
    }

    /// The text that names a record.
    pub(crate) fn title_text(&self, object: &ObjectDef, value: &Value) -> String {
        let text = value.as_text().unwrap_or_default();
        let field = object.field(&object.title);
        match field.and_then(|field| field.option(text)) {
            Some(option) => option.label.zh.clone(),
            None => short_title(text),
        }
    }

    /// A whole record as the viewer may see it, with what he may do with it.
    pub(crate) async fn present_record(
        &self,
        viewer: &Viewer,
        object: &ObjectDef,
        record: Record,
    ) -> Result<Map<String, Json>> {
        let catalogue = self.catalogue();
        let access = self.access(&catalogue);
        let veiled = access.veiled(viewer, object, |field| record.get(field));
        let mut record = record;
        for field in veiled {
            record.values.remove(&field);
        }
        let fields: Vec<&FieldDef> = object
            .fields
            .values()
            .filter(|field| field.storage() != Kind::Id || field.name != "id")
            .filter(|field| access.can_show(viewer, object, field))
            .collect();
        let titles = self
            .titles_for(viewer, &catalogue, fields.iter().map(|field| (*field, record.get(&field.name))).collect())
            .await?;
        let mut out = Map::new();
        out.insert("id".into(), json!(record.id));
        out.insert("version".into(), json!(record.version));
        for field in fields {
            let value = record.get(&field.name);
            let json = match access.mask(viewer, object, field) {
                Some(mask) => titles.value(field, &masked(Some(mask), value.clone())),
                None => titles.value(field, value),
            };
            out.insert(field.name.clone(), json);
        }
        let reach = self.reach_of(viewer, &catalogue, object);
        let (owner, department) = (record.get("owner").as_id(), record.get("department").as_id());
        let mut can = self.what_can(&reach, owner, department, false).await?;
        let shared = reach[0].1.shared();
        if !can.contains(&"update") && !shared.is_nothing() {
            let sql = records::select(self.inner.database.dialect(), object, &[record.id], &shared, Life::Any);
            if !self.inner.database.read_few(sql).await?.is_empty() {
                can.insert(0, "update");
            }
        }
        out.insert("_can".into(), json!(can));
        Ok(out)
    }

    /// The records of an object that the viewer may change and those he may delete.
    pub(crate) fn reach_of(
        &self,
        viewer: &Viewer,
        catalogue: &Catalogue,
        object: &ObjectDef,
    ) -> [(&'static str, RowFilter); 2] {
        let access = self.access(catalogue);
        [(Verb::Update, "update"), (Verb::Delete, "delete")]
            .map(|(verb, word)| (word, access.rows(viewer, object, verb)))
    }

    /// What the viewer may do with a record that he reads: decided from its owner and department, as the SQL would, and from
    /// whether it is shared with him to change.
    pub(crate) async fn what_can(
        &self,
        reach: &[(&'static str, RowFilter)],
        owner: Option<Uuid>,
        department: Option<Uuid>,
        shared: bool,
    ) -> Result<Vec<&'static str>> {
        let mut can = Vec::new();
        for (word, rows) in reach {
            if (shared && *word == "update") || self.holds(rows, owner, department).await? {
                can.push(*word);
            }
        }
        Ok(can)
    }

    /// Is a record with this owner and department within a filter, as the SQL would say?
    pub(crate) async fn holds(&self, rows: &RowFilter, owner: Option<Uuid>, department: Option<Uuid>) -> Result<bool> {
        let RowFilter::Any(terms) = rows else { return Ok(true) };
        for term in terms {
            let holds = match term {
                RowTerm::Owner(user) => owner == Some(*user),
                RowTerm::In(departments) => department.is_some_and(|department| departments.contains(&department)),
                RowTerm::Under(departments) => self.is_below(departments, department).await?,
                // A line of another record: what may be done with it is said by that record.
                RowTerm::Via { .. } => true,
                // What is shared is asked of the database.
                RowTerm::Shared { .. } | RowTerm::Matching { .. } => false,
            };
            if holds {
                return Ok(true);
            }
        }
        Ok(false)
    }

    async fn is_below(&self, above: &[Uuid], department: Option<Uuid>) -> Result<bool> {
        let Some(department) = department else { return Ok(false) };
        let tree = self.department_tree().await?;
        Ok(above.iter().any(|id| tree.get(id).is_some_and(|below| below.contains(&department))))
    }
}
