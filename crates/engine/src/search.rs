//! The search centre (检索中心): one box over all objects.
//!
//! Tokens find candidates inside the database, within the viewer's scope and only through fields he may read; the best
//! two hundred of an object are then ranked by how well their texts really answer the query.

use crate::{Engine, Error, Result, save::token_class};
use futures::{StreamExt, TryStreamExt, stream};
use guanxi_access::Viewer;
use guanxi_model::{
    Catalogue, FieldDef, Filter, ObjectDef, Value,
    catalogue::search_code,
    tokens::{self, MatchRank, QueryGroup, Reading, Term},
};
use guanxi_store::{
    Dialect,
    query::{FieldPath, Query},
    sql::Row,
};
use serde_json::{Value as Json, json};
use std::collections::{HashMap, VecDeque};
use uuid::Uuid;

/// Longest query, in characters.
const MAX_QUERY: usize = 100;
/// Candidates looked at per object and step.
const CANDIDATES: usize = 200;
/// Objects searched at the same time by one request.
const AT_ONCE: usize = 4;

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

/// Which values of an object are looked for. What contains the query may be hundreds of thousands, of which only some are
/// looked at; what is or begins with it is then asked for by itself. A short query begins there, for much contains it.
#[derive(Clone, Copy)]
enum Step {
    Exact,
    Begins,
    Contains,
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
        if request.object.as_ref().is_some_and(|only| catalogue.object(only).is_none()) {
            return Err(Error::NotFound);
        }
        let mut searches = Vec::new();
        for object in catalogue.objects.values() {
            let asked = request.object.as_ref().is_none_or(|only| *only == object.name);
            if asked && !self.readable(&catalogue, viewer, object).is_nothing() {
                let filter = self.parse_filter(viewer, &catalogue, object, request.filter.as_ref())?;
                searches.push(self.search_object(viewer, &catalogue, object, filter, &query, &groups, limit));
            }
        }
        let found: Vec<Vec<Hit>> = stream::iter(searches).buffered(AT_ONCE).try_collect().await?;
        let mut hits: Vec<Hit> = found.into_iter().flatten().collect();
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
        filter: Filter,
        query: &str,
        groups: &[QueryGroup],
        limit: usize,
    ) -> Result<Vec<Hit>> {
        let access = self.access(catalogue);
        let fields: Vec<&FieldDef> =
            object.search_fields().filter(|field| access.can_read(viewer, object, field)).collect();
        if fields.is_empty() {
            return Ok(Vec::new());
        }
        let mut paths: Vec<FieldPath> = fields.iter().map(|field| FieldPath::of(&field.name)).collect();
        let has_title = fields.iter().any(|field| field.name == object.title);
        if !has_title {
            paths.extend(self.title_path(viewer, catalogue, object));
        }
        let dialect = self.inner.database.dialect();
        let mut found: HashMap<Uuid, Row> = HashMap::new();
        let mut steps: VecDeque<Step> = match query.chars().count() {
            ..=2 => [Step::Begins, Step::Contains].into(),
            _ => [Step::Contains, Step::Begins].into(),
        };
        while let Some(step) = steps.pop_front() {
            let whole = |term: Option<Term>| -> Vec<QueryGroup> {
                term.map(|term| QueryGroup { reading: Reading::Text, terms: vec![term] }).into_iter().collect()
            };
            let expressions = match step {
                Step::Exact => expressions(dialect, object, &fields, &whole(tokens::exact_term(query))),
                Step::Begins => expressions(dialect, object, &fields, &whole(tokens::begins_term(query))),
                Step::Contains => expressions(dialect, object, &fields, groups),
            };
            if expressions.is_empty() {
                continue;
            }
            let scopes = self.sight(catalogue, viewer);
            let candidates =
                Query::new(catalogue, object, &scopes, dialect).search(&paths, &expressions, &filter, CANDIDATES);
            let mut rows = self.inner.database.read(candidates.first).await?;
            let more = rows.len() > CANDIDATES;
            if let Some(newest) = candidates.newest.filter(|_| more) {
                rows = self.inner.database.read(newest).await?;
            }
            found.extend(rows.into_iter().filter_map(|row| Some((row.last()?.as_id()?, row))));
            match step {
                // Whatever is or begins with the query also contains it.
                Step::Contains if !more => break,
                Step::Begins if more => steps.push_front(Step::Exact),
                Step::Begins if found.len() >= limit => break,
                Step::Exact => break,
                _ => {}
            }
        }
        let mut rows: Vec<(Uuid, Row)> = found.into_iter().collect();
        rows.sort_unstable_by_key(|(id, _)| std::cmp::Reverse(*id));
        Ok(rows.iter().filter_map(|(_, row)| self.rank(object, &fields, query, row)).collect())
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
        // Behind the title stands the id; where there is no title, the viewer may not know it.
        let title =
            if title_index + 1 < row.len() { self.title_text(object, &row[title_index]) } else { String::new() };
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

/// The database's search expressions, any of which shall hold: all terms of a reading, in one field. Tokens have letters,
/// digits and ideographs only.
fn expressions(dialect: Dialect, object: &ObjectDef, fields: &[&FieldDef], groups: &[QueryGroup]) -> Vec<String> {
    let (quote, star, and) = match dialect {
        Dialect::Sqlite => ('"', "*", " AND "),
        Dialect::Postgres => ('\'', ":*", " & "),
    };
    let mut expressions = Vec::new();
    for field in fields {
        let code = search_code(&field.name);
        let class = token_class(object, field);
        for group in groups.iter().filter(|group| group.reading.fits(class)) {
            let terms: Vec<String> = group
                .terms
                .iter()
                .map(|term| format!("{quote}{code}{}{quote}{}", term.token, if term.prefix { star } else { "" }))
                .collect();
            expressions.push(format!("({})", terms.join(and)));
        }
    }
    expressions
}
