//! Who gets a new lead that nobody was named for: the first rule decides that matches and has somebody to give it to.

use crate::{LEAD, OPEN, criteria, score, territory};
use async_trait::async_trait;
use guanxi_engine::{Context, Draft, Result, Rule, Via};
use guanxi_model::{FieldError, Value};
use guanxi_store::{records::Record, turns};
use serde_json::json;
use uuid::Uuid;

/// Leads given to somebody in this transaction that are not written yet, which nobody could count; and whether one is.
const LOAD: &str = "lead_load";
const WAITING: &str = "lead_waiting";

/// Gives new leads to those whom the rules name.
pub(crate) struct AssignOwner;

#[async_trait]
impl Rule for AssignOwner {
    fn object(&self) -> &'static str {
        LEAD
    }

    async fn before_save(&self, draft: &mut Draft, context: &mut Context<'_>) -> Result<()> {
        if !draft.is_new() || draft.was_given("owner") || !draft.get("pool").is_null() {
            return Ok(());
        }
        // What rules and the system make has the owner that they give it.
        let Some(channel) = channel(draft, context) else { return Ok(()) };
        let mut rules = context.find("lead_assignment", "active", true.into()).await?;
        rules.sort_by_key(|rule| (rule.get("sort_order").as_int().unwrap_or(i64::MAX), rule.id));
        for rule in rules {
            let channels = rule.get("channels").members();
            if !(channels.is_empty() || channels.contains(&channel.into())) || !matches(&rule, draft, context) {
                continue;
            }
            let named = people(&rule, context).await?;
            let by_territory = rule.get("method").as_text() == Some("territory");
            let (turn, people) = match if by_territory { territory::of(draft, context).await? } else { None } {
                Some((territory, mut members)) => {
                    // Where the rule names people besides, only those of them.
                    members.retain(|member| names_nobody(&rule) || named.contains(member));
                    (territory, members)
                }
                None if by_territory => continue,
                None => (rule.id, named),
            };
            if people.is_empty() {
                continue;
            }
            let owner = match rule.get("method").as_text() {
                Some("load") => {
                    let owner = least_loaded(rule.id, &people, context).await?;
                    *context.so_far(WAITING, draft.id) = 1;
                    *context.so_far(LOAD, owner) += 1;
                    owner
                }
                _ => next_in_turn(turn, &people, context).await?,
            };
            draft.set("owner", owner);
            return Ok(());
        }
        Ok(())
    }

    async fn after_save(&self, draft: &Draft, context: &mut Context<'_>) -> Result<()> {
        if std::mem::take(context.so_far(WAITING, draft.id)) == 1
            && let Some(owner) = draft.get("owner").as_id()
        {
            *context.so_far(LOAD, owner) -= 1;
        }
        Ok(())
    }
}

fn channel(draft: &Draft, context: &Context<'_>) -> Option<&'static str> {
    match context.viewer.via {
        _ if context.viewer.is_system() => None,
        _ if draft.imported => Some("import"),
        Via::Import => Some("import"),
        Via::Page => Some("page"),
        Via::Api => Some("api"),
        // Calendar programs bring no leads.
        Via::Calendar | Via::Rule | Via::System => None,
    }
}

fn matches(rule: &Record, draft: &Draft, context: &Context<'_>) -> bool {
    let Some(text) = rule.get("criteria").as_text() else { return true };
    match criteria::parse(text, context) {
        Ok(filter) => criteria::meets(&filter, draft),
        Err(problem) => {
            let name = rule.get("name").as_text().unwrap_or_default();
            tracing::error!(
                name,
                problem = problem.en,
                "an assignment rule cannot be read; it gives nothing to anybody"
            );
            false
        }
    }
}

/// The active users that a rule names, in its order; then those of its departments, as they came.
async fn people(rule: &Record, context: &mut Context<'_>) -> Result<Vec<Uuid>> {
    let mut people: Vec<Uuid> = Vec::new();
    for user in rule.get("users").members().iter().filter_map(Value::as_id) {
        if context.read("user", user).await?.is_some_and(|user| is_active(&user)) {
            people.push(user);
        }
    }
    let mut departments: Vec<Uuid> = rule.get("departments").members().iter().filter_map(Value::as_id).collect();
    let mut place = 0;
    while let Some(department) = departments.get(place).copied() {
        place += 1;
        for user in context.find("user", "department", department.into()).await? {
            if is_active(&user) && !people.contains(&user.id) {
                people.push(user.id);
            }
        }
        for below in context.find("department", "parent", department.into()).await? {
            if !departments.contains(&below.id) {
                departments.push(below.id);
            }
        }
    }
    Ok(people)
}

fn is_active(user: &Record) -> bool {
    user.get("active").as_bool() == Some(true)
}

fn names_nobody(rule: &Record) -> bool {
    ["users", "departments"].iter().all(|field| rule.get(field).members().is_empty())
}

/// The next of them. Whoever asks for the turn of the same rule or territory waits until this lead is written or refused.
async fn next_in_turn(of: Uuid, people: &[Uuid], context: &mut Context<'_>) -> Result<Uuid> {
    let turn = turns::next(context.tx, &format!("lead_assignment.{of}")).await?;
    let place = usize::try_from(turn).unwrap_or_default() % people.len();
    Ok(people[place])
}

/// Who has the fewest leads with which something is still to be done; of several the first. The rule is held, so that no other
/// lead is given out between counting and writing.
async fn least_loaded(rule: Uuid, people: &[Uuid], context: &mut Context<'_>) -> Result<Uuid> {
    context.lock("lead_assignment", rule).await?;
    let mut best = (i64::MAX, people[0]);
    for person in people {
        let open = json!({"and": [["owner", "=", person], ["status", "in", OPEN]]});
        let load = context.count(LEAD, &open).await? + *context.so_far(LOAD, *person);
        if load < best.0 {
            best = (load, *person);
        }
    }
    Ok(best.1)
}

/// An assignment rule can be read and names somebody.
pub(crate) struct AssignmentRule;

#[async_trait]
impl Rule for AssignmentRule {
    fn object(&self) -> &'static str {
        "lead_assignment"
    }

    async fn before_save(&self, draft: &mut Draft, context: &mut Context<'_>) -> Result<()> {
        let nobody = ["users", "departments"].iter().all(|field| draft.get(field).members().is_empty());
        if nobody && draft.get("method").as_text() != Some("territory") {
            context.refuse(FieldError::new(
                "users",
                "required",
                "请至少选择一个用户或部门",
                "name at least one user or department",
            ));
        }
        score::refuse_unreadable(draft.get("criteria").clone(), context);
        Ok(())
    }
}
