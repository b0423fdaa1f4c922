//! The search centre (检索中心): one box over all objects.
//!
//! Tokens find candidates inside the database, within the viewer's scope and only through fields he may read; the best
//! two hundred of an object are then ranked by how well their texts really answer the query.

use crate::{Engine, Error, Result, save::token_class};
use guanxi_access::Viewer;
use guanxi_model::{
    Catalogue, FieldDef, Filter, ObjectDef, Value,
    catalogue::search_code,
    tokens::{self, MatchRank, QueryGroup, Term},
};
use guanxi_store::{
    Dialect,
    query::{FieldPath, Query},
    sql::Row,
};
use serde_json::{Value as Json, json};
use std::collections::HashSet;
use uuid::Uuid;

/// Longest query, in characters.
const MAX_QUERY: usize = 100;
/// Candidates looked at per object and step.
const CANDIDATES: usize = 200;

/// What is searched.
#[derive(Debug, Clone, Default)]
pub struct SearchRequest {
    /// What somebody typed.
    pub query: String,
    /// Only in this object.
    pub object: Option<String>,
    /// Filter in its JSON form, within that object: the candidates of a lookup.
    pub filter: Option<Json>,
    /// 1 to 100, default 20.
    pub limit: Option<usize>,
}

struct Hit {
    rank: (MatchRank, bool),
    object: String,
    id: Uuid,
    title: String,
    subtitle: String,
    field: String,
}

impl Engine {
    /// Searches everything the viewer may read, best first.
    ///
    /// # Errors
    /// The database's.
    pub async fn search(&self, viewer: &Viewer, request: &SearchRequest) -> Result<Vec<Json>> {
        let query: String = request.query.trim().chars().take(MAX_QUERY).collect();
        let limit = request.limit.unwrap_or(20).clamp(1, 100);
        let groups = tokens::query_groups(&query);
        if groups.is_empty() {
            return Ok(Vec::new());
        }
        let catalogue = self.catalogue();
        if let (Some(_), None) = (&request.filter, &request.object) {
            return Err(Error::bad("bad_filter", "filter 需要同时指定 object", "a filter needs an object"));
        }
        let mut hits = Vec::new();
        for object in catalogue.objects.values() {
            if request.object.as_ref().is_some_and(|only| *only != object.name) {
                continue;
            }
            if self.readable(&catalogue, viewer, object).is_nothing() {
                continue;
            }
            let filter = self.parse_filter(viewer, &catalogue, object, request.filter.as_ref())?;
            self.search_object(viewer, &catalogue, object, &filter, &query, &groups, limit, &mut hits).await?;
        }
        if request.object.as_ref().is_some_and(|only| catalogue.object(only).is_none()) {
            return Err(Error::NotFound);
        }
        // Stable: within a rank, the order of objects and then the newest first.
        hits.sort_by_key(|hit| hit.rank);
        hits.truncate(limit);
        Ok(hits
            .into_iter()
            .map(|hit| json!({"object": hit.object, "id": hit.id, "title": hit.title, "matched": hit.field, "subtitle": hit.subtitle}))
            .collect())
    }

    #[expect(clippy::too_many_arguments, reason = "one step of a search")]
    async fn search_object(
        &self,
        viewer: &Viewer,
        catalogue: &Catalogue,
        object: &ObjectDef,
        filter: &Filter,
        query: &str,
        groups: &[QueryGroup],
        limit: usize,
        hits: &mut Vec<Hit>,
    ) -> Result<()> {
        let access = self.access(catalogue);
        let fields: Vec<&FieldDef> =
            object.search_fields().filter(|field| access.can_read(viewer, object, field)).collect();
        if fields.is_empty() {
            return Ok(());
        }
        let mut paths: Vec<FieldPath> =
            fields.iter().map(|field| FieldPath { via: Vec::new(), field: field.name.clone() }).collect();
        let has_title = fields.iter().any(|field| field.name == object.title);
        if !has_title {
            paths.push(FieldPath { via: Vec::new(), field: object.title.clone() });
        }
        let dialect = self.inner.database.dialect();
        let mut seen = HashSet::new();
        // Values that are, or begin with, the query come first, so that they are among the candidates even where
        // hundreds of thousands contain it.
        let begins = tokens::begins_term(query).map(|term| expression(dialect, &fields, &[vec![term]]));
        let exact = tokens::exact_term(query).map(|term| expression(dialect, &fields, &[vec![term]]));
        let all: Vec<Vec<Term>> = groups.iter().map(|group| group.terms.clone()).collect();
        for step in [exact, begins, Some(expression(dialect, &fields, &all))].into_iter().flatten() {
            if seen.len() >= CANDIDATES {
                break;
            }
            let candidates = |newest_first: bool, limit: usize| {
                let scopes = |object: &ObjectDef| self.readable(catalogue, viewer, object);
                Query::new(catalogue, object, &scopes, dialect).search(&paths, &step, filter, newest_first, limit)
            };
            let mut rows = self.inner.database.read(candidates(false, CANDIDATES + 1)).await?;
            // More than are looked at: the newest of them, which are then quickly found.
            if rows.len() > CANDIDATES {
                rows = self.inner.database.read(candidates(true, CANDIDATES)).await?;
            }
            rows.sort_by_key(|row| std::cmp::Reverse(row.last().and_then(Value::as_id)));
            for row in rows {
                if let Some(hit) = self.rank(object, &fields, query, &row)
                    && seen.insert(hit.id)
                {
                    hits.push(hit);
                }
            }
            if seen.len() >= limit {
                break;
            }
        }
        Ok(())
    }

    fn rank(&self, object: &ObjectDef, fields: &[&FieldDef], query: &str, row: &Row) -> Option<Hit> {
        let id = row.last()?.as_id()?;
        let mut best: Option<((MatchRank, bool), usize)> = None;
        for (index, field) in fields.iter().enumerate() {
            let texts: Vec<&str> = match &row[index] {
                Value::Text(text) => vec![text],
                Value::List(members) => members.iter().filter_map(Value::as_text).collect(),
                _ => continue,
            };
            for text in texts {
                if let Some(rank) = tokens::matches(query, text, token_class(object, field)) {
                    let rank = (rank, field.name != object.title);
                    if best.is_none_or(|(known, _)| rank < known) {
                        best = Some((rank, index));
                    }
                }
            }
        }
        let (rank, index) = best?;
        let title_index = fields.iter().position(|field| field.name == object.title).unwrap_or(fields.len());
        let title = self.title_text(object, row.get(title_index)?);
        let matched = fields[index];
        let subtitle = if matched.name == object.title {
            let other = fields.iter().enumerate().find(|(place, field)| {
                field.name != object.title && row[*place].as_text().is_some_and(|text| !text.is_empty())
            });
            other.and_then(|(place, _)| row[place].as_text()).map(crate::present::short_title)
        } else {
            row[index].as_text().map(crate::present::short_title)
        };
        Some(Hit {
            rank,
            object: object.name.clone(),
            id,
            title,
            subtitle: subtitle.unwrap_or_default(),
            field: matched.name.clone(),
        })
    }
}

/// The database's search expression: any field, any reading, all terms. Tokens have letters, digits and ideographs only.
fn expression(dialect: Dialect, fields: &[&FieldDef], alternatives: &[Vec<Term>]) -> String {
    let (and, or) = match dialect {
        Dialect::Sqlite => (" AND ", " OR "),
        Dialect::Postgres => (" & ", " | "),
    };
    let mut parts = Vec::new();
    for field in fields {
        let code = search_code(&field.name);
        for terms in alternatives {
            let terms: Vec<String> = terms
                .iter()
                .map(|term| match (dialect, term.prefix) {
                    (Dialect::Sqlite, false) => format!("\"{code}{}\"", term.token),
                    (Dialect::Sqlite, true) => format!("\"{code}{}\"*", term.token),
                    (Dialect::Postgres, false) => format!("'{code}{}'", term.token),
                    (Dialect::Postgres, true) => format!("'{code}{}':*", term.token),
                })
                .collect();
            parts.push(format!("({})", terms.join(and)));
        }
    }
    parts.join(or)
}
