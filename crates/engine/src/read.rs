//! Reading records: one, or a page of many.

use crate::{Engine, Error, Result, present::ColumnOut};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use guanxi_access::{Verb, Viewer};
use guanxi_model::field::FieldAccess;
use guanxi_model::{Catalogue, FieldDef, FieldType, Filter, Kind, ObjectDef, Value, coerce, pinyin};
use guanxi_store::{
    query::{FieldPath, Hints, Life, Query, SortKey, Start, scope},
    records,
    sql::{Row, Sql},
};
use serde_json::{Map, Value as Json, json};
use uuid::Uuid;

/// Most records a page can have.
pub const MAX_PAGE: usize = 200;

/// What a list is asked for; see the API documentation for the forms.
#[derive(Debug, Clone, Default)]
pub struct ListRequest {
    /// Filter in its JSON form.
    pub filter: Option<Json>,
    /// `-amount,name`
    pub sort: Option<String>,
    /// Fields; unset: all that the viewer may read.
    pub fields: Option<Vec<String>>,
    /// 1 to [`MAX_PAGE`].
    pub limit: Option<usize>,
    /// `next` of the page before.
    pub cursor: Option<String>,
    /// Begin at this value of the first sort field.
    pub seek: Option<String>,
    /// Also count all matches.
    pub count: bool,
}

/// A page of a list.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    /// Records.
    pub items: Vec<Map<String, Json>>,
    /// Cursor of the next page.
    pub next: Option<String>,
    /// How many there are in all, if asked.
    pub total: Option<i64>,
}

/// A list's request, understood.
struct Listing<'c> {
    filter: Filter,
    sort: Vec<SortKey>,
    columns: Vec<(FieldPath, ColumnOut<'c>)>,
    start: Start,
    limit: usize,
}

impl Page {
    /// As the API answers it.
    pub fn into_json(self) -> Json {
        let mut out = Map::new();
        out.insert("items".into(), Json::Array(self.items.into_iter().map(Json::Object).collect()));
        out.insert("next".into(), self.next.into());
        if let Some(total) = self.total {
            out.insert("total".into(), total.into());
        }
        Json::Object(out)
    }
}

impl Engine {
    /// One record, with the fields the viewer may read.
    ///
    /// # Errors
    /// [`Error::NotFound`] also where he may not know that it exists.
    pub async fn get(
        &self,
        viewer: &Viewer,
        object: &str,
        id: Uuid,
        fields: Option<&[String]>,
    ) -> Result<Map<String, Json>> {
        let catalogue = self.catalogue();
        let definition = catalogue.object(object).ok_or(Error::NotFound)?;
        let access = self.access(&catalogue);
        let rows = access.rows(viewer, definition, Verb::Read);
        if rows.is_nothing() {
            return Err(Error::NotFound);
        }
        self.has_read(viewer, 1);
        // What the viewer may not see, or not whole, is not even read.
        let whole = definition.fields.values().all(|field| access.can_read(viewer, definition, field))
            && access.veils(viewer, definition).is_empty();
        if fields.is_some() || !whole {
            let filter = Filter::Is(guanxi_model::Condition {
                via: Vec::new(),
                object: object.to_owned(),
                field: "id".to_owned(),
                operator: guanxi_model::Operator::Eq,
                operand: guanxi_model::Operand::One(Value::Id(id)),
            });
            let columns = self.columns(viewer, &catalogue, definition, fields)?;
            let page = self
                .read_page(viewer, &catalogue, definition, &columns, &filter, &[], &Start::First, 1, Life::Living)
                .await?;
            return page.0.into_iter().next().ok_or(Error::NotFound);
        }
        let record =
            records::get(&self.inner.database, definition, id, &rows, Life::Living).await?.ok_or(Error::NotFound)?;
        self.present_record(viewer, definition, record).await
    }

    /// A page of records.
    ///
    /// # Errors
    /// Bad filters, sort orders and cursors are named.
    pub async fn list(&self, viewer: &Viewer, object: &str, request: &ListRequest) -> Result<Page> {
        let catalogue = self.catalogue();
        let definition = catalogue.object(object).ok_or(Error::NotFound)?;
        let Listing { filter, sort, columns, start, limit } = self.listing(viewer, &catalogue, definition, request)?;
        let (mut items, mut positions) = self
            .read_page(viewer, &catalogue, definition, &columns, &filter, &sort, &start, limit + 1, Life::Living)
            .await?;
        let more = items.len() > limit;
        items.truncate(limit);
        positions.truncate(limit);
        let next = if more { positions.pop().map(|position| encode_cursor(&sort, &position)) } else { None };
        let total = if request.count { Some(self.count(viewer, &catalogue, definition, &filter).await?) } else { None };
        self.has_read(viewer, items.len());
        Ok(Page { items, next, total })
    }

    /// The statement that [`Engine::list`] runs for its rows, for looking at its plan or timing it alone. What it gives is
    /// within the viewer's scope like the list itself.
    ///
    /// # Errors
    /// Bad filters, sort orders and cursors are named.
    pub async fn list_statement(&self, viewer: &Viewer, object: &str, request: &ListRequest) -> Result<Sql> {
        let catalogue = self.catalogue();
        let definition = catalogue.object(object).ok_or(Error::NotFound)?;
        let Listing { filter, sort, columns, start, limit } = self.listing(viewer, &catalogue, definition, request)?;
        Ok(self.page_statement(
            viewer,
            &catalogue,
            definition,
            &columns,
            &filter,
            &sort,
            &start,
            limit + 1,
            Life::Living,
            &self.hints(&catalogue, viewer, definition).await?,
        ))
    }

    /// Reads what a list is asked for.
    fn listing<'c>(
        &self,
        viewer: &Viewer,
        catalogue: &'c Catalogue,
        object: &'c ObjectDef,
        request: &ListRequest,
    ) -> Result<Listing<'c>> {
        let filter = self.parse_filter(viewer, catalogue, object, request.filter.as_ref())?;
        let sort = self.parse_sort(viewer, catalogue, object, request.sort.as_deref())?;
        let columns = self.columns(viewer, catalogue, object, request.fields.as_deref())?;
        let limit = request.limit.unwrap_or(50);
        if !(1..=MAX_PAGE).contains(&limit) {
            return Err(Error::bad(
                "bad_limit",
                format!("limit 应为 1 到 {MAX_PAGE}"),
                format!("limit is 1 to {MAX_PAGE}"),
            ));
        }
        let start = match (&request.cursor, &request.seek) {
            (Some(cursor), _) => decode_cursor(catalogue, object, &sort, cursor)?,
            (None, Some(seek)) => self.seek(catalogue, object, &sort, seek)?,
            (None, None) => Start::First,
        };
        Ok(Listing { filter, sort, columns, start, limit })
    }

    #[expect(clippy::too_many_arguments, reason = "the parts of one statement")]
    fn page_statement(
        &self,
        viewer: &Viewer,
        catalogue: &Catalogue,
        object: &ObjectDef,
        columns: &[(FieldPath, ColumnOut<'_>)],
        filter: &Filter,
        sort: &[SortKey],
        start: &Start,
        limit: usize,
        life: Life,
        hints: &Hints,
    ) -> Sql {
        let scopes = self.sight(catalogue, viewer);
        let paths: Vec<FieldPath> = columns.iter().map(|(path, _)| path.clone()).collect();
        let mut sql = Query::new(catalogue, object, &scopes, self.inner.database.dialect())
            .life(life)
            .knowing(hints)
            .page(&paths, filter, sort, start, limit);
        // The version goes with every record, and whose it is where that decides what may be done with it.
        let from = sql.text.find(" FROM ").unwrap_or(sql.text.len());
        let stamps = if object.is_owned() { ", t.version, t.owner, t.department" } else { ", t.version" };
        let rest = sql.text.split_off(from);
        sql.push(stamps);
        sql.columns.push(Kind::Int);
        if object.is_owned() {
            sql.columns.extend([Kind::Id, Kind::Id]);
        }
        let shared = self.access(catalogue).rows(viewer, object, Verb::Update).shared();
        if !shared.is_nothing() {
            let mut part = Sql::new(sql.dialect);
            scope(&mut part, &shared, "t", 0);
            sql.push(", ").append(part);
            sql.columns.push(Kind::Bool);
        }
        sql.text.push_str(&rest);
        sql
    }

    pub(crate) async fn count(
        &self,
        viewer: &Viewer,
        catalogue: &Catalogue,
        object: &ObjectDef,
        filter: &Filter,
    ) -> Result<i64> {
        let scopes = self.sight(catalogue, viewer);
        let sql = Query::new(catalogue, object, &scopes, self.inner.database.dialect()).count(filter);
        let rows = self.inner.database.read(sql).await?;
        Ok(rows.first().and_then(|row| row[0].as_int()).unwrap_or_default())
    }

    /// Runs a page; answers records as JSON and their positions (sort values and id).
    #[expect(clippy::too_many_arguments, reason = "the parts of one statement")]
    pub(crate) async fn read_page(
        &self,
        viewer: &Viewer,
        catalogue: &Catalogue,
        object: &ObjectDef,
        columns: &[(FieldPath, ColumnOut<'_>)],
        filter: &Filter,
        sort: &[SortKey],
        start: &Start,
        limit: usize,
        life: Life,
    ) -> Result<(Vec<Map<String, Json>>, Vec<Row>)> {
        let hints = self.hints(catalogue, viewer, object).await?;
        let sql = self.page_statement(viewer, catalogue, object, columns, filter, sort, start, limit, life, &hints);
        let rows = self.inner.database.read(sql).await?;
        let cells = rows
            .iter()
            .flat_map(|row| columns.iter().zip(row).map(|((_, column), value)| (column.field, value)))
            .collect();
        let titles = self.titles_for(viewer, catalogue, cells).await?;
        let reach = self.reach_of(viewer, catalogue, object);
        let shares = !reach[0].1.shared().is_nothing();
        let mut items = Vec::with_capacity(rows.len());
        let mut positions = Vec::with_capacity(rows.len());
        for mut row in rows {
            let shared = shares && row.pop().and_then(|value| value.as_bool()) == Some(true);
            let (mut owner, mut department) = (None, None);
            if object.is_owned() {
                department = row.pop().and_then(|value| value.as_id());
                owner = row.pop().and_then(|value| value.as_id());
            }
            let version = row.pop().and_then(|value| value.as_int()).unwrap_or_default();
            let mut item = Map::new();
            let position = row.split_off(columns.len());
            item.insert("id".into(), json!(position.last().and_then(Value::as_id)));
            item.insert("version".into(), json!(version));
            for ((_, column), value) in columns.iter().zip(&row) {
                item.insert(column.name.clone(), titles.value(column.field, value));
            }
            let can = self.what_can(&reach, owner, department, shared).await?;
            item.insert("_can".into(), json!(can));
            items.push(item);
            positions.push(position);
        }
        Ok((items, positions))
    }

    /// The columns of a result: all readable fields, or those named.
    pub(crate) fn columns<'c>(
        &self,
        viewer: &Viewer,
        catalogue: &'c Catalogue,
        object: &'c ObjectDef,
        named: Option<&[String]>,
    ) -> Result<Vec<(FieldPath, ColumnOut<'c>)>> {
        let access = self.access(catalogue);
        let Some(named) = named else {
            return Ok(object
                .fields
                .values()
                .filter(|field| field.kind != FieldType::Id && access.can_show(viewer, object, field))
                .map(|field| {
                    let mask = access.mask(viewer, object, field);
                    let path = FieldPath { mask, ..FieldPath::of(&field.name) };
                    (path, ColumnOut { name: field.name.clone(), field })
                })
                .collect());
        };
        let mut columns = Vec::new();
        for name in
            named.iter().map(|name| name.trim()).filter(|name| !name.is_empty() && *name != "id" && *name != "version")
        {
            let (path, field) = self.path(viewer, catalogue, object, name, FieldAccess::Masked)?;
            if !columns.iter().any(|(known, _): &(FieldPath, ColumnOut<'_>)| *known == path) {
                columns.push((path, ColumnOut { name: name.to_owned(), field }));
            }
        }
        if columns.len() > 100 {
            return Err(Error::bad("too_many_fields", "最多 100 个字段", "at most 100 fields"));
        }
        Ok(columns)
    }

    /// A dotted path all of whose fields the viewer may read: to filter, sort and group by.
    pub(crate) fn readable_path<'c>(
        &self,
        viewer: &Viewer,
        catalogue: &'c Catalogue,
        object: &'c ObjectDef,
        name: &str,
    ) -> Result<(FieldPath, &'c FieldDef)> {
        self.path(viewer, catalogue, object, name, FieldAccess::Read)
    }

    /// A dotted path whose lookups the viewer may read, and with whose last field he may do so much.
    fn path<'c>(
        &self,
        viewer: &Viewer,
        catalogue: &'c Catalogue,
        object: &'c ObjectDef,
        name: &str,
        least: FieldAccess,
    ) -> Result<(FieldPath, &'c FieldDef)> {
        let unknown = || {
            let name = guanxi_model::error::excerpt(name);
            Error::bad("unknown_field", format!("没有字段“{name}”"), format!("there is no field “{name}”"))
        };
        let (via, owner, field) = catalogue.resolve(object, name).ok_or_else(unknown)?;
        let access = self.access(catalogue);
        let mut current = object;
        for step in &via {
            let walked =
                current.field(step).filter(|field| access.can_read(viewer, current, field)).ok_or_else(unknown)?;
            current = walked.target().and_then(|target| catalogue.object(target)).ok_or_else(unknown)?;
        }
        if access.field(viewer, owner, field) < least {
            return Err(unknown());
        }
        Ok((FieldPath { via, field: field.name.clone(), mask: access.mask(viewer, owner, field) }, field))
    }

    /// Parses a filter and refuses fields that the viewer may not read.
    pub(crate) fn parse_filter(
        &self,
        viewer: &Viewer,
        catalogue: &Catalogue,
        object: &ObjectDef,
        filter: Option<&Json>,
    ) -> Result<Filter> {
        let Some(json) = filter else { return Ok(Filter::all()) };
        let filter = Filter::parse(json, catalogue, object, &self.filter_context(viewer))?;
        for condition in filter.conditions() {
            let mut path = condition.via.clone();
            path.push(condition.field.clone());
            self.readable_path(viewer, catalogue, object, &path.join("."))
                .map_err(|error| Error::bad("bad_filter", error.message().zh, error.message().en))?;
        }
        Ok(filter)
    }

    pub(crate) fn parse_sort(
        &self,
        viewer: &Viewer,
        catalogue: &Catalogue,
        object: &ObjectDef,
        sort: Option<&str>,
    ) -> Result<Vec<SortKey>> {
        let mut keys: Vec<SortKey> = Vec::new();
        for part in sort.unwrap_or("").split(',').map(str::trim).filter(|part| !part.is_empty()) {
            let (descending, name) = part.strip_prefix('-').map_or((false, part), |name| (true, name));
            let (path, field) = self
                .readable_path(viewer, catalogue, object, name)
                .map_err(|error| Error::bad("bad_sort", error.message().zh, error.message().en))?;
            // By a lookup means by the title that it shows.
            let titled = field.target().and_then(|target| catalogue.object(target)).is_none_or(|target| {
                self.title_path(viewer, catalogue, target).is_some_and(|title| title.mask.is_none())
            });
            if !field.sortable() || !titled {
                return Err(Error::bad(
                    "bad_sort",
                    format!("不能按“{}”排序", field.label.zh),
                    format!("cannot sort by “{}”", field.label.en),
                ));
            }
            if !keys.iter().any(|key| key.path == path) {
                keys.push(SortKey { path, descending });
            }
        }
        if keys.len() > 3 {
            return Err(Error::bad("bad_sort", "最多按 3 个字段排序", "at most 3 fields to sort by"));
        }
        Ok(keys)
    }

    fn seek(&self, catalogue: &Catalogue, object: &ObjectDef, sort: &[SortKey], text: &str) -> Result<Start> {
        let bad = || {
            Error::bad(
                "bad_seek",
                "seek 需要先指定排序字段，且值要与之相符",
                "seek needs a sort field and a value that fits it",
            )
        };
        let key = sort.first().filter(|key| key.path.via.is_empty()).ok_or_else(bad)?;
        let field = object.field(&key.path.field).ok_or_else(bad)?;
        let by_title = field
            .target()
            .and_then(|target| catalogue.object(target))
            .is_some_and(|target| target.field(&target.title).is_some_and(|title| target.has_sort_key(title)));
        if object.has_sort_key(field) || by_title {
            // A descending list begins with the largest name under the letter.
            let end = if key.descending { "\u{10FFFF}" } else { "" };
            return Ok(Start::Seek(Value::Text(format!(
                "{}{end}",
                pinyin::sort_key(text).split('\u{1}').next().unwrap_or_default()
            ))));
        }
        let value = coerce::from_text(field, text, &self.coercion()).map_err(|_| bad())?;
        if value.is_null() || field.effective() == FieldType::Choice || field.kind.is_reference() {
            return Err(bad());
        }
        Ok(Start::Seek(value))
    }
}

/// A cursor carries its sort order, the sort values and the id of the last record. It opens nothing: every page is read
/// within the viewer's scope anew.
fn encode_cursor(sort: &[SortKey], position: &[Value]) -> String {
    let values: Vec<Json> = position
        .iter()
        .map(|value| match value {
            Value::Null => Json::Null,
            Value::Bool(flag) => json!({"b": flag}),
            Value::Int(number) => json!({"i": number}),
            Value::Decimal(number) => json!({"d": number.to_string()}),
            Value::Text(text) => json!({"t": text}),
            Value::Date(date) => json!({"y": date.to_string()}),
            Value::Instant(moment) => json!({"m": moment.as_microsecond()}),
            Value::Id(id) => json!({"u": id}),
            Value::List(_) => Json::Null,
        })
        .collect();
    URL_SAFE_NO_PAD.encode(json!([sort_text(sort), values]).to_string())
}

fn sort_text(sort: &[SortKey]) -> String {
    let part = |key: &SortKey| {
        let mut path = key.path.via.clone();
        path.push(key.path.field.clone());
        format!("{}{}", if key.descending { "-" } else { "" }, path.join("."))
    };
    sort.iter().map(part).collect::<Vec<_>>().join(",")
}

fn decode_cursor(catalogue: &Catalogue, object: &ObjectDef, sort: &[SortKey], cursor: &str) -> Result<Start> {
    let bad = || {
        Error::bad(
            "bad_cursor",
            "翻页标记无效，请从第一页重新开始",
            "the cursor does not fit this list; begin again at the first page",
        )
    };
    let bytes = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| bad())?;
    let (order, values): (String, Vec<Json>) = serde_json::from_slice(&bytes).map_err(|_| bad())?;
    if order != sort_text(sort) || values.len() != sort.len() + 1 {
        return Err(bad());
    }
    let mut position = Vec::with_capacity(values.len());
    for value in &values {
        let entry = value.as_object().and_then(|map| map.iter().next());
        let decoded = match entry.map(|(key, inner)| (key.as_str(), inner)) {
            None if value.is_null() => Some(Value::Null),
            Some(("b", inner)) => inner.as_bool().map(Value::Bool),
            Some(("i", inner)) => inner.as_i64().map(Value::Int),
            Some(("d", inner)) => inner
                .as_str()
                .and_then(|text| text.parse().ok())
                .filter(|number| coerce::decimal_fits(*number))
                .map(Value::Decimal),
            Some(("t", inner)) => inner.as_str().filter(|text| !text.contains('\0')).map(Value::from),
            Some(("y", inner)) => inner.as_str().and_then(|text| text.parse().ok()).map(Value::Date),
            Some(("m", inner)) => {
                inner.as_i64().and_then(|micros| jiff::Timestamp::from_microsecond(micros).ok()).map(Value::Instant)
            }
            Some(("u", inner)) => inner.as_str().and_then(|text| Uuid::try_parse(text).ok()).map(Value::Id),
            _ => None,
        };
        position.push(decoded.ok_or_else(bad)?);
    }
    for (key, value) in sort.iter().zip(&position) {
        if !value.is_null() && kind_of(value) != sort_kind(catalogue, object, key) {
            return Err(bad());
        }
    }
    let id = position.pop().and_then(|value| value.as_id()).ok_or_else(bad)?;
    Ok(Start::After(position, id))
}

fn kind_of(value: &Value) -> Option<Kind> {
    Some(match value {
        Value::Null | Value::List(_) => return None,
        Value::Bool(_) => Kind::Bool,
        Value::Int(_) => Kind::Int,
        Value::Decimal(_) => Kind::Decimal,
        Value::Text(_) => Kind::Text,
        Value::Date(_) => Kind::Date,
        Value::Instant(_) => Kind::Instant,
        Value::Id(_) => Kind::Id,
    })
}

/// What kind of value a sort key compares: choices by the place of their option, lookups by their title.
fn sort_kind(catalogue: &Catalogue, object: &ObjectDef, key: &SortKey) -> Option<Kind> {
    let mut path = key.path.via.clone();
    path.push(key.path.field.clone());
    let (_, _, field) = catalogue.resolve(object, &path.join("."))?;
    Some(match field.effective() {
        FieldType::Choice => Kind::Int,
        _ if field.kind.is_single_reference() => Kind::Text,
        _ => field.storage(),
    })
}

impl Engine {
    /// May somebody who works here read a record?
    ///
    /// # Errors
    /// The database's.
    pub async fn is_open_to(&self, user: Uuid, object: &str, id: Uuid) -> Result<bool> {
        match self.active_viewer(user).await? {
            Some(viewer) => self.may_hear(&viewer, object, id).await,
            None => Ok(false),
        }
    }

    /// May the viewer hear that this record changed? Also of one that just went to the recycle bin; of one that is gone
    /// for good only where he may read every record.
    ///
    /// # Errors
    /// The database's.
    pub async fn may_hear(&self, viewer: &Viewer, object: &str, id: Uuid) -> Result<bool> {
        let catalogue = self.catalogue();
        let Some(definition) = catalogue.object(object) else { return Ok(false) };
        let rows = self.access(&catalogue).rows(viewer, definition, Verb::Read);
        if rows == guanxi_access::RowFilter::All {
            return Ok(true);
        }
        if rows.is_nothing() {
            return Ok(false);
        }
        let sql = records::select(self.inner.database.dialect(), definition, &[id], &rows, Life::Any);
        Ok(!self.inner.database.read(sql).await?.is_empty())
    }
}
