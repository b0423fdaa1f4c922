//! The candidates of a search: records whose tokens match, before they are ranked.

use super::{FieldPath, Query};
use crate::{Dialect, Sql, schema::SEARCH_COLUMN};
use guanxi_model::{Filter, Kind};

/// How the candidates of a search are read.
#[derive(Debug, Clone)]
pub struct Candidates {
    /// Read this.
    pub first: Sql,
    /// If that gave more than were asked for, this gives the newest.
    pub newest: Option<Sql>,
}

impl Query<'_> {
    /// Records that answer any of these search expressions (one at least): `limit` of them and one more where there are
    /// more, the newest as far as that is quickly told.
    pub fn search(mut self, fields: &[FieldPath], expressions: &[String], filter: &Filter, limit: usize) -> Candidates {
        let mut list = Sql::new(self.dialect);
        let mut columns = Vec::new();
        for path in fields {
            let Some((alias, field)) = self.reach(path) else { continue };
            self.dialect.shown(&mut list, &alias, &field.name, path.mask);
            list.push(", ");
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
        sql.append(list);
        let index = format!("{}__search", self.object.name);
        // CROSS JOIN fixes the order: tokens first, then the record by its row number.
        sql.push(" FROM ").ident(&index).push(" s CROSS JOIN ");
        self.table(&mut sql, self.object);
        sql.push(" t");
        sql.append(std::mem::replace(&mut self.join_sql, Sql::new(self.dialect)));
        // The index's own name as a column means all of it; that is the one form that an index without positions takes.
        sql.push(" WHERE ").column("s", &index).push(" MATCH ").bind(expressions.join(" OR "));
        sql.push(" AND t.rid = s.rowid AND ");
        sql.append(condition);
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
        let mut table = Sql::new(self.dialect);
        self.table(&mut table, self.object);
        let mut recent = Sql::new(self.dialect);
        recent.ident("recent");
        let from = |table: &Sql, expressions: &[String]| {
            let mut sql = Sql::new(Dialect::Postgres);
            sql.push("SELECT ");
            sql.append(list.clone());
            sql.push(" FROM ").append(table.clone()).push(" t");
            sql.append(joins.clone());
            sql.push(" WHERE ");
            sql.append(condition.clone());
            for (index, expression) in expressions.iter().enumerate() {
                sql.push(if index > 0 { " OR " } else { " AND (" });
                sql.push("t.").ident(SEARCH_COLUMN).push(" @@ ").bind(expression.as_str()).push("::text::tsquery");
            }
            sql.push(")");
            sql
        };
        let mut sql = Sql::new(self.dialect);
        sql.push("WITH found AS MATERIALIZED (");
        sql.append(from(&table, expressions));
        sql.push(&format!("), few AS MATERIALIZED (SELECT * FROM found LIMIT {}), ", FEW + 1));
        sql.push("recent AS MATERIALIZED (SELECT * FROM ").append(table).push(" n");
        sql.push(&format!(" WHERE (SELECT COUNT(*) FROM few) > {FEW} ORDER BY id DESC LIMIT {RECENT}) "));
        sql.push("SELECT * FROM few UNION (");
        // Here nothing is skipped, and every condition would unpack the words of every row anew.
        sql.append(from(&recent, &[expressions.join(" | ")]));
        sql.push(&format!(") ORDER BY id DESC LIMIT {}", limit + 1));
        sql.returning(columns);
        sql.by_index = true;
        Candidates { first: sql, newest: None }
    }
}
