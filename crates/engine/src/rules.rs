//! What modules hang into the write path: rules, followers and the records a workspace begins with.

use crate::{Calendar, Chore, Engine, Error, Figures, Reminders, Result, save::Pending};
use async_trait::async_trait;
use guanxi_access::{RowFilter, Verb, Viewer};
use guanxi_model::{FieldError, Filter, ObjectDef, Value, catalogue::ModuleSource};
use guanxi_store::{
    Tx,
    changes::Change,
    platform,
    query::{Life, Query},
    records::{self, Record},
};
use jiff::Timestamp;
use serde_json::Value as Json;
use std::{
    collections::{BTreeSet, HashMap, HashSet},
    sync::Arc,
};
use uuid::Uuid;

/// A module: its definitions and what it does with them.
#[derive(Clone)]
pub struct Module {
    /// Definitions.
    pub source: ModuleSource,
    /// Rules on its objects.
    pub rules: Vec<Arc<dyn Rule>>,
    /// Followers of the change log.
    pub followers: Vec<Arc<dyn Follower>>,
    /// Verbs of its records that take Rust.
    pub actions: Vec<Arc<dyn Action>>,
    /// What it does once a day.
    pub chores: Vec<Arc<dyn Chore>>,
    /// What it reminds people of, where a definition cannot say it.
    pub reminders: Vec<Arc<dyn Reminders>>,
    /// Figures it computes for pages.
    pub figures: Vec<Arc<dyn Figures>>,
    /// Calendars it publishes to programs that know iCalendar.
    pub calendars: Vec<Arc<dyn Calendar>>,
    /// Records every new workspace starts with (see [`crate::seed`]).
    pub seed: Option<&'static str>,
}

/// A record that is about to be written.
#[derive(Debug, Clone)]
pub struct Draft {
    /// What it is.
    pub object: Arc<ObjectDef>,
    /// Its id, new or old.
    pub id: Uuid,
    /// As it was; nothing for a new one.
    pub before: Option<Record>,
    /// As it will be.
    pub after: HashMap<String, Value>,
    /// Fields that the writer named.
    pub given: HashSet<String>,
    /// Does it come from an import? Rules then keep what the file says.
    pub imported: bool,
}

impl Draft {
    /// Is it a new record?
    pub fn is_new(&self) -> bool {
        self.before.is_none()
    }

    /// The value it will have.
    pub fn get(&self, field: &str) -> &Value {
        const NULL: &Value = &Value::Null;
        self.after.get(field).unwrap_or(NULL)
    }

    /// The value it had.
    pub fn before(&self, field: &str) -> &Value {
        const NULL: &Value = &Value::Null;
        self.before.as_ref().map_or(NULL, |record| record.get(field))
    }

    /// Sets a value.
    pub fn set(&mut self, field: &str, value: impl Into<Value>) {
        self.after.insert(field.to_owned(), value.into());
    }

    /// Will it differ from what it was? For a new record: is there a value?
    pub fn changed(&self, field: &str) -> bool {
        self.get(field) != self.before(field)
    }

    /// Did the writer name this field?
    pub fn was_given(&self, field: &str) -> bool {
        self.given.contains(field)
    }

    /// The fields that differ.
    pub fn changes(&self) -> Vec<String> {
        self.object.fields.keys().filter(|name| self.changed(name)).cloned().collect()
    }
}

/// A rule on the records of an object, within the transaction that writes them.
#[async_trait]
pub trait Rule: Send + Sync {
    /// Which object.
    fn object(&self) -> &'static str;

    /// Reads what it will look at for several drafts, all at once: see [`Context::read_ahead`].
    ///
    /// # Errors
    /// The database's.
    async fn look_ahead(&self, drafts: &[&Draft], context: &mut Context<'_>) -> Result<()> {
        let _ = (drafts, context);
        Ok(())
    }

    /// Completes or refuses a draft. Problems go to [`Context::refuse`], so that the writer sees all of them at once.
    ///
    /// # Errors
    /// Only for what is not the writer's fault; everything is rolled back then.
    async fn before_save(&self, draft: &mut Draft, context: &mut Context<'_>) -> Result<()> {
        let _ = (draft, context);
        Ok(())
    }

    /// Does what follows from a written record.
    ///
    /// # Errors
    /// Everything is rolled back then.
    async fn after_save(&self, draft: &Draft, context: &mut Context<'_>) -> Result<()> {
        let _ = (draft, context);
        Ok(())
    }

    /// Does what follows from several records written together, once for all of them: sums over lines.
    ///
    /// # Errors
    /// Everything is rolled back then.
    async fn after_batch(&self, drafts: &[&Draft], context: &mut Context<'_>) -> Result<()> {
        let _ = (drafts, context);
        Ok(())
    }

    /// Asked before a record goes into the recycle bin.
    ///
    /// # Errors
    /// Why it must not: it stays where it is.
    async fn before_removal(&self, record: &Record, context: &mut Context<'_>) -> Result<()> {
        let _ = (record, context);
        Ok(())
    }

    /// Does what follows from a record's going into the recycle bin, and from its coming back.
    ///
    /// # Errors
    /// Everything is rolled back then.
    async fn after_removal(&self, record: &Record, context: &mut Context<'_>) -> Result<()> {
        let _ = (record, context);
        Ok(())
    }
}

/// Someone who acts on the change log, exactly once for each change: its cursor moves in the transaction of its work.
#[async_trait]
pub trait Follower: Send + Sync {
    /// Its name; its cursor stands under it.
    fn name(&self) -> &'static str;

    /// The objects whose changes it wants; none named: of all.
    fn objects(&self) -> &'static [&'static str];

    /// Does it begin with what happens from now on, in a workspace that had no such follower before? Otherwise it looks at
    /// everything that ever happened.
    fn begins_now(&self) -> bool {
        false
    }

    /// Acts on changes.
    ///
    /// # Errors
    /// Nothing of the batch happened then; it is tried again.
    async fn follow(&self, changes: &[Change], context: &mut Context<'_>) -> Result<()>;
}

/// What a verb of a record does, where that takes Rust: one transaction, with the record locked. It is written in the name of
/// who asked, whatever his rights on single fields: what he may is decided here.
#[async_trait]
pub trait Action: Send + Sync {
    /// Which object.
    fn object(&self) -> &'static str;

    /// Its name in the definition.
    fn name(&self) -> &'static str;

    /// Acts. What is to be changed is asked of the context, the record itself included; problems with the input go to
    /// [`Context::refuse`].
    ///
    /// # Errors
    /// Nothing has happened then.
    async fn act(&self, record: &Record, input: &HashMap<String, Value>, context: &mut Context<'_>) -> Result<()>;
}

/// What a rule or follower may look at and do.
pub struct Context<'a> {
    /// The engine, for the catalogue and the workspace's settings.
    pub engine: &'a Engine,
    /// The transaction.
    pub tx: &'a mut Tx,
    /// Who writes.
    pub viewer: &'a Viewer,
    /// The moment of the write.
    pub now: Timestamp,
    pub(crate) cache: &'a mut HashMap<(String, Uuid), Option<Record>>,
    pub(crate) settings: &'a mut HashMap<String, Arc<Vec<Record>>>,
    pub(crate) problems: Vec<FieldError>,
    pub(crate) pending: Vec<Pending>,
    pub(crate) made: Vec<(&'static str, Uuid)>,
}

impl Context<'_> {
    /// Refuses a value.
    pub fn refuse(&mut self, problem: FieldError) {
        self.problems.push(problem);
    }

    /// Reads a living record whatever the viewer's scope: rules see everything. Remembered for the transaction.
    ///
    /// # Errors
    /// The database's.
    pub async fn read(&mut self, object: &str, id: Uuid) -> Result<Option<Record>> {
        let key = (object.to_owned(), id);
        if let Some(known) = self.cache.get(&key) {
            return Ok(known.clone());
        }
        let definition = self.engine.object(object)?;
        let found = records::read(self.tx, &definition, &[id], &RowFilter::All, Life::Living).await?.pop();
        self.cache.insert(key, found.clone());
        Ok(found)
    }

    /// Reads a record whether it lives or is in the recycle bin.
    ///
    /// # Errors
    /// The database's.
    pub async fn read_any(&mut self, object: &str, id: Uuid) -> Result<Option<Record>> {
        let definition = self.engine.object(object)?;
        Ok(records::read(self.tx, &definition, &[id], &RowFilter::All, Life::Any).await?.pop())
    }

    /// Reads a living record whatever the viewer's scope, and holds it until the transaction ends.
    ///
    /// # Errors
    /// The database's.
    pub async fn lock(&mut self, object: &str, id: Uuid) -> Result<Option<Record>> {
        let definition = self.engine.object(object)?;
        Ok(records::lock(self.tx, &definition, &[id], &RowFilter::All, Life::Living).await?.pop())
    }

    /// The same of several records, in the order of their ids, so that whoever holds many holds them in one order.
    ///
    /// # Errors
    /// The database's.
    pub async fn lock_all(&mut self, object: &str, ids: &BTreeSet<Uuid>) -> Result<Vec<Record>> {
        let definition = self.engine.object(object)?;
        let ids: Vec<Uuid> = ids.iter().copied().collect();
        let mut found = Vec::with_capacity(ids.len());
        for chunk in ids.chunks(500) {
            found.extend(records::lock(self.tx, &definition, chunk, &RowFilter::All, Life::Living).await?);
        }
        Ok(found)
    }

    /// Reads several records at once, so that [`Context::read`] finds them remembered.
    ///
    /// # Errors
    /// The database's.
    pub async fn read_ahead(&mut self, object: &str, ids: impl IntoIterator<Item = Uuid>) -> Result<()> {
        let wanted: BTreeSet<Uuid> =
            ids.into_iter().filter(|id| !self.cache.contains_key(&(object.to_owned(), *id))).collect();
        let definition = self.engine.object(object)?;
        let wanted: Vec<Uuid> = wanted.into_iter().collect();
        for chunk in wanted.chunks(500) {
            let found = records::read(self.tx, &definition, chunk, &RowFilter::All, Life::Living).await?;
            self.cache.extend(chunk.iter().map(|id| ((object.to_owned(), *id), None)));
            self.cache.extend(found.into_iter().map(|record| ((object.to_owned(), record.id), Some(record))));
        }
        Ok(())
    }

    /// May the viewer do this with the record?
    ///
    /// # Errors
    /// The database's.
    pub async fn may(&mut self, verb: Verb, object: &str, id: Uuid) -> Result<bool> {
        let definition = self.engine.object(object)?;
        let catalogue = self.engine.catalogue();
        let rows = self.engine.access(&catalogue).rows(self.viewer, &definition, verb);
        if rows.is_nothing() {
            return Ok(false);
        }
        Ok(!records::read(self.tx, &definition, &[id], &rows, Life::Living).await?.is_empty())
    }

    /// By his roles alone: would a record with this owner and department be the viewer's to do this with?
    ///
    /// # Errors
    /// The database's; there are no such records.
    pub async fn would_hold(
        &mut self,
        verb: Verb,
        object: &str,
        owner: Option<Uuid>,
        department: Option<Uuid>,
    ) -> Result<bool> {
        self.engine.would_hold(self.viewer, verb, object, owner, department).await
    }

    /// Adds one to what somebody has done of a kind on a day, unless he has reached `most`. Exact however many ask at once: whoever
    /// asks next waits until this transaction ends.
    ///
    /// # Errors
    /// The database's.
    pub async fn tally(&mut self, kind: &str, who: Uuid, day: &str, most: i64) -> Result<bool> {
        Ok(platform::tally(self.tx, kind, who, day, most).await?)
    }

    /// Lets one transaction at a time past this point for a person, until it ends: for what is counted over many records.
    ///
    /// # Errors
    /// The database's.
    pub async fn hold(&mut self, kind: &str, who: Uuid) -> Result<()> {
        Ok(platform::hold(self.tx, kind, who).await?)
    }

    /// May the viewer see a field of such records, perhaps masked?
    ///
    /// # Errors
    /// There are no such records.
    pub fn may_see(&self, object: &str, field: &str) -> Result<bool> {
        let definition = self.engine.object(object)?;
        let catalogue = self.engine.catalogue();
        let access = self.engine.access(&catalogue);
        Ok(definition.field(field).is_some_and(|field| access.can_show(self.viewer, &definition, field)))
    }

    /// Is the viewer among those to whom a record that shares others opens records of an object?
    pub fn is_shared_by(&self, object: &str, source: Uuid) -> bool {
        self.engine.is_shared_by(self.viewer, object, source)
    }

    /// Can this be read as a filter on an object's records?
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn check_filter(&self, object: &str, filter: &Json) -> Result<()> {
        let definition = self.engine.object(object)?;
        let catalogue = self.engine.catalogue();
        Filter::parse(filter, &catalogue, &definition, &self.engine.filter_context(self.viewer))?;
        Ok(())
    }

    /// How many living records match a filter in its JSON form, whatever the viewer's scope.
    ///
    /// # Errors
    /// The database's, or a filter that cannot be read.
    pub async fn count(&mut self, object: &str, filter: &Json) -> Result<i64> {
        let definition = self.engine.object(object)?;
        let catalogue = self.engine.catalogue();
        let filter = Filter::parse(filter, &catalogue, &definition, &self.engine.filter_context(self.viewer))?;
        let scopes = |_: &ObjectDef| RowFilter::All;
        let sql = Query::new(&catalogue, &definition, &scopes, self.tx.dialect()).count(&filter);
        Ok(self.tx.query(&sql).await?.first().and_then(|row| row[0].as_int()).unwrap_or_default())
    }

    /// The records that changes of others concern: those which a lookup of theirs named before, and those it names now.
    ///
    /// # Errors
    /// The database's.
    pub async fn concerned(&mut self, changes: &[Change], lookup: &str) -> Result<BTreeSet<Uuid>> {
        let mut found = BTreeSet::new();
        for change in changes {
            let diff: Json = serde_json::from_str(&change.diff).unwrap_or_default();
            let sides = diff.get(lookup).and_then(Json::as_array).into_iter().flatten();
            found.extend(sides.filter_map(Json::as_str).filter_map(|id| Uuid::try_parse(id).ok()));
            // Also of one in the recycle bin.
            let now = self.read_any(&change.object, change.record).await?;
            found.extend(now.and_then(|record| record.get(lookup).as_id()));
        }
        Ok(found)
    }

    /// Living records with one of some values in a field, whatever the viewer's scope, at most 5,000 of them.
    ///
    /// # Errors
    /// The database's.
    pub async fn find_any(&mut self, object: &str, field: &str, values: &[Value]) -> Result<Vec<Record>> {
        let definition = self.engine.object(object)?;
        Ok(records::find_by(self.tx, &definition, field, values, &RowFilter::All).await?)
    }

    /// Living records with a value in a field, whatever the viewer's scope.
    ///
    /// # Errors
    /// The database's.
    pub async fn find(&mut self, object: &str, field: &str, value: Value) -> Result<Vec<Record>> {
        let definition = self.engine.object(object)?;
        Ok(records::find_by(self.tx, &definition, field, &[value], &RowFilter::All).await?)
    }

    /// All living records that have `true` in a field, whatever the viewer's scope, asked for once in a transaction: for the few that say
    /// how others are treated.
    ///
    /// # Errors
    /// The database's.
    pub async fn settings(&mut self, object: &str, active: &str) -> Result<Arc<Vec<Record>>> {
        if let Some(known) = self.settings.get(object) {
            return Ok(known.clone());
        }
        let found = Arc::new(self.find(object, active, true.into()).await?);
        self.settings.insert(object.to_owned(), found.clone());
        Ok(found)
    }

    /// The living record with the largest `by` among those with a value in a field, whatever the viewer's scope.
    ///
    /// # Errors
    /// The database's.
    pub async fn newest(&mut self, object: &str, field: &str, value: Value, by: &str) -> Result<Option<Record>> {
        let definition = self.engine.object(object)?;
        Ok(records::newest(self.tx, &definition, field, value, by).await?)
    }

    /// Creates another record in the same transaction, as the rule.
    pub fn create(&mut self, object: &'static str, values: Vec<(&str, Value)>) {
        self.pending.push(Pending { object, id: None, new_id: None, values: own(values) });
    }

    /// Changes another record in the same transaction, as the rule.
    pub fn update(&mut self, object: &'static str, id: Uuid, values: Vec<(&str, Value)>) {
        self.pending.push(Pending { object, id: Some(id), new_id: None, values: own(values) });
    }

    /// The same as [`Context::create`] for a record that others name, which are asked for later in the same transaction. Answers
    /// its id.
    pub fn create_with_id(&mut self, object: &'static str, values: Vec<(&str, Value)>) -> Uuid {
        let id = Uuid::now_v7();
        self.pending.push(Pending { object, id: None, new_id: Some(id), values: own(values) });
        id
    }

    /// Tells who asked for an action which records it has made: `_made` in the answer.
    pub fn made(&mut self, object: &'static str, id: Uuid) {
        self.made.push((object, id));
    }

    /// May the viewer create such records?
    ///
    /// # Errors
    /// There are no such records.
    pub fn may_create(&self, object: &str) -> Result<bool> {
        let definition = self.engine.object(object)?;
        let catalogue = self.engine.catalogue();
        Ok(self.engine.access(&catalogue).can_create(self.viewer, &definition))
    }

    /// A number that rules keep under a name and an id until the transaction ends, zero at first: what records of a batch bring
    /// about that are not written yet, so that no query knows of it.
    pub fn so_far(&mut self, name: &str, id: Uuid) -> &mut i64 {
        let kept = self.cache.entry((format!("so far: {name}"), id)).or_default();
        &mut kept.get_or_insert_with(|| Record { id, version: 0, deleted_at: None, values: HashMap::new() }).version
    }
}

fn own(values: Vec<(&str, Value)>) -> HashMap<String, Value> {
    values.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// The rules of all modules, by object.
#[derive(Clone, Default)]
pub struct Rules {
    by_object: HashMap<&'static str, Vec<Arc<dyn Rule>>>,
    actions: HashMap<(&'static str, &'static str), Arc<dyn Action>>,
}

impl Rules {
    /// Gathers the rules of modules.
    pub fn gather<'a>(modules: impl IntoIterator<Item = &'a Module>) -> Self {
        let mut by_object: HashMap<&'static str, Vec<Arc<dyn Rule>>> = HashMap::new();
        let mut actions: HashMap<(&'static str, &'static str), Arc<dyn Action>> = HashMap::new();
        for module in modules {
            for rule in &module.rules {
                by_object.entry(rule.object()).or_default().push(rule.clone());
            }
            for action in &module.actions {
                actions.insert((action.object(), action.name()), action.clone());
            }
        }
        Self { by_object, actions }
    }

    /// What an action does, where it takes Rust.
    pub fn action(&self, object: &str, name: &str) -> Option<Arc<dyn Action>> {
        self.actions.iter().find(|(key, _)| **key == (object, name)).map(|(_, action)| action.clone())
    }

    /// The rules on an object.
    pub fn on(&self, object: &str) -> &[Arc<dyn Rule>] {
        self.by_object.get(object).map_or(&[], Vec::as_slice)
    }
}

impl std::fmt::Debug for Rules {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Rules({:?})", self.by_object.keys())
    }
}

impl From<Error> for FieldError {
    fn from(error: Error) -> Self {
        let message = error.message();
        Self::new("", "rule", message.zh, message.en)
    }
}
