//! Reading records: filters, scopes, sorting, paging, counting and aggregates, compiled into one statement each.

use crate::{
    Dialect, Sql,
    dialect::Period,
    schema::{SEARCH_COLUMN, sort_key_column},
};
use guanxi_access::{RowFilter, RowTerm};
use guanxi_model::{
    Catalogue, Condition, FieldDef, Filter, Kind, ObjectDef, Operand, Operator, Value, field::FieldType, regions,
};
use uuid::Uuid;

/// The rows of each object that the viewer may read; asked for every object a statement touches.
pub trait Scopes {
    /// Which rows of this object.
    fn rows(&self, object: &ObjectDef) -> RowFilter;
}

impl<F: Fn(&ObjectDef) -> RowFilter> Scopes for F {
    fn rows(&self, object: &ObjectDef) -> RowFilter {
        self(object)
    }
}

/// A field reached by walking lookups.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct FieldPath {
    /// Lookups to walk.
    pub via: Vec<String>,
    /// The field at the end.
    pub field: String,
}

/// One key of a sort order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SortKey {
    /// By what.
    pub path: FieldPath,
    /// Largest first?
    pub descending: bool,
}

/// Where a page begins.
#[derive(Debug, Clone, PartialEq)]
pub enum Start {
    /// At the first record.
    First,
    /// After the record with these sort values and this id.
    After(Vec<Value>, Uuid),
    /// At the first record whose first sort value is at or after this.
    Seek(Value),
}

/// Which of the living and the deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Life {
    /// Not in the recycle bin.
    Living,
    /// In the recycle bin.
    Deleted,
    /// Both.
    Any,
}

/// Builds statements over one object.
pub struct Query<'a> {
    catalogue: &'a Catalogue,
    object: &'a ObjectDef,
    scopes: &'a dyn Scopes,
    dialect: Dialect,
    joins: Vec<(Vec<String>, String)>,
    join_sql: Sql,
    life: Life,
}

/// How the candidates of a search are read.
#[derive(Debug, Clone)]
pub struct Candidates {
    /// Read this.
    pub first: Sql,
    /// If that gave more than were asked for, this gives the newest.
    pub newest: Option<Sql>,
}

/// A sort expression as it stands in a statement.
struct Ordered {
    alias: String,
    column: String,
    kind: Kind,
    options: Vec<String>,
    descending: bool,
    nullable: bool,
}

impl<'a> Query<'a> {
    /// A query over the records of an object that are within the viewer's scope.
    pub fn new(catalogue: &'a Catalogue, object: &'a ObjectDef, scopes: &'a dyn Scopes, dialect: Dialect) -> Self {
        Self { catalogue, object, scopes, dialect, joins: Vec::new(), join_sql: Sql::new(dialect), life: Life::Living }
    }

    /// Also or only records in the recycle bin.
    #[must_use]
    pub fn life(mut self, life: Life) -> Self {
        self.life = life;
        self
    }

    /// A page of records: the asked fields, then the sort values, then the id.
    pub fn page(mut self, fields: &[FieldPath], filter: &Filter, sort: &[SortKey], start: &Start, limit: usize) -> Sql {
        let ordered: Vec<Ordered> = sort.iter().filter_map(|key| self.ordered(key)).collect();
        let mut columns = Vec::new();
        let mut list = Sql::new(self.dialect);
        for path in fields {
            let Some((alias, field)) = self.reach(path) else { continue };
            list.column(&alias, &field.name).push(", ");
            columns.push(field.storage());
        }
        for key in &ordered {
            order_expression(&mut list, key);
            list.push(", ");
            columns.push(if key.options.is_empty() { key.kind } else { Kind::Int });
        }
        list.push("t.id");
        columns.push(Kind::Id);
        let mut condition = Sql::new(self.dialect);
        self.condition(&mut condition, filter);
        let descending = ordered.first().is_some_and(|key| key.descending);
        keyset(&mut condition, &ordered, start, descending);
        let mut sql = self.select(list, condition);
        sql.push(" ORDER BY ");
        for key in &ordered {
            order_expression(&mut sql, key);
            // As the indexes are made, also where there are no nulls: PostgreSQL takes an index only for the very same order.
            let direction = self.dialect.order(key.descending);
            sql.push(" ").push(direction).push(", ");
        }
        let by_id = if ordered.is_empty() { "ASC" } else { self.dialect.order(descending) };
        sql.push("t.id ").push(by_id).push(&format!(" LIMIT {limit}"));
        sql.returning(columns);
        sql
    }

    /// How many records match.
    pub fn count(mut self, filter: &Filter) -> Sql {
        let mut list = Sql::new(self.dialect);
        list.push("COUNT(*)");
        let mut condition = Sql::new(self.dialect);
        self.condition(&mut condition, filter);
        let mut sql = self.select(list, condition);
        sql.returning([Kind::Int]);
        sql
    }

    /// Groups and measures. Columns: one per group, then one per measure (`avg` gives sum and count).
    pub fn aggregate(
        mut self,
        groups: &[Group],
        measures: &[Measure],
        filter: &Filter,
        zone_offset: i64,
        limit: usize,
    ) -> Option<Sql> {
        let mut list = Sql::new(self.dialect);
        let mut columns = Vec::new();
        for (index, group) in groups.iter().enumerate() {
            if index > 0 {
                list.push(", ");
            }
            let (alias, field) = self.reach(&group.path)?;
            let kind = field.storage();
            match group.by {
                Some(period) => {
                    self.dialect.period(&mut list, &alias, &field.name, kind, period, zone_offset);
                    columns.push(Kind::Text);
                }
                None => {
                    list.column(&alias, &field.name);
                    columns.push(kind);
                }
            }
        }
        for (index, measure) in measures.iter().enumerate() {
            if index > 0 || !groups.is_empty() {
                list.push(", ");
            }
            match measure {
                Measure::Count => {
                    list.push("COUNT(*)");
                    columns.push(Kind::Int);
                }
                Measure::Of(function, path) => {
                    let (alias, field) = self.reach(path)?;
                    let kind = field.storage();
                    let name = match function {
                        Function::Sum => "SUM",
                        Function::Min => "MIN",
                        Function::Max => "MAX",
                        Function::CountOf => "COUNT",
                    };
                    list.push(name).push("(").column(&alias, &field.name).push(")");
                    columns.push(match (function, kind) {
                        (Function::CountOf, _) => Kind::Int,
                        (Function::Sum, Kind::Int) => {
                            if self.dialect == Dialect::Postgres {
                                list.push("::bigint");
                            }
                            Kind::Int
                        }
                        (_, kind) => kind,
                    });
                }
            }
        }
        let mut condition = Sql::new(self.dialect);
        self.condition(&mut condition, filter);
        let mut sql = self.select(list, condition);
        if !groups.is_empty() {
            let places: Vec<String> = (1..=groups.len()).map(|place| place.to_string()).collect();
            sql.push(&format!(" GROUP BY {0} ORDER BY {0}", places.join(", ")));
        }
        sql.push(&format!(" LIMIT {limit}"));
        sql.returning(columns);
        Some(sql)
    }

    /// Records that answer any of these search expressions (one at least): `limit` of them and one more where there are
    /// more, the newest as far as that is quickly told.
    pub fn search(mut self, fields: &[FieldPath], expressions: &[String], filter: &Filter, limit: usize) -> Candidates {
        let mut list = Sql::new(self.dialect);
        let mut columns = Vec::new();
        for path in fields {
            let Some((alias, field)) = self.reach(path) else { continue };
            list.column(&alias, &field.name).push(", ");
            columns.push(field.storage());
        }
        list.push("t.id");
        columns.push(Kind::Id);
        let mut condition = Sql::new(self.dialect);
        self.condition(&mut condition, filter);
        match self.dialect {
            Dialect::Sqlite => self.search_sqlite(list, condition, &columns, expressions, limit),
            Dialect::Postgres => self.search_postgres(list, condition, columns, expressions, limit),
        }
    }

    fn search_sqlite(
        mut self,
        list: Sql,
        condition: Sql,
        columns: &[Kind],
        expressions: &[String],
        limit: usize,
    ) -> Candidates {
        let mut sql = Sql::new(self.dialect);
        sql.push("SELECT ");
        append(&mut sql, list);
        let index = format!("{}__search", self.object.name);
        // CROSS JOIN fixes the order: tokens first, then the record by its row number.
        sql.push(" FROM ").ident(&index).push(" s CROSS JOIN ").ident(&self.object.name).push(" t");
        append(&mut sql, std::mem::replace(&mut self.join_sql, Sql::new(self.dialect)));
        // The index's own name as a column means all of it; that is the one form that an index without positions takes.
        sql.push(" WHERE ").column("s", &index).push(" MATCH ").bind(expressions.join(" OR "));
        sql.push(" AND t.rid = s.rowid AND ");
        append(&mut sql, condition);
        sql.returning(columns.iter().copied());
        let (mut any, mut newest) = (sql.clone(), sql);
        // Read forwards the index skips what cannot match, backwards it does not.
        any.push(&format!(" LIMIT {}", limit + 1));
        newest.push(&format!(" ORDER BY s.rowid DESC LIMIT {}", limit + 1));
        Candidates { first: any, newest: Some(newest) }
    }

    /// The planner cannot know how many records have a word; asked for the first few it would read the whole table, in the
    /// hope of meeting them soon. What stands apart is read through the index, no further than it is needed. Every
    /// expression is a condition of its own, because GIN skips what cannot match only where all words must be there.
    fn search_postgres(
        mut self,
        list: Sql,
        condition: Sql,
        columns: Vec<Kind>,
        expressions: &[String],
        limit: usize,
    ) -> Candidates {
        /// As many matches are all looked at for the newest among them.
        const FEW: usize = 2_000;
        /// Where there are more, so many of the newest records are looked at besides.
        const RECENT: usize = 4_000;
        let joins = std::mem::replace(&mut self.join_sql, Sql::new(self.dialect));
        let from = |table: &str, expressions: &[String]| {
            let mut sql = Sql::new(Dialect::Postgres);
            sql.push("SELECT ");
            append(&mut sql, list.clone());
            sql.push(" FROM ").ident(table).push(" t");
            append(&mut sql, joins.clone());
            sql.push(" WHERE ");
            append(&mut sql, condition.clone());
            for (index, expression) in expressions.iter().enumerate() {
                sql.push(if index > 0 { " OR " } else { " AND (" });
                sql.push("t.").ident(SEARCH_COLUMN).push(" @@ ").bind(expression.as_str()).push("::text::tsquery");
            }
            sql.push(")");
            sql
        };
        let mut sql = Sql::new(self.dialect);
        sql.push("WITH found AS MATERIALIZED (");
        append(&mut sql, from(&self.object.name, expressions));
        sql.push(&format!("), few AS MATERIALIZED (SELECT * FROM found LIMIT {}), ", FEW + 1));
        sql.push("recent AS MATERIALIZED (SELECT * FROM ").ident(&self.object.name);
        sql.push(&format!(" WHERE (SELECT COUNT(*) FROM few) > {FEW} ORDER BY id DESC LIMIT {RECENT}) "));
        sql.push("SELECT * FROM few UNION (");
        // Here nothing is skipped, and every condition would unpack the words of every row anew.
        append(&mut sql, from("recent", &[expressions.join(" | ")]));
        sql.push(&format!(") ORDER BY id DESC LIMIT {}", limit + 1));
        sql.returning(columns);
        sql.by_index = true;
        Candidates { first: sql, newest: None }
    }

    fn select(&mut self, list: Sql, condition: Sql) -> Sql {
        let mut sql = Sql::new(self.dialect);
        sql.push("SELECT ");
        append(&mut sql, list);
        sql.push(" FROM ").ident(&self.object.name).push(" t");
        append(&mut sql, std::mem::replace(&mut self.join_sql, Sql::new(self.dialect)));
        sql.push(" WHERE ");
        append(&mut sql, condition);
        sql
    }

    /// The condition every statement has: life, scope, filter.
    fn condition(&mut self, sql: &mut Sql, filter: &Filter) {
        sql.push(match self.life {
            Life::Living => "t.deleted_at IS NULL",
            Life::Deleted => "t.deleted_at IS NOT NULL",
            Life::Any => "1 = 1",
        });
        let rows = self.scopes.rows(self.object);
        if rows != RowFilter::All {
            sql.push(" AND ");
            scope(sql, &rows, "t", 0);
        }
        match filter {
            Filter::And(parts) if parts.is_empty() => {}
            filter => {
                sql.push(" AND ");
                self.filter(sql, filter);
            }
        }
    }

    fn filter(&mut self, sql: &mut Sql, filter: &Filter) {
        match filter {
            Filter::And(parts) | Filter::Or(parts) => {
                let (word, empty) =
                    if matches!(filter, Filter::And(_)) { (" AND ", "1 = 1") } else { (" OR ", "1 = 0") };
                sql.push("(");
                for (index, part) in parts.iter().enumerate() {
                    if index > 0 {
                        sql.push(word);
                    }
                    self.filter(sql, part);
                }
                sql.push(if parts.is_empty() { empty } else { "" }).push(")");
            }
            // A comparison with null is unknown in SQL; "not" must turn it into true.
            Filter::Not(inner) => {
                sql.push("NOT COALESCE((");
                self.filter(sql, inner);
                sql.push("), ").push(if self.dialect == Dialect::Postgres { "FALSE" } else { "0" }).push(")");
            }
            Filter::Is(condition) => self.comparison(sql, condition),
        }
    }

    fn comparison(&mut self, sql: &mut Sql, condition: &Condition) {
        let path = FieldPath { via: condition.via.clone(), field: condition.field.clone() };
        let Some((alias, field)) = self.reach(&path) else {
            sql.push("1 = 0");
            return;
        };
        let column = field.name.as_str();
        let simple = |sql: &mut Sql, operator: &str, value: &Value| {
            sql.column(&alias, column).push(operator).bind(value.clone());
        };
        sql.push("(");
        match (condition.operator, &condition.operand) {
            (Operator::IsNull, _) => {
                sql.column(&alias, column).push(" IS NULL");
            }
            (Operator::NotNull, _) => {
                sql.column(&alias, column).push(" IS NOT NULL");
            }
            (Operator::Eq, Operand::One(value)) => simple(sql, " = ", value),
            (Operator::Ne, Operand::One(value)) => {
                simple(sql, " <> ", value);
                sql.push(" OR ").column(&alias, column).push(" IS NULL");
            }
            (Operator::Lt, Operand::One(value)) => simple(sql, " < ", value),
            (Operator::Le, Operand::One(value)) => simple(sql, " <= ", value),
            (Operator::Gt, Operand::One(value)) => simple(sql, " > ", value),
            (Operator::Ge, Operand::One(value)) => simple(sql, " >= ", value),
            (Operator::In, Operand::Many(values)) if !values.is_empty() => {
                sql.column(&alias, column).push(" IN (").bind_all(values.iter().cloned()).push(")");
            }
            (Operator::NotIn, Operand::Many(values)) if !values.is_empty() => {
                sql.column(&alias, column).push(" NOT IN (").bind_all(values.iter().cloned()).push(") OR ");
                sql.column(&alias, column).push(" IS NULL");
            }
            (Operator::NotIn, Operand::Many(_)) => {
                sql.push("1 = 1");
            }
            (Operator::Contains, Operand::One(Value::Text(part))) if field.storage() == Kind::Text => {
                self.dialect.contains(sql, &alias, column, part);
            }
            (Operator::Contains, Operand::One(member)) => self.dialect.has_member(sql, &alias, column, member),
            (Operator::StartsWith, Operand::One(Value::Text(part))) => starts_with(sql, &alias, column, part),
            (Operator::Under, Operand::One(value)) => self.under(sql, &alias, field, value),
            (_, Operand::Closed(from, to)) => {
                simple(sql, " >= ", from);
                sql.push(" AND ");
                simple(sql, " <= ", to);
            }
            (_, Operand::HalfOpen(from, to)) => {
                simple(sql, " >= ", from);
                sql.push(" AND ");
                simple(sql, " < ", to);
            }
            _ => {
                sql.push("1 = 0");
            }
        }
        sql.push(")");
    }

    fn under(&self, sql: &mut Sql, alias: &str, field: &FieldDef, value: &Value) {
        match (field.effective(), value) {
            (FieldType::Region, Value::Text(code)) => {
                for (index, prefix) in regions::under_prefixes(code).into_iter().enumerate() {
                    sql.push(if index > 0 { " OR " } else { "" });
                    starts_with(sql, alias, &field.name, prefix);
                }
            }
            (FieldType::Department, value) => {
                sql.column(alias, &field.name);
                sql.push(" IN (SELECT descendant FROM _department_tree WHERE ancestor = ")
                    .bind(value.clone())
                    .push(")");
            }
            (_, value) => {
                let target = field.target().unwrap_or_default();
                sql.column(alias, &field.name).push(" IN (WITH RECURSIVE below(id) AS (SELECT id FROM ").ident(target);
                sql.push(" WHERE id = ").bind(value.clone()).push(" UNION SELECT c.id FROM ").ident(target);
                sql.push(" c JOIN below ON c.parent = below.id) SELECT id FROM below)");
            }
        }
    }

    /// Joins the lookups of a path and answers the alias and the field at its end. A record that the viewer may not read
    /// joins as nothing, so that nobody can probe it through a filter or a sort.
    fn reach(&mut self, path: &FieldPath) -> Option<(String, &'a FieldDef)> {
        let mut object = self.object;
        let mut alias = "t".to_owned();
        for depth in 0..path.via.len() {
            let field = object.field(&path.via[depth])?;
            let target: &'a ObjectDef = self.catalogue.object(field.target()?)?;
            let walked = path.via[..=depth].to_vec();
            alias = match self.joins.iter().find(|(known, _)| *known == walked) {
                Some((_, alias)) => alias.clone(),
                None => {
                    let new = format!("j{}", self.joins.len() + 1);
                    let sql = &mut self.join_sql;
                    sql.push(" LEFT JOIN ")
                        .ident(&target.name)
                        .push(&format!(" {new} ON {new}.id = "))
                        .column(&alias, &field.name);
                    let rows = self.scopes.rows(target);
                    if rows != RowFilter::All {
                        sql.push(" AND ");
                        scope(sql, &rows, &new, 0);
                    }
                    self.joins.push((walked, new.clone()));
                    new
                }
            };
            object = target;
        }
        Some((alias, object.field(&path.field)?))
    }

    fn ordered(&mut self, key: &SortKey) -> Option<Ordered> {
        let (alias, field) = self.reach(&key.path)?;
        let object = if key.path.via.is_empty() { self.object } else { self.owner_of(&key.path)? };
        let plain = |alias: String, column: String, kind, nullable| Ordered {
            alias,
            column,
            kind,
            options: Vec::new(),
            descending: key.descending,
            nullable,
        };
        let direct = key.path.via.is_empty();
        if object.has_sort_key(field) {
            return Some(plain(alias, sort_key_column(field), Kind::Text, !direct));
        }
        if let Some(target) =
            field.target().and_then(|name| self.catalogue.object(name)).filter(|_| field.kind.is_single_reference())
        {
            // Lookups sort by the title that people see.
            let mut via = key.path.via.clone();
            via.push(field.name.clone());
            let title = target.field(&target.title)?;
            let (alias, _) = self.reach(&FieldPath { via, field: title.name.clone() })?;
            let column = if target.has_sort_key(title) { sort_key_column(title) } else { title.name.clone() };
            return Some(plain(alias, column, title.storage(), true));
        }
        let mut ordered = plain(alias, field.name.clone(), field.storage(), true);
        if field.effective() == FieldType::Choice {
            ordered.options = field.options.iter().map(|option| option.value.clone()).collect();
        }
        ordered.nullable = !(direct && matches!(field.name.as_str(), "created_at" | "updated_at" | "id"));
        Some(ordered)
    }

    fn owner_of(&self, path: &FieldPath) -> Option<&'a ObjectDef> {
        path.via.iter().try_fold(self.object, |object, step| {
            let target = object.field(step)?.target()?;
            self.catalogue.object(target).map(|found| &**found)
        })
    }
}

/// A group of an aggregate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// By what.
    pub path: FieldPath,
    /// For dates: by which period.
    pub by: Option<Period>,
}

/// A function over the values of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Function {
    /// The sum.
    Sum,
    /// The smallest.
    Min,
    /// The largest.
    Max,
    /// How many are there.
    CountOf,
}

/// A measure of an aggregate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Measure {
    /// How many records.
    Count,
    /// A function of a field.
    Of(Function, FieldPath),
}

/// Adds a part that was written apart; its placeholders are numbered anew.
fn append(sql: &mut Sql, part: Sql) {
    let prefix = part.dialect.placeholder_prefix();
    let offset = sql.params.len();
    if offset == 0 || part.params.is_empty() {
        sql.text.push_str(&part.text);
    } else {
        let mut rest = part.text.as_str();
        while let Some(at) = rest.find(prefix) {
            let (before, after) = rest.split_at(at + prefix.len());
            sql.text.push_str(before);
            let digits = after.len() - after.trim_start_matches(|c: char| c.is_ascii_digit()).len();
            let number: usize = after[..digits].parse().unwrap_or_default();
            sql.text.push_str(&(number + offset).to_string());
            rest = &after[digits..];
        }
        sql.text.push_str(rest);
    }
    sql.params.extend(part.params);
}

/// Text begins with text. A range, so that an index serves it.
fn starts_with(sql: &mut Sql, alias: &str, column: &str, part: &str) {
    sql.column(alias, column).push(" >= ").bind(part).push(" AND ");
    sql.column(alias, column).push(" < ").bind(format!("{part}\u{10FFFF}"));
}

/// The rows of a scope.
pub fn scope(sql: &mut Sql, rows: &RowFilter, alias: &str, depth: usize) {
    let terms = match rows {
        RowFilter::All => {
            sql.push("1 = 1");
            return;
        }
        RowFilter::Any(terms) => terms,
    };
    if terms.is_empty() {
        sql.push("1 = 0");
        return;
    }
    sql.push("(");
    for (index, term) in terms.iter().enumerate() {
        if index > 0 {
            sql.push(" OR ");
        }
        match term {
            RowTerm::Owner(user) => {
                sql.column(alias, "owner").push(" = ").bind(*user);
            }
            RowTerm::Under(departments) => {
                sql.column(alias, "department")
                    .push(" IN (SELECT descendant FROM _department_tree WHERE ancestor IN (");
                sql.bind_all(departments.iter().copied()).push("))");
            }
            RowTerm::Via { field, target, filter } => {
                let inner = format!("v{depth}");
                sql.push("EXISTS (SELECT 1 FROM ")
                    .ident(target)
                    .push(&format!(" {inner} WHERE {inner}.id = "))
                    .column(alias, field);
                if *filter != RowFilter::All {
                    sql.push(" AND ");
                    scope(sql, filter, &inner, depth + 1);
                }
                sql.push(")");
            }
        }
    }
    sql.push(")");
}

fn order_expression(sql: &mut Sql, key: &Ordered) {
    if key.options.is_empty() {
        sql.column(&key.alias, &key.column);
        return;
    }
    sql.push("(CASE ").column(&key.alias, &key.column);
    for (index, option) in key.options.iter().enumerate() {
        // Options are data of the catalogue; quoted all the same.
        sql.push(&format!(" WHEN '{}' THEN CAST({index} AS BIGINT)", option.replace('\'', "''")));
    }
    sql.push(" END)");
}

/// Continues after a position: larger in the first key, or equal there and larger in the next …, null being the smallest.
fn keyset(sql: &mut Sql, ordered: &[Ordered], start: &Start, descending: bool) {
    let (values, id) = match start {
        Start::First => return,
        Start::Seek(value) => {
            if let Some(key) = ordered.first() {
                sql.push(" AND ");
                order_expression(sql, key);
                sql.push(if key.descending { " <= " } else { " >= " }).bind(value.clone());
            }
            return;
        }
        Start::After(values, id) => (values, *id),
    };
    if let (Some(key), Some(value)) = (ordered.first(), values.first())
        && !value.is_null()
        && !(key.descending && key.nullable)
    {
        // Implied by what follows; says it in a way that an index can use.
        sql.push(" AND ");
        order_expression(sql, key);
        sql.push(if key.descending { " <= " } else { " >= " }).bind(value.clone());
    }
    sql.push(" AND (");
    for depth in 0..=ordered.len() {
        if depth > 0 {
            sql.push(" OR ");
        }
        sql.push("(");
        for (key, value) in ordered.iter().zip(values).take(depth) {
            order_expression(sql, key);
            if value.is_null() {
                sql.push(" IS NULL AND ");
            } else {
                sql.push(" = ").bind(value.clone()).push(" AND ");
            }
        }
        match (ordered.get(depth), values.get(depth)) {
            (Some(key), Some(Value::Null)) => {
                if key.descending {
                    sql.push("1 = 0");
                } else {
                    order_expression(sql, key);
                    sql.push(" IS NOT NULL");
                }
            }
            (Some(key), Some(value)) => {
                sql.push("(");
                order_expression(sql, key);
                sql.push(if key.descending { " < " } else { " > " }).bind(value.clone());
                if key.descending && key.nullable {
                    sql.push(" OR ");
                    order_expression(sql, key);
                    sql.push(" IS NULL");
                }
                sql.push(")");
            }
            _ => {
                sql.push("t.id").push(if descending { " < " } else { " > " }).bind(id);
            }
        }
        sql.push(")");
    }
    sql.push(")");
}
