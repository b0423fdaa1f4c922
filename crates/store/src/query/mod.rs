//! Reading records, compiled into one statement each: this file puts them together, `filter.rs` has the conditions, `order.rs`
//! sorting and paging, `branches.rs` pages of wide scopes, `aggregate.rs` groups and measures, `search.rs` the candidates of a search.

mod aggregate;
mod branches;
mod filter;
mod order;
mod search;

pub use aggregate::{Function, Group, Measure};
pub use branches::{matching_up_to, newest_matching};
use filter::own_filter;
pub use filter::scope;
pub use order::{SortKey, Start};
pub use search::Candidates;

use crate::{
    Dialect, Sql,
    schema::{self, ColumnDef, SEARCH_COLUMN, SORT_KEY},
};
use guanxi_access::{RowFilter, Veil};
use guanxi_model::{Catalogue, FieldDef, Filter, Kind, Mask, ObjectDef};
use order::{Ordered, keyset, order_by, order_expression};
use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};
use uuid::Uuid;

/// The rows of each object that the viewer may read; asked for every object a statement touches.
pub trait Scopes {
    /// Which rows of this object.
    fn rows(&self, object: &ObjectDef) -> RowFilter;

    /// Of which rows some fields are hidden.
    fn veils(&self, _: &ObjectDef) -> Vec<Veil> {
        Vec::new()
    }
}

impl<F: Fn(&ObjectDef) -> RowFilter> Scopes for F {
    fn rows(&self, object: &ObjectDef) -> RowFilter {
        self(object)
    }
}

impl<F: Fn(&ObjectDef) -> RowFilter, G: Fn(&ObjectDef) -> Vec<Veil>> Scopes for (F, G) {
    fn rows(&self, object: &ObjectDef) -> RowFilter {
        self.0(object)
    }

    fn veils(&self, object: &ObjectDef) -> Vec<Veil> {
        self.1(object)
    }
}

/// A field reached by walking lookups.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct FieldPath {
    /// Lookups to walk.
    pub via: Vec<String>,
    /// The field at the end.
    pub field: String,
    /// Only so much of it is shown.
    pub mask: Option<Mask>,
}

impl FieldPath {
    /// A field of the object itself, whole.
    pub fn of(field: &str) -> Self {
        Self { via: Vec::new(), field: field.to_owned(), mask: None }
    }

    /// The field of the object itself with which it begins.
    fn first(&self) -> &str {
        self.via.first().unwrap_or(&self.field)
    }
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

/// What is known of the data at hand. It makes pages of wide scopes quicker and decides nothing.
#[derive(Debug, Clone, Default)]
pub struct Hints {
    /// Departments with all below them, themselves included.
    pub tree: Arc<HashMap<Uuid, Vec<Uuid>>>,
    /// Rules of sharing that so much matches that one meets it soon in any order.
    pub dense: HashSet<Uuid>,
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
    hints: Option<&'a Hints>,
    /// The index by which the object is read, where the database would not find it.
    index: Option<String>,
}

impl<'a> Query<'a> {
    /// A query over the records of an object that are within the viewer's scope.
    pub fn new(catalogue: &'a Catalogue, object: &'a ObjectDef, scopes: &'a dyn Scopes, dialect: Dialect) -> Self {
        Self {
            catalogue,
            object,
            scopes,
            dialect,
            joins: Vec::new(),
            join_sql: Sql::new(dialect),
            life: Life::Living,
            hints: None,
            index: None,
        }
    }

    /// Also or only records in the recycle bin.
    #[must_use]
    pub fn life(mut self, life: Life) -> Self {
        self.life = life;
        self
    }

    /// With what is known of the data.
    #[must_use]
    pub fn knowing(mut self, hints: &'a Hints) -> Self {
        self.hints = Some(hints);
        self
    }

    /// A page of records: the asked fields, then the sort values, then the id.
    pub fn page(mut self, fields: &[FieldPath], filter: &Filter, sort: &[SortKey], start: &Start, limit: usize) -> Sql {
        let ordered: Vec<Ordered> = sort.iter().filter_map(|key| self.ordered(key)).collect();
        let mut columns = Vec::new();
        let mut list = Sql::new(self.dialect);
        for path in fields {
            let Some((alias, field)) = self.reach(path) else { continue };
            self.dialect.shown(&mut list, &alias, &field.name, path.mask);
            list.push(", ");
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
        if let Some(ids) = self.branches(filter, sort, start, limit) {
            condition.push("t.id IN (").append(ids).push(")");
        } else {
            self.condition(&mut condition, filter);
            keyset(&mut condition, &ordered, start, ordered.first().is_some_and(|key| key.descending));
        }
        let mut sql = self.select(list, condition);
        order_by(&mut sql, &ordered, limit);
        sql.returning(columns);
        sql
    }

    /// How many records match.
    pub fn count(self, filter: &Filter) -> Sql {
        let nothing = Sql::new(self.dialect);
        // To count records no field has to be reached that might not be there.
        self.aggregate(&[], &[Measure::Count], filter, 0, 1).unwrap_or(nothing)
    }

    fn select(&mut self, list: Sql, condition: Sql) -> Sql {
        let mut sql = Sql::new(self.dialect);
        sql.push("SELECT ");
        sql.append(list);
        sql.push(" FROM ");
        self.table(&mut sql, self.object);
        sql.push(" t");
        // Rows of which something is hidden are no table, and have none.
        if let Some(index) = self.index.take().filter(|_| self.scopes.veils(self.object).is_empty()) {
            sql.push(" INDEXED BY ").ident(&index);
        }
        sql.append(std::mem::replace(&mut self.join_sql, Sql::new(self.dialect)));
        sql.push(" WHERE ");
        sql.append(condition);
        sql
    }

    /// The table of an object; where some fields of some rows are hidden, as if nothing stood there. Everything else is done
    /// with that, so that a hidden value is not shown, nor found, sorted or counted by.
    fn table(&self, sql: &mut Sql, object: &ObjectDef) {
        let veils = self.scopes.veils(object);
        if veils.is_empty() {
            sql.ident(&object.name);
            return;
        }
        sql.push("(SELECT ");
        let (row, words) = match self.dialect {
            Dialect::Sqlite => (Some("rid"), None),
            Dialect::Postgres => (None, Some(SEARCH_COLUMN)),
        };
        let named: Vec<ColumnDef> = schema::columns(object);
        let names = row.into_iter().chain(named.iter().map(|column| column.name.as_str())).chain(words);
        for (place, name) in names.enumerate() {
            sql.push(if place > 0 { ", " } else { "" });
            // A sort key stands beside its field.
            let field = name.strip_suffix(SORT_KEY).unwrap_or(name);
            let over: Vec<&Veil> = veils.iter().filter(|veil| veil.fields.contains(field)).collect();
            if over.is_empty() {
                sql.column("w", name);
                continue;
            }
            sql.push("CASE WHEN ");
            for (place, veil) in over.into_iter().enumerate() {
                sql.push(if place > 0 { " OR " } else { "" });
                own_filter(sql, &veil.filter, object, "w");
            }
            sql.push(" THEN NULL ELSE ").column("w", name).push(" END AS ").ident(name);
        }
        sql.push(" FROM ").ident(&object.name).push(" w)");
    }

    /// The condition every statement has: life, scope, filter.
    fn condition(&mut self, sql: &mut Sql, filter: &Filter) {
        self.living(sql);
        let rows = self.scopes.rows(self.object);
        if rows != RowFilter::All {
            sql.push(" AND ");
            scope(sql, &rows, "t", 0);
        }
        self.matching(sql, filter);
    }

    fn living(&self, sql: &mut Sql) {
        sql.push(match self.life {
            Life::Living => "t.deleted_at IS NULL",
            Life::Deleted => "t.deleted_at IS NOT NULL",
            Life::Any => "1 = 1",
        });
    }

    fn matching(&mut self, sql: &mut Sql, filter: &Filter) {
        match filter {
            Filter::And(parts) if parts.is_empty() => {}
            filter => {
                sql.push(" AND ");
                self.filter(sql, filter);
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
                    let mut sql = Sql::new(self.dialect);
                    sql.push(" LEFT JOIN ");
                    self.table(&mut sql, target);
                    sql.push(&format!(" {new} ON {new}.id = ")).column(&alias, &field.name);
                    let rows = self.scopes.rows(target);
                    if rows != RowFilter::All {
                        sql.push(" AND ");
                        scope(&mut sql, &rows, &new, 0);
                    }
                    self.join_sql.append(sql);
                    self.joins.push((walked, new.clone()));
                    new
                }
            };
            object = target;
        }
        Some((alias, object.field(&path.field)?))
    }

    fn owner_of(&self, path: &FieldPath) -> Option<&'a ObjectDef> {
        path.via.iter().try_fold(self.object, |object, step| {
            let target = object.field(step)?.target()?;
            self.catalogue.object(target).map(|found| &**found)
        })
    }
}
