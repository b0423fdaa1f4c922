//! The audit as a table: a row for every field that a change touched, in constant memory.

use super::{
    export::{Format, Written, cancelled, fits, partial_of},
    import::blocking,
    state::Control,
    tables::{Cell, Cells, Table},
};
use crate::{AuditFilter, Engine, Result, history::ChangedField};
use guanxi_access::Viewer;
use guanxi_model::{FieldDef, FieldType, Label, Lang};
use guanxi_store::{audit, changes::Change};
use serde_json::{Value as Json, json};
use std::{collections::HashMap, path::Path};

/// What such an export is called where records' exports have their object.
pub(super) const AUDIT: &str = "audit";
/// Changes of one query.
const PAGE: usize = 500;

/// Headings and words of the table.
pub(super) struct AuditTable;

impl AuditTable {
    /// What it is called.
    pub fn title() -> Label {
        Label::new("审计", "Audit")
    }

    fn headings(lang: Lang) -> Vec<String> {
        let columns = [
            ("时间", "Time"),
            ("用户", "User"),
            ("途径", "By way of"),
            ("地址", "Address"),
            ("对象", "Object"),
            ("记录", "Record"),
            ("记录 ID", "Record id"),
            ("操作", "Action"),
            ("字段", "Field"),
            ("修改前", "Before"),
            ("修改后", "After"),
            ("原因", "Reason"),
            ("版本", "Version"),
            ("序号", "Number"),
        ];
        columns.map(|(zh, en)| Label::new(zh, en).get(lang).to_owned()).to_vec()
    }
}

impl Engine {
    /// Writes what the audit finds to a file; answers the number of rows.
    ///
    /// # Errors
    /// As [`Engine::audit`]; `cancelled` when it was told to stop; `bad_file` when the file cannot be written.
    pub(super) async fn audit_file(
        &self,
        viewer: &Viewer,
        filter: &AuditFilter,
        format: Format,
        path: &Path,
        control: &Control,
        written: &mut Written<'_>,
    ) -> Result<u64> {
        self.require_administrator(viewer)?;
        let partial = partial_of(path);
        let result = self.write_audit(viewer, filter, format, &partial, control, written).await;
        self.finish_export(viewer, (AUDIT, &AuditTable::title().zh), &partial, path, result).await
    }

    async fn write_audit(
        &self,
        viewer: &Viewer,
        filter: &AuditFilter,
        format: Format,
        path: &Path,
        control: &Control,
        written: &mut Written<'_>,
    ) -> Result<u64> {
        let catalogue = self.catalogue();
        let mut search = self.audit_search(&catalogue, filter)?;
        let cells = Cells { lang: viewer.lang, zone: self.settings().zone.clone(), paths: HashMap::new() };
        let mut stamp = FieldDef::new("at", FieldType::Datetime, Label::default());
        stamp.system = true;
        let mut table = Table::create(format, path)?;
        table.headings(&AuditTable::headings(viewer.lang))?;
        let mut rows = 0;
        loop {
            if control.is_cancelled() {
                return Err(cancelled());
            }
            let found = audit::search(self.database(), &search, PAGE).await?;
            let shown = self.shown_changes(viewer, &catalogue, &found.changes, true).await?;
            let more: usize = shown.entries.iter().map(|(_, fields)| fields.len().max(1)).sum();
            control.cover(rows + more as u64).await?;
            for (change, fields) in &shown.entries {
                let title = |json: Json| json["title"].as_str().map(str::to_owned).unwrap_or_default();
                let user = change.actor.map(|actor| title(shown.titles.reference(actor))).unwrap_or_default();
                let object = catalogue.object(&change.object);
                let label = object.map_or(change.object.as_str(), |object| object.label.get(viewer.lang));
                let record = title(shown.titles.reference(change.record));
                let line = |field: Option<&ChangedField<'_>>| {
                    let side = |value: &guanxi_model::Value, field: &FieldDef| {
                        cells.cell(field, &shown.titles.value(field, value))
                    };
                    let (name, before, after) = match field {
                        Some((field, before, after)) => (
                            Cell::Text(field.label.get(viewer.lang).to_owned()),
                            side(before, field),
                            side(after, field),
                        ),
                        None => (Cell::Empty, Cell::Empty, Cell::Empty),
                    };
                    let text = |text: &str| Cell::Text(text.to_owned());
                    [
                        cells.cell(&stamp, &json!(change.at)),
                        text(&user),
                        text(door(&change.via, viewer.lang)),
                        text(change.address.as_deref().unwrap_or_default()),
                        text(label),
                        text(&record),
                        text(&change.record.to_string()),
                        text(action(change, viewer.lang)),
                        name,
                        before,
                        after,
                        text(change.reason.as_deref().unwrap_or_default()),
                        Cell::Number(change.version.to_string()),
                        Cell::Number(change.seq.to_string()),
                    ]
                };
                rows += fields.len().max(1) as u64;
                fits(format, rows)?;
                if fields.is_empty() {
                    table.row(line(None).into_iter())?;
                }
                for field in fields {
                    table.row(line(Some(field)).into_iter())?;
                }
            }
            written(rows);
            search.before = found.next;
            if found.next.is_none() {
                break;
            }
        }
        blocking(move || table.finish()).await?;
        Ok(rows)
    }
}

fn door(via: &str, lang: Lang) -> &str {
    match (via, lang) {
        ("page", Lang::Zh) => "页面",
        ("page", Lang::En) => "page",
        ("api", _) => "API",
        ("import", Lang::Zh) => "导入",
        ("rule", Lang::Zh) => "规则",
        ("system", Lang::Zh) => "系统",
        (other, _) => other,
    }
}

fn action(change: &Change, lang: Lang) -> &'static str {
    use guanxi_store::changes::ChangeKind::{Create, Delete, Purge, Restore, Update};
    match (change.kind, lang) {
        (Create, Lang::Zh) => "新建",
        (Update, Lang::Zh) => "修改",
        (Delete, Lang::Zh) => "删除",
        (Restore, Lang::Zh) => "恢复",
        (Purge, Lang::Zh) => "彻底删除",
        (kind, Lang::En) => kind.as_str(),
    }
}
