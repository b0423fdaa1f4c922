//! What is shared beyond roles: rules that open whatever matches them (sharing rules, territories), from the records that say so.

use crate::{
    Engine, Result,
    rules::{Context, Draft, Rule},
};
use async_trait::async_trait;
use guanxi_access::{RowFilter, RowTerm, Sharing, SharingRule, Verb, Viewer};
use guanxi_model::{
    Catalogue, FieldError, FieldType, Filter, Label, ObjectDef, Trait, Value, filter::FilterContext, object::SharingDef,
};
use guanxi_store::query::{FieldPath, Hints, Query, Start, matching_up_to, newest_matching};
use jiff::SignedDuration;
use serde_json::{Value as Json, json};
use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};
use uuid::Uuid;

/// More rules of one kind than any workspace has.
const MAX_RULES: usize = 10_000;
/// A rule opens much where a page of its records stands among so many of the newest, or where more than so many match in all:
/// to gather and sort `n` costs about as much as to walk until a page of them has been met, `50 / n` of the table, where both are
/// some thousands of a million. How long that holds.
const LOOKED_AT: usize = 200;
const DENSE: i64 = 51;
const GATHERED: usize = 5_000;
const DENSITY_HOLDS: SignedDuration = SignedDuration::from_mins(10);

/// A record that shares others, as it is stored.
struct Stored {
    id: Uuid,
    parent: Option<Uuid>,
    values: HashMap<String, Value>,
}

impl Stored {
    fn get(&self, field: Option<&String>) -> &Value {
        const NULL: &Value = &Value::Null;
        field.and_then(|field| self.values.get(field)).unwrap_or(NULL)
    }

    fn ids(&self, field: Option<&String>) -> impl Iterator<Item = Uuid> {
        self.get(field).members().iter().filter_map(Value::as_id)
    }
}

impl Engine {
    /// Reads all sharing anew and brings it into force.
    ///
    /// # Errors
    /// The database's.
    pub(crate) async fn reload_sharing(&self) -> Result<()> {
        let _one_at_a_time = self.inner.sharing_swap.lock().await;
        let catalogue = self.catalogue();
        let mut rules = Vec::new();
        for object in catalogue.objects.values() {
            if let Some(sharing) = &object.sharing {
                rules.extend(self.rules_of(&catalogue, object, sharing).await?);
            }
        }
        self.inner.density.write().unwrap_or_else(std::sync::PoisonError::into_inner).clear();
        *self.inner.sharing.write().unwrap_or_else(std::sync::PoisonError::into_inner) = Sharing::new(rules);
        Ok(())
    }

    pub(crate) fn sharing(&self) -> Sharing {
        self.inner.sharing.read().unwrap_or_else(std::sync::PoisonError::into_inner).clone()
    }

    async fn rules_of(
        &self,
        catalogue: &Catalogue,
        object: &ObjectDef,
        sharing: &SharingDef,
    ) -> Result<Vec<SharingRule>> {
        let stored = self.stored_rules(catalogue, object).await?;
        let by_id: HashMap<Uuid, &Stored> = stored.iter().map(|record| (record.id, record)).collect();
        let tree = self.department_tree().await?;
        let mut rules = Vec::new();
        for record in &stored {
            if sharing.active.is_some() && record.get(sharing.active.as_ref()).as_bool() != Some(true) {
                continue;
            }
            let title = record.get(Some(&object.title)).as_text().unwrap_or_default().to_owned();
            let target = sharing
                .to
                .as_deref()
                .or_else(|| record.get(sharing.object.as_ref()).as_text())
                .and_then(|name| catalogue.object(name));
            let Some(target) = target else { continue };
            let filter = match criteria(record, sharing, target) {
                None => continue,
                Some(criteria) => {
                    match parse(&criteria, catalogue, target, &self.filter_context(&Viewer::system(""))) {
                        Ok(filter) => filter,
                        Err(problem) => {
                            tracing::error!(object = object.name, %title, problem = problem.en, "a rule of sharing cannot be read; it shares nothing");
                            continue;
                        }
                    }
                }
            };
            let mut rule = SharingRule {
                source: object.name.clone(),
                id: record.id,
                title,
                object: target.clone(),
                filter,
                users: HashSet::new(),
                departments: HashSet::new(),
                roles: HashSet::new(),
                everybody: sharing.everybody.is_some()
                    && record.get(sharing.everybody.as_ref()).as_bool() == Some(true),
                hides: Vec::new(),
                spared: record.ids(sharing.spares.as_ref()).collect(),
                write: sharing.level.is_some() && record.get(sharing.level.as_ref()).as_text() == Some("write"),
            };
            let hidden = record.get(sharing.hides.as_ref()).members().iter().filter_map(Value::as_text);
            rule.hides = hidden.filter(|name| target.field(name).is_some()).map(str::to_owned).collect();
            // In a tree, whoever is named above is named here; a circle cannot be stored.
            let mut named = Some(record);
            for _ in 0..=stored.len() {
                let Some(by) = named else { break };
                rule.users.extend(by.ids(sharing.users.as_ref()));
                for department in by.ids(sharing.departments.as_ref()) {
                    rule.departments.extend(tree.get(&department).into_iter().flatten());
                }
                let roles = by.get(sharing.roles.as_ref()).members().iter();
                rule.roles.extend(roles.filter_map(Value::as_text).map(str::to_owned));
                named = by.parent.and_then(|parent| by_id.get(&parent).copied());
            }
            rules.push(rule);
        }
        Ok(rules)
    }

    async fn stored_rules(&self, catalogue: &Catalogue, object: &ObjectDef) -> Result<Vec<Stored>> {
        let database = &self.inner.database;
        let names: Vec<&String> =
            object.fields.values().filter(|field| !field.system).map(|field| &field.name).collect();
        let fields: Vec<FieldPath> = names.iter().map(|name| FieldPath::of(name)).collect();
        let scopes = |_: &ObjectDef| RowFilter::All;
        let sql = Query::new(catalogue, object, &scopes, database.dialect()).page(
            &fields,
            &Filter::all(),
            &[],
            &Start::First,
            MAX_RULES,
        );
        let rows = database.read(sql).await?;
        Ok(rows
            .into_iter()
            .map(|mut row| {
                let id = row.pop().and_then(|value| value.as_id()).unwrap_or_default();
                let values: HashMap<String, Value> = names.iter().map(|name| (*name).clone()).zip(row).collect();
                let parent = values.get("parent").and_then(Value::as_id).filter(|_| object.has(Trait::Tree));
                Stored { id, parent, values }
            })
            .collect())
    }

    /// What is known of the data, for reading a page of an object quickly.
    pub(crate) async fn hints(&self, catalogue: &Catalogue, viewer: &Viewer, object: &ObjectDef) -> Result<Hints> {
        let mut hints = Hints { tree: self.department_tree().await?, dense: HashSet::new() };
        let RowFilter::Any(terms) = self.readable(catalogue, viewer, object) else { return Ok(hints) };
        for term in terms {
            if let RowTerm::Matching { rule, .. } = term
                && self.is_dense(rule, &term, object).await?
            {
                hints.dense.insert(rule);
            }
        }
        Ok(hints)
    }

    /// Does so much match a rule that one meets a page of it soon when walking? Looked at now and then.
    async fn is_dense(&self, rule: Uuid, term: &RowTerm, object: &ObjectDef) -> Result<bool> {
        let known = self.inner.density.read().unwrap_or_else(std::sync::PoisonError::into_inner).get(&rule).copied();
        if let Some((dense, at)) = known
            && self.now().duration_since(at) < DENSITY_HOLDS
        {
            return Ok(dense);
        }
        let dialect = self.inner.database.dialect();
        let counted = async |sql| {
            let rows = self.inner.database.read(sql).await?;
            Ok::<_, crate::Error>(rows.first().and_then(|row| row[0].as_int()).unwrap_or_default())
        };
        let dense = counted(newest_matching(dialect, object, term, LOOKED_AT)).await? >= DENSE
            || counted(matching_up_to(dialect, object, term, GATHERED + 1)).await? > GATHERED as i64;
        let mut density = self.inner.density.write().unwrap_or_else(std::sync::PoisonError::into_inner);
        density.insert(rule, (dense, self.now()));
        Ok(dense)
    }

    /// What is shared with somebody beyond his roles: the rules that name him, and how many records of each object have him in
    /// their team.
    pub(crate) async fn explain_sharing(&self, subject: &Viewer) -> Result<Json> {
        let sharing = self.sharing();
        let catalogue = self.catalogue();
        let mut rules = Vec::new();
        for object in catalogue.objects.values() {
            for rule in sharing.of(subject, &object.name, Verb::Read) {
                rules.push(json!({
                    "object": object.name, "source": rule.source, "id": rule.id, "title": rule.title,
                    "level": if rule.write { "write" } else { "read" },
                }));
            }
        }
        let teams = match subject.id {
            Some(user) => guanxi_store::platform::shares_of(&self.inner.database, user, self.now()).await?,
            None => Vec::new(),
        };
        // Records that name him in a field stand under `object.field`.
        let (named, teams): (Vec<_>, Vec<_>) = teams.into_iter().partition(|(key, _)| key.contains('.'));
        let counts = |of: Vec<(String, i64)>| -> serde_json::Map<String, Json> {
            of.into_iter().map(|(key, count)| (key, json!(count))).collect()
        };
        Ok(json!({"rules": rules, "teams": counts(teams), "named": counts(named)}))
    }
}

/// The filter of a record that shares others, in its JSON form; nothing where it asks nothing.
fn criteria(record: &Stored, sharing: &SharingDef, target: &ObjectDef) -> Option<Json> {
    if let Some(text) = record.get(sharing.criteria.as_ref()).as_text() {
        return Some(serde_json::from_str(text).unwrap_or_else(|_| json!(text)));
    }
    let mut parts = Vec::new();
    for (theirs, ours) in &sharing.matching {
        let itself = Value::Id(record.id);
        let value = if ours == "id" { &itself } else { record.get(Some(ours)) };
        if value.is_null() || (matches!(value, Value::List(_)) && value.members().is_empty()) {
            continue;
        }
        let json = |value: &Value| match value {
            Value::Id(id) => json!(id),
            other => json!(other.as_text()),
        };
        let region = target.field(theirs).is_some_and(|field| field.effective() == FieldType::Region);
        parts.push(match value {
            Value::List(members) => json!([theirs, "in", members.iter().map(json).collect::<Vec<_>>()]),
            one if region => json!([theirs, "under", json(one)]),
            one => json!([theirs, "=", json(one)]),
        });
    }
    (!parts.is_empty()).then(|| json!({"and": parts}))
}

/// Reads criteria: conditions on the records' own fields that hold for everybody and at any time alike.
fn parse(
    criteria: &Json,
    catalogue: &Catalogue,
    target: &Arc<ObjectDef>,
    context: &FilterContext,
) -> std::result::Result<Filter, Label> {
    let filter = Filter::parse(criteria, catalogue, target, context).map_err(|error| error.message)?;
    if filter.conditions().iter().any(|condition| !condition.via.is_empty()) {
        return Err(Label::new(
            "条件只能使用该对象自己的字段",
            "criteria name fields of the object itself, not of others",
        ));
    }
    let later = FilterContext {
        now: context.now + SignedDuration::from_hours(24 * 500),
        me: Some(Uuid::max()),
        my_department: Some(Uuid::max()),
        ..context.clone()
    };
    let me = FilterContext { me: Some(Uuid::nil()), my_department: Some(Uuid::nil()), ..context.clone() };
    let other = |context| Filter::parse(criteria, catalogue, target, context).ok();
    if other(&later) != other(&me) {
        return Err(Label::new(
            "条件不能使用“我”“今天”等随人或时间变化的值",
            "criteria cannot depend on who asks or when (me, today …)",
        ));
    }
    if filter.conditions().is_empty() {
        return Err(Label::new("请至少设置一个条件", "criteria have at least one condition"));
    }
    Ok(filter)
}

/// A sharing rule can be read and names somebody.
pub(crate) struct SharingRuleRule;

#[async_trait]
impl Rule for SharingRuleRule {
    fn object(&self) -> &'static str {
        "sharing_rule"
    }

    async fn before_save(&self, draft: &mut Draft, context: &mut Context<'_>) -> Result<()> {
        let catalogue = context.engine.catalogue();
        if ["users", "departments", "roles"].iter().all(|field| draft.get(field).members().is_empty()) {
            context.refuse(FieldError::new(
                "users",
                "required",
                "请至少选择一个共享对象：用户、部门或角色",
                "name at least one user, department or role",
            ));
        }
        let Some(target) = draft.get("object").as_text().and_then(|name| catalogue.object(name)) else { return Ok(()) };
        let Some(text) = draft.get("criteria").as_text() else { return Ok(()) };
        let problem = match serde_json::from_str::<Json>(text) {
            Ok(criteria) => {
                let system = context.engine.filter_context(&Viewer::system(""));
                parse(&criteria, &catalogue, target, &system).err()
            }
            Err(error) => {
                Some(Label::new(format!("条件不是有效的 JSON：{error}"), format!("the criteria are not JSON: {error}")))
            }
        };
        if let Some(problem) = problem {
            context.refuse(FieldError::new("criteria", "bad_filter", problem.zh, problem.en));
        }
        Ok(())
    }
}
