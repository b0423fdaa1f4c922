//! Exports: the records of an object that the viewer may see, as CSV or XLSX, in constant memory. What is exported can be
//! imported again as it is.

use super::{
    cell::guarded,
    import::blocking,
    source::bad,
    state::Control,
    tables::{Cells, Table},
};
use crate::access_log::{Entry, Kind};
use crate::{Engine, Error, Result};
use guanxi_access::{Ability, Viewer};
use guanxi_model::{Catalogue, FieldDef, ObjectDef, Trait, error::excerpt};
use guanxi_store::query::{FieldPath, Life, Start};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    sync::Arc,
};
use uuid::Uuid;

/// Records of one query.
const PAGE: usize = 1000;
/// Rows of a sheet.
const MAX_SHEET: u64 = 1_048_575;

/// Where a file is written until it is whole.
pub(super) fn partial_of(path: &Path) -> PathBuf {
    let mut partial = path.as_os_str().to_owned();
    partial.push(".part");
    PathBuf::from(partial)
}

/// A job that was told to stop.
pub(super) fn cancelled() -> Error {
    Error::conflict("cancelled", "导出已取消", "the export was cancelled")
}

/// Refuses what does not fit a sheet.
pub(super) fn fits(format: Format, rows: u64) -> Result<()> {
    if format == Format::Xlsx && rows > MAX_SHEET {
        return Err(Error::bad(
            "too_many_rows",
            format!("超过 Excel 的 {MAX_SHEET} 行上限，请导出为 CSV 或缩小范围"),
            format!("more than the {MAX_SHEET} rows of a sheet; export as CSV or narrow the filter"),
        ));
    }
    Ok(())
}

/// What an export is written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// UTF-8 with byte-order mark, so that Excel reads it.
    #[default]
    Csv,
    /// One sheet.
    Xlsx,
}

impl Format {
    /// The ending of such a file.
    pub fn ending(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
        }
    }
}

/// What is to be exported.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ExportRequest {
    /// Which object.
    pub object: String,
    /// As what.
    pub format: Format,
    /// Fields in order; all readable ones when unset. As text with commas, or a list.
    pub fields: Option<Json>,
    /// As in lists.
    pub filter: Option<Json>,
    /// As in lists.
    pub sort: Option<String>,
}

impl ExportRequest {
    /// Reads what a client sent.
    ///
    /// # Errors
    /// `bad_export` naming the part that is wrong.
    pub fn from_json(json: &Json) -> Result<Self> {
        serde_json::from_value(json.clone())
            .map_err(|error| Error::bad("bad_export", format!("导出请求有误：{error}"), error.to_string()))
    }

    fn field_names(&self) -> Result<Option<Vec<String>>> {
        match &self.fields {
            None | Some(Json::Null) => Ok(None),
            Some(Json::String(text)) => {
                Ok(Some(text.split(',').map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()).collect()))
            }
            Some(Json::Array(names)) if names.iter().all(Json::is_string) => {
                Ok(Some(names.iter().filter_map(|name| name.as_str().map(str::to_owned)).collect()))
            }
            Some(_) => Err(Error::bad("bad_export", "fields 应为字段名的列表", "fields is a list of field names")),
        }
    }
}

/// Called with the number of rows written.
pub type Written<'a> = dyn FnMut(u64) + Send + 'a;

impl Engine {
    /// Checks a request without reading a record.
    ///
    /// # Errors
    /// 403 without the right to export; bad fields, filters and sort orders are named.
    pub fn check_export(&self, viewer: &Viewer, request: &ExportRequest) -> Result<Arc<ObjectDef>> {
        let catalogue = self.catalogue();
        let object = catalogue.object(&request.object).ok_or(Error::NotFound)?;
        self.require_ability(viewer, Ability::Export, object)?;
        self.parse_filter(viewer, &catalogue, object, request.filter.as_ref())?;
        self.parse_sort(viewer, &catalogue, object, request.sort.as_deref())?;
        self.columns(viewer, &catalogue, object, request.field_names()?.as_deref())?;
        Ok(object.clone())
    }

    /// Writes an export to a file; answers the number of rows. A file that is there already is replaced only by a whole one.
    ///
    /// # Errors
    /// As [`Engine::check_export`]; `cancelled` when it was told to stop; `bad_file` when the file cannot be written.
    pub async fn export_file(
        &self,
        viewer: &Viewer,
        request: &ExportRequest,
        path: &Path,
        control: &Control,
        written: &mut Written<'_>,
    ) -> Result<u64> {
        let object = self.check_export(viewer, request)?;
        let partial = partial_of(path);
        let result = self.write_export(viewer, request, &partial, control, written).await;
        self.finish_export(viewer, (&object.name, &object.label.zh), &partial, path, result).await
    }

    /// Puts a whole file in its place once the access log has its entry; takes a broken one away.
    pub(super) async fn finish_export(
        &self,
        viewer: &Viewer,
        (object, label): (&str, &str),
        partial: &Path,
        path: &Path,
        result: Result<u64>,
    ) -> Result<u64> {
        let finished = async {
            let rows = result?;
            let mut entry = Entry::of(viewer, Kind::Export, format!("{label} {rows}"));
            (entry.object, entry.rows) = (Some(object.to_owned()), i64::try_from(rows).ok());
            self.log_access(entry).await?;
            std::fs::rename(partial, path).map_err(|error| {
                bad(
                    format!("无法写入 {}：{error}", path.display()),
                    format!("cannot write {}: {error}", path.display()),
                )
            })?;
            Ok(rows)
        };
        let rows = finished.await.inspect_err(|_: &Error| {
            let _ = std::fs::remove_file(partial);
        })?;
        tracing::info!(object, user = viewer.login, system = viewer.is_system(), rows, file = %path.display(), "records exported");
        Ok(rows)
    }

    async fn write_export(
        &self,
        viewer: &Viewer,
        request: &ExportRequest,
        path: &Path,
        control: &Control,
        written: &mut Written<'_>,
    ) -> Result<u64> {
        let catalogue = self.catalogue();
        let object = catalogue.object(&request.object).ok_or(Error::NotFound)?;
        let filter = self.parse_filter(viewer, &catalogue, object, request.filter.as_ref())?;
        let sort = self.parse_sort(viewer, &catalogue, object, request.sort.as_deref())?;
        let named = request.field_names()?;
        let mut columns = self.columns(viewer, &catalogue, object, named.as_deref())?;
        if named.is_none() {
            columns.retain(|(_, column)| !column.field.hidden);
        }
        let fields: Vec<&FieldDef> = columns.iter().map(|(_, column)| column.field).collect();
        let paths = self.tree_paths(viewer, &catalogue, &fields).await?;
        let cells = Cells { lang: viewer.lang, zone: self.settings().zone.clone(), paths };
        let mut table = Table::create(request.format, path)?;
        let headings: Vec<String> =
            columns.iter().map(|(path, column)| heading(&catalogue, object, path, column.field, viewer)).collect();
        table.headings(&headings)?;
        let mut start = Start::First;
        let mut rows = 0;
        loop {
            if control.is_cancelled() {
                return Err(cancelled());
            }
            let (items, mut positions) = self
                .read_page(viewer, &catalogue, object, &columns, &filter, &sort, &start, PAGE, Life::Living)
                .await?;
            rows += items.len() as u64;
            fits(request.format, rows)?;
            control.cover(rows).await?;
            self.has_read(viewer, items.len());
            let whole = items.len() == PAGE;
            for item in &items {
                let row = columns
                    .iter()
                    .map(|(_, column)| cells.cell(column.field, item.get(&column.name).unwrap_or(&Json::Null)));
                table.row(row)?;
            }
            written(rows);
            let Some(mut position) = positions.pop().filter(|_| whole) else { break };
            let Some(id) = position.pop().and_then(|value| value.as_id()) else { break };
            start = Start::After(position, id);
        }
        blocking(move || table.finish()).await?;
        Ok(rows)
    }

    /// The paths of all places in the trees that some fields point into.
    async fn tree_paths(
        &self,
        viewer: &Viewer,
        catalogue: &Catalogue,
        fields: &[&FieldDef],
    ) -> Result<HashMap<String, HashMap<Uuid, String>>> {
        let mut out = HashMap::new();
        for target in fields.iter().filter_map(|field| field.target()) {
            let Some(object) = catalogue.object(target).filter(|object| object.has(Trait::Tree)) else { continue };
            if out.contains_key(target) {
                continue;
            }
            let rows = self.readable(catalogue, viewer, object);
            let Some(title) = self.title_path(viewer, catalogue, object) else { continue };
            let mut sql = self.database().sql();
            sql.push("SELECT t.id, ");
            sql.dialect.shown(&mut sql, "t", &object.title, title.mask);
            sql.push(", t.parent FROM ").ident(&object.name).push(" t WHERE t.deleted_at IS NULL");
            if rows != guanxi_access::RowFilter::All {
                sql.push(" AND ");
                guanxi_store::query::scope(&mut sql, &rows, "t", 0);
            }
            sql.returning([guanxi_model::Kind::Id, guanxi_model::Kind::Text, guanxi_model::Kind::Id]);
            let nodes: HashMap<Uuid, (String, Option<Uuid>)> = self
                .database()
                .read(sql)
                .await?
                .into_iter()
                .filter_map(|row| Some((row[0].as_id()?, (row[1].as_text()?.to_owned(), row[2].as_id()))))
                .collect();
            let paths = nodes.keys().filter_map(|id| Some((*id, path_of(&nodes, *id)?))).collect();
            out.insert(target.to_owned(), paths);
        }
        Ok(out)
    }
}

/// 销售部/华东; nothing where a name has a stroke in it or the tree is broken.
fn path_of(nodes: &HashMap<Uuid, (String, Option<Uuid>)>, id: Uuid) -> Option<String> {
    let mut names = Vec::new();
    let mut at = Some(id);
    while let Some(id) = at {
        let (name, above) = nodes.get(&id)?;
        if names.len() > 50 || name.contains('/') {
            return None;
        }
        names.push(name.as_str());
        at = *above;
    }
    names.reverse();
    Some(names.join("/"))
}

/// A column's heading: the field's label, with those of the lookups before it.
fn heading(catalogue: &Catalogue, object: &ObjectDef, path: &FieldPath, field: &FieldDef, viewer: &Viewer) -> String {
    let mut parts = Vec::new();
    let mut current = Some(object);
    for step in &path.via {
        let walked = current.and_then(|object| object.field(step));
        parts.extend(walked.map(|field| field.label.get(viewer.lang)));
        current = walked.and_then(FieldDef::target).and_then(|name| catalogue.object(name)).map(AsRef::as_ref);
    }
    parts.push(field.label.get(viewer.lang));
    guarded(&excerpt(&parts.join(" / "))).into_owned()
}
