//! Verbs of events: leaving one occurrence out, ending a series, and the answers of who takes part.

use crate::{
    event::{excluded, first_occurrence, rule_of, unknown_occurrence, written},
    zone_of,
};
use async_trait::async_trait;
use guanxi_engine::{Action, Context, Error, Result};
use guanxi_model::Value;
use guanxi_store::records::Record;
use std::collections::HashMap;

type Input = HashMap<String, Value>;

/// One occurrence does not take place.
pub(crate) struct Skip;
/// From one occurrence on the series is over.
pub(crate) struct EndBefore;
/// Somebody who is asked says yes (`accepted`) or no (`declined`).
pub(crate) struct Answer {
    pub verb: &'static str,
    pub says: &'static str,
    pub not: &'static str,
}

#[async_trait]
impl Action for Skip {
    fn object(&self) -> &'static str {
        "event"
    }

    fn name(&self) -> &'static str {
        "skip"
    }

    async fn act(&self, record: &Record, input: &Input, context: &mut Context<'_>) -> Result<()> {
        let zone = zone_of(context.engine, record.get("zone").as_text());
        let left_out = excluded(record.get("excluded"));
        let at = input.get("occurrence").and_then(Value::as_instant);
        let rule = rule_of(record, &zone);
        match at.zip(rule).filter(|(at, (starts, repeat))| repeat.has(*starts, &zone, *at) && !left_out.contains(at)) {
            Some((at, _)) => {
                context.update("event", record.id, vec![("excluded", written([left_out, vec![at]].concat()))]);
            }
            None => context.refuse(unknown_occurrence()),
        }
        Ok(())
    }
}

#[async_trait]
impl Action for EndBefore {
    fn object(&self) -> &'static str {
        "event"
    }

    fn name(&self) -> &'static str {
        "end_before"
    }

    async fn act(&self, record: &Record, input: &Input, context: &mut Context<'_>) -> Result<()> {
        let zone = zone_of(context.engine, record.get("zone").as_text());
        let at = input.get("occurrence").and_then(Value::as_instant);
        match at.zip(rule_of(record, &zone)).filter(|(at, (starts, repeat))| repeat.has(*starts, &zone, *at)) {
            Some((at, (starts, _))) if at == starts => context.refuse(first_occurrence()),
            Some((at, (_, repeat))) => {
                let ended = repeat.ending_before(at).to_string();
                context.update("event", record.id, vec![("repeat", ended.into())]);
            }
            None => context.refuse(unknown_occurrence()),
        }
        Ok(())
    }
}

#[async_trait]
impl Action for Answer {
    fn object(&self) -> &'static str {
        "event"
    }

    fn name(&self) -> &'static str {
        self.verb
    }

    async fn act(&self, record: &Record, _: &Input, context: &mut Context<'_>) -> Result<()> {
        let who = Value::Id(context.viewer.id.ok_or(Error::Unauthenticated)?);
        if !record.get("participants").members().contains(&who) {
            return Err(Error::denied("not_invited", "你不是参与人", "you are not asked to take part"));
        }
        let without = |field: &str| {
            let mut left = record.get(field).members().to_vec();
            left.retain(|one| *one != who);
            left
        };
        let (mut says, not) = (without(self.says), without(self.not));
        says.push(who.clone());
        let list = |members: Vec<Value>| if members.is_empty() { Value::Null } else { Value::List(members) };
        context.update("event", record.id, vec![(self.says, list(says)), (self.not, list(not))]);
        Ok(())
    }
}
