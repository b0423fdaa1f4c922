//! Lookups of an import: from titles, numbers, logins and paths to ids; missing targets are made where the mapping says so.

use super::{
    find::{self, Hit, number_field, placeholder_numbers},
    plan::{Lookup, Origin, Plan, Target},
    prepare::{InFile, Prepared, reason, value_of},
    source::Row,
};
use crate::{
    Error, Result,
    save::{Saved, Session, Write, save_many},
};
use guanxi_access::RowFilter;
use guanxi_model::{FieldDef, FieldType, Label, ObjectDef, Value, error::excerpt, normalise};
use guanxi_store::Tx;
use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};
use uuid::Uuid;

/// So many found texts are remembered.
const REMEMBERED: usize = 50_000;

/// What lookups of an import have found so far.
#[derive(Debug, Default)]
pub(crate) struct Resolver {
    found: HashMap<(usize, String), Arc<Vec<Hit>>>,
    /// Targets that a dry run has made once already, and made to vanish.
    counted: HashSet<(String, String)>,
}

/// A record that a lookup made.
#[derive(Debug, Clone)]
pub(crate) struct Made {
    pub object: String,
    pub saved: Saved,
}

/// What a row's lookups came to.
#[derive(Debug, Default)]
pub(crate) struct Resolved {
    pub values: HashMap<String, Value>,
    /// Lookups whose target stands further down the file.
    pub later: Vec<(usize, String)>,
    pub problem: Option<Label>,
}

/// What resolving works with.
pub(crate) struct Resolving<'a, 's> {
    pub plan: &'a Plan,
    pub in_file: &'a InFile,
    pub session: &'a mut Session<'s>,
    pub tx: &'a mut Tx,
    pub dry_run: bool,
    pub made: Vec<Made>,
    pub counted: u64,
}

enum Answer {
    Id(Uuid),
    /// Its row comes later.
    Later,
    Refused(Label),
}

impl Resolver {
    /// Forgets what was found: after a transaction that was taken back.
    pub fn forget(&mut self) {
        self.found.clear();
    }

    /// Resolves the lookups of a batch: one question per lookup, then row by row.
    pub async fn resolve(&mut self, work: &mut Resolving<'_, '_>, rows: &[Prepared]) -> Result<Vec<Resolved>> {
        if self.found.len() > REMEMBERED {
            self.found.clear();
        }
        self.prefetch(work, rows).await?;
        let mut out = Vec::with_capacity(rows.len());
        for prepared in rows {
            out.push(self.row(work, prepared).await?);
        }
        Ok(out)
    }

    async fn prefetch(&mut self, work: &mut Resolving<'_, '_>, rows: &[Prepared]) -> Result<()> {
        let mut wanted: HashMap<usize, HashMap<String, String>> = HashMap::new();
        for (target, text) in rows.iter().filter(|row| row.problem.is_none()).flat_map(|row| &row.lookups) {
            let Some(index) = work.plan.targets[*target].lookup else { continue };
            for part in parts(&work.plan.lookups[index], text) {
                let key = normalise::exact_key(part);
                if Uuid::try_parse(part).is_err() && !self.found.contains_key(&(index, key.clone())) {
                    wanted.entry(index).or_default().entry(key).or_insert_with(|| part.to_owned());
                }
            }
        }
        for (index, texts) in wanted {
            let hits = ask(work, index, &texts).await?;
            for key in texts.into_keys() {
                if let Some(found) = hits.get(&key) {
                    self.found.insert((index, key), Arc::new(found.clone()));
                }
            }
        }
        Ok(())
    }

    async fn row(&mut self, work: &mut Resolving<'_, '_>, prepared: &Prepared) -> Result<Resolved> {
        let plan = work.plan;
        let mut resolved = Resolved { problem: prepared.problem.clone(), ..Resolved::default() };
        if resolved.problem.is_some() {
            return Ok(resolved);
        }
        resolved.values.reserve(prepared.values.len() + prepared.lookups.len() + 4);
        for (target, value) in &prepared.values {
            resolved.values.insert(plan.targets[*target].field.name.clone(), value.clone());
        }
        // Those whose candidates depend on another lookup come last.
        let narrowed = |target: &usize| {
            plan.targets[*target].lookup.is_some_and(|index| !plan.lookups[index].candidates.is_empty())
        };
        let ordered = prepared
            .lookups
            .iter()
            .filter(|(target, _)| !narrowed(target))
            .chain(prepared.lookups.iter().filter(|(target, _)| narrowed(target)));
        for (index, text) in ordered {
            let target = &plan.targets[*index];
            let Some(lookup) = target.lookup else { continue };
            let mut ids = Vec::new();
            for part in parts(&plan.lookups[lookup], text) {
                match self.one(work, lookup, part, &prepared.row, &resolved.values).await? {
                    Answer::Id(id) => {
                        if !ids.contains(&Value::Id(id)) {
                            ids.push(Value::Id(id));
                        }
                    }
                    Answer::Later => {
                        resolved.later.push((*index, text.clone()));
                        ids.clear();
                        break;
                    }
                    Answer::Refused(label) => {
                        resolved.problem = Some(Label::new(
                            format!("列“{}”：{}", target.place, label.zh),
                            format!("column “{}”: {}", target.place, label.en),
                        ));
                        return Ok(resolved);
                    }
                }
            }
            let value = if target.field.kind == FieldType::MultiLookup {
                Value::List(ids)
            } else {
                ids.pop().unwrap_or_default()
            };
            if !value.is_null() && value != Value::List(Vec::new()) {
                resolved.values.insert(target.field.name.clone(), value);
            }
        }
        Ok(resolved)
    }

    /// The record that a text names.
    async fn one(
        &mut self,
        work: &mut Resolving<'_, '_>,
        index: usize,
        text: &str,
        row: &Row,
        values: &HashMap<String, Value>,
    ) -> Result<Answer> {
        if let Ok(id) = Uuid::try_parse(text) {
            return Ok(Answer::Id(id));
        }
        let lookup = &work.plan.lookups[index];
        let key = normalise::exact_key(text);
        let mut found = self.found.get(&(index, key.clone())).cloned();
        if found.is_none() && lookup.is_tree() && text.contains('/') {
            return self.path(work, index, text, row).await;
        }
        if found.is_none() {
            // It may have been made for a row before.
            let texts = HashMap::from([(key.clone(), text.to_owned())]);
            found = ask(work, index, &texts).await?.remove(&key).map(Arc::new);
            if let Some(found) = &found {
                self.found.insert((index, key.clone()), found.clone());
            }
        }
        if let Some(found) = found {
            return Ok(choose(lookup, text, &found, values));
        }
        if lookup.own && waits_for(work, lookup, text) {
            return Ok(Answer::Later);
        }
        if !lookup.create {
            let label = &lookup.target.label;
            return Ok(Answer::Refused(Label::new(
                format!("没有名为“{}”的{}", excerpt(text), label.zh),
                format!("there is no {} “{}”", label.en.to_lowercase(), excerpt(text)),
            )));
        }
        let name = lookup.matching.clone();
        self.make(work, index, vec![(name, text.to_owned())], HashMap::new(), row, &key).await
    }

    /// The place in a tree that a path such as 销售部/华东 names.
    async fn path(&mut self, work: &mut Resolving<'_, '_>, index: usize, text: &str, row: &Row) -> Result<Answer> {
        let lookup = work.plan.lookups[index].clone();
        let (Some(title), Some(parent)) =
            (lookup.target.field(&lookup.target.title).cloned(), lookup.target.field("parent").cloned())
        else {
            return Ok(Answer::Refused(Label::new("没有上下级", "there is no tree")));
        };
        let mut above: Option<Uuid> = None;
        let mut walked = String::new();
        for step in text.split('/').map(str::trim).filter(|step| !step.is_empty()) {
            walked.push('/');
            walked.push_str(&normalise::exact_key(step));
            if let Some(known) = self.found.get(&(index, walked.clone())) {
                above = known.first().map(|hit| hit.id);
                continue;
            }
            let rows = scope_of(work, &lookup.target);
            let hits =
                find::by_values(work.tx, &lookup.target, &[&title], &[vec![Value::from(step)]], &[&parent], &rows)
                    .await?;
            let wanted = find::canonical(&title, &Value::from(step));
            let hit = hits
                .into_iter()
                .find(|hit| find::canonical(&title, &hit.values[0]) == wanted && hit.values[1].as_id() == above);
            above = match hit {
                Some(hit) => {
                    let id = hit.id;
                    self.found.insert((index, walked.clone()), Arc::new(vec![hit]));
                    Some(id)
                }
                None if lookup.create => {
                    let given = HashMap::from([("parent".to_owned(), Value::from(above))]);
                    match self
                        .make(work, index, vec![(title.name.clone(), step.to_owned())], given, row, &walked)
                        .await?
                    {
                        Answer::Id(id) => Some(id),
                        refused => return Ok(refused),
                    }
                }
                None => {
                    return Ok(Answer::Refused(Label::new(
                        format!("没有{}“{}”", lookup.target.label.zh, excerpt(text)),
                        format!("there is no {} “{}”", lookup.target.label.en.to_lowercase(), excerpt(text)),
                    )));
                }
            };
        }
        Ok(above.map_or_else(|| Answer::Refused(Label::new("路径是空的", "the path is empty")), Answer::Id))
    }

    /// Makes a missing target with the values that the mapping gives it.
    async fn make(
        &mut self,
        work: &mut Resolving<'_, '_>,
        index: usize,
        texts: Vec<(String, String)>,
        mut values: HashMap<String, Value>,
        row: &Row,
        key: &str,
    ) -> Result<Answer> {
        let lookup = work.plan.lookups[index].clone();
        let object = lookup.target.clone();
        let context = work.session.engine.coercion();
        let cannot = |label: Label| {
            let text = texts.first().map(|(_, text)| excerpt(text)).unwrap_or_default();
            Answer::Refused(Label::new(
                format!("无法新建{}“{text}”：{}", object.label.zh, label.zh),
                format!("cannot make the {} “{text}”: {}", object.label.en.to_lowercase(), label.en),
            ))
        };
        for (name, text) in &texts {
            let Some(field) = object.field(name) else { continue };
            match guanxi_model::coerce::from_text(field, text, &context) {
                Ok(value) => values.insert(name.clone(), value),
                Err(problem) => return Ok(cannot(problem.message)),
            };
        }
        for target in &lookup.with {
            match self.with_value(work, target, row).await? {
                Ok(value) => values.insert(target.field.name.clone(), value),
                Err(label) => return Ok(cannot(label)),
            };
        }
        if work.dry_run {
            placeholder_numbers(&object, &mut values);
        }
        let write = Write { values, allow_duplicate: true, imported: true, ..Write::default() };
        // One that is refused must not take the rows of the batch with it.
        work.tx.savepoint().await?;
        let result = save_many(work.session, work.tx, &object, vec![write])
            .await
            .and_then(|mut saved| saved.pop().unwrap_or(Err(Error::NotFound)));
        work.tx.end_savepoint(result.is_ok()).await?;
        match result {
            Ok(saved) => {
                let id = saved.record.id;
                let extra = lookup.candidates.iter().map(|(theirs, _)| saved.record.get(theirs).clone());
                let values = std::iter::once(saved.record.get(&lookup.matching).clone()).chain(extra).collect();
                self.found.insert((index, key.to_owned()), Arc::new(vec![Hit { id, values }]));
                if !work.dry_run || self.counted.insert((object.name.clone(), key.to_owned())) {
                    work.counted += 1;
                }
                work.made.push(Made { object: object.name.clone(), saved });
                Ok(Answer::Id(id))
            }
            Err(Error::Store(error)) => Err(Error::Store(error)),
            Err(error) => Ok(cannot(reason(work.plan, &error))),
        }
    }

    async fn with_value(
        &mut self,
        work: &mut Resolving<'_, '_>,
        target: &Target,
        row: &Row,
    ) -> Result<Result<Value, Label>> {
        let text = match &target.origin {
            Origin::Constant(value) => return Ok(Ok(value.clone())),
            Origin::Column(column) => work.plan.cell(row, *column).to_owned(),
            Origin::Text(template) => work.plan.render(template, row),
        };
        let text = text.trim();
        if text.is_empty() {
            return Ok(Ok(Value::Null));
        }
        let Some(lookup) = target.lookup else {
            let context = work.session.engine.coercion();
            return Ok(value_of(work.plan, target, text, &context).map_err(|problem| problem.message));
        };
        let mut ids = Vec::new();
        for part in parts(&work.plan.lookups[lookup].clone(), text) {
            match Box::pin(self.one(work, lookup, part, row, &HashMap::new())).await? {
                Answer::Id(id) => ids.push(Value::Id(id)),
                Answer::Refused(label) => return Ok(Err(label)),
                Answer::Later => {
                    let part = excerpt(part);
                    return Ok(Err(Label::new(
                        format!("“{part}”还未导入"),
                        format!("“{part}” has not been imported yet"),
                    )));
                }
            }
        }
        Ok(Ok(if target.field.kind == FieldType::MultiLookup {
            Value::List(ids)
        } else {
            ids.pop().unwrap_or_default()
        }))
    }
}

/// The texts of a lookup's cell.
fn parts<'t>(lookup: &Lookup, text: &'t str) -> Vec<&'t str> {
    if lookup.many {
        text.split([';', '；', '、', '|']).map(str::trim).filter(|part| !part.is_empty()).collect()
    } else {
        vec![text]
    }
}

/// Will a row of this file be what the text names?
fn waits_for(work: &Resolving<'_, '_>, lookup: &Lookup, text: &str) -> bool {
    let number = number_field(&lookup.target).filter(|_| !lookup.named);
    work.in_file.has(&lookup.matching, text) || number.is_some_and(|field| work.in_file.has(&field.name, text))
}

fn scope_of(work: &Resolving<'_, '_>, target: &ObjectDef) -> RowFilter {
    work.session.engine.readable(&work.session.catalogue, work.session.viewer, target)
}

/// Asks the database for texts: by the named field or the title; then by number, and by login for users.
async fn ask(
    work: &mut Resolving<'_, '_>,
    index: usize,
    texts: &HashMap<String, String>,
) -> Result<HashMap<String, Vec<Hit>>> {
    let lookup = &work.plan.lookups[index];
    let object = lookup.target.clone();
    let mut fields: Vec<&FieldDef> = object.field(&lookup.matching).into_iter().collect();
    if !lookup.named {
        fields.extend(number_field(&object));
        if object.name == "user" {
            fields.extend(object.field("login"));
        }
    }
    let extra: Vec<&FieldDef> = lookup.candidates.iter().filter_map(|(theirs, _)| object.field(theirs)).collect();
    let context = work.session.engine.coercion();
    let rows = scope_of(work, &object);
    let mut found: HashMap<String, Vec<Hit>> = HashMap::new();
    for field in fields {
        let mut by_value: HashMap<Value, &String> = HashMap::new();
        let mut keys = Vec::new();
        for (key, text) in texts.iter().filter(|(key, _)| !found.contains_key(*key)) {
            let Ok(value) = guanxi_model::coerce::from_text(field, text, &context) else { continue };
            by_value.insert(find::canonical(field, &value), key);
            keys.push(vec![value]);
        }
        let mut here: HashMap<String, Vec<Hit>> = HashMap::new();
        for hit in find::by_values(work.tx, &object, &[field], &keys, &extra, &rows).await? {
            if let Some(key) = by_value.get(&find::canonical(field, &hit.values[0])) {
                let hits = here.entry((*key).clone()).or_default();
                if !hits.iter().any(|known| known.id == hit.id) {
                    hits.push(hit);
                }
            }
        }
        found.extend(here);
    }
    Ok(found)
}

/// The one record among several of the same name that fits the row.
fn choose(lookup: &Lookup, text: &str, found: &[Hit], values: &HashMap<String, Value>) -> Answer {
    let fits = |hit: &&Hit| {
        lookup.candidates.iter().zip(hit.values.iter().skip(1)).all(|((_, ours), theirs)| match values.get(ours) {
            None | Some(Value::Null) => true,
            Some(value) => value == theirs,
        })
    };
    let fitting: Vec<&Hit> = found.iter().filter(fits).collect();
    match (fitting.as_slice(), found) {
        ([hit], _) => Answer::Id(hit.id),
        // The write path says why it does not fit.
        ([], [hit]) => Answer::Id(hit.id),
        (several, _) => {
            let count = several.len().max(found.len());
            let label = &lookup.target.label;
            Answer::Refused(Label::new(
                format!("有 {count} 个{}都叫“{}”，请改用编号或 id", label.zh, excerpt(text)),
                format!(
                    "{count} records of {} are called “{}”; use a number or an id",
                    label.en.to_lowercase(),
                    excerpt(text)
                ),
            ))
        }
    }
}
