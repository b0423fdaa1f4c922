//! Claiming from a pool, giving out of one, and releasing into one. Each holds the record, and where it counts the claimer's
//! tally of the day, until it is decided: a record gets one owner, and nobody gets more than he may.

use crate::{capacity, ownership::first_pool};
use async_trait::async_trait;
use guanxi_engine::{Ability, Action, Context, Error, Result};
use guanxi_model::Value;
use guanxi_store::records::Record;
use jiff::{SignedDuration, Timestamp};
use std::collections::HashMap;
use uuid::Uuid;

type Input = HashMap<String, Value>;

/// A member takes a record for himself.
pub(crate) struct Claim(pub &'static str);
/// An administrator of the pool gives it to somebody.
pub(crate) struct Assign(pub &'static str);
/// Who owns a record, or may change it, puts it into a pool.
pub(crate) struct Release(pub &'static str);

/// The pool that a record is in.
async fn pool_of(record: &Record, context: &mut Context<'_>) -> Result<Record> {
    if !record.get("owner").is_null() {
        return Err(Error::conflict("already_claimed", "已被他人领取", "somebody else has claimed it"));
    }
    let pool = match record.get("pool").as_id() {
        Some(pool) => context.read("pool", pool).await?,
        None => None,
    };
    pool.ok_or_else(|| Error::conflict("not_in_pool", "该记录不在公海中", "it is in no pool"))
}

fn is_admin(pool: &Record, who: Uuid, context: &Context<'_>) -> bool {
    pool.get("admins").members().contains(&Value::Id(who)) || context.engine.may(context.viewer, Ability::Administer)
}

/// The moment so many days after another.
pub(crate) fn days_after(from: Timestamp, days: i64) -> Timestamp {
    from.checked_add(SignedDuration::from_hours(24 * days)).unwrap_or(Timestamp::MAX)
}

/// The first of a day that counts, in words.
fn day_of(moment: Timestamp, context: &Context<'_>) -> String {
    moment.to_zoned(context.engine.settings().zone.clone()).strftime("%Y-%m-%d %H:%M").to_string()
}

/// Why this one cannot be claimed by him yet.
fn too_early(record: &Record, pool: &Record, who: Uuid, context: &Context<'_>) -> Option<Error> {
    let since = record.get("pooled_at").as_instant()?;
    let until =
        |field: &str| pool.get(field).as_int().map(|days| days_after(since, days)).filter(|at| *at > context.now);
    if record.get("former_owner").as_id() == Some(who)
        && let Some(until) = until("cooldown_days")
    {
        let day = day_of(until, context);
        return Some(Error::conflict(
            "cooling_down",
            format!("你是原负责人，{day} 之后才能再领取"),
            format!("you owned it last: you may claim it again from {day}"),
        ));
    }
    let until = until("protect_days")?;
    let day = day_of(until, context);
    Some(Error::conflict(
        "too_new",
        format!("新数据保护期，{day} 之后才能领取"),
        format!("it is new: it can be claimed from {day}"),
    ))
}

/// What is counted of claims.
pub(crate) fn tally_of(pool: Uuid) -> String {
    format!("claim:{pool}")
}

#[async_trait]
impl Action for Claim {
    fn object(&self) -> &'static str {
        self.0
    }

    fn name(&self) -> &'static str {
        "claim"
    }

    async fn act(&self, record: &Record, _: &Input, context: &mut Context<'_>) -> Result<()> {
        let who = context.viewer.id.ok_or(Error::Unauthenticated)?;
        let pool = pool_of(record, context).await?;
        if !context.is_shared_by(self.0, pool.id) && !is_admin(&pool, who, context) {
            return Err(Error::denied("not_a_member", "你不是该公海的成员", "you are no member of the pool"));
        }
        if let Some(refusal) = too_early(record, &pool, who, context) {
            return Err(refusal);
        }
        let day = context.now.to_zoned(context.engine.settings().zone.clone()).date().to_string();
        let most = pool.get("daily_claim_limit").as_int();
        if !context.tally(&tally_of(pool.id), who, &day, most.unwrap_or(i64::MAX)).await? {
            let most = most.unwrap_or_default();
            return Err(Error::conflict(
                "claim_limit",
                format!("今天在“{}”已领取 {most} 条，达到上限", title(&pool)),
                format!("you have claimed {most} from “{}” today, which is the limit", title(&pool)),
            ));
        }
        give(self.0, record, who, context).await
    }
}

#[async_trait]
impl Action for Assign {
    fn object(&self) -> &'static str {
        self.0
    }

    fn name(&self) -> &'static str {
        "assign"
    }

    async fn act(&self, record: &Record, input: &Input, context: &mut Context<'_>) -> Result<()> {
        let who = context.viewer.id.ok_or(Error::Unauthenticated)?;
        let pool = pool_of(record, context).await?;
        if !is_admin(&pool, who, context) {
            return Err(Error::denied(
                "not_a_pool_administrator",
                "只有公海管理员可以分配",
                "only the pool's administrators give out what is in it",
            ));
        }
        let to = input.get("owner").and_then(Value::as_id).unwrap_or_default();
        let active = context.read("user", to).await?.is_some_and(|user| user.get("active").as_bool() == Some(true));
        if !active {
            return Err(Error::invalid(
                "owner",
                "unknown_record",
                "没有这个用户，或已停用",
                "there is no such active user",
            ));
        }
        give(self.0, record, to, context).await
    }
}

async fn give(object: &'static str, record: &Record, to: Uuid, context: &mut Context<'_>) -> Result<()> {
    if let Some(full) = capacity::is_full(object, to, Some(record.id), context).await? {
        return Err(Error::conflict("capacity_full", full.zh, full.en));
    }
    context.update(object, record.id, vec![("owner", to.into())]);
    Ok(())
}

#[async_trait]
impl Action for Release {
    fn object(&self) -> &'static str {
        self.0
    }

    fn name(&self) -> &'static str {
        "release"
    }

    async fn act(&self, record: &Record, input: &Input, context: &mut Context<'_>) -> Result<()> {
        if record.get("owner").is_null() {
            return Err(Error::conflict("already_released", "已在公海中", "it has no owner already"));
        }
        let open =
            |pool: &Record| pool.get("object").as_text() == Some(self.0) && pool.get("active").as_bool() == Some(true);
        let pool = match input.get("pool").and_then(Value::as_id) {
            Some(id) => context.read("pool", id).await?.filter(open),
            None => match first_pool(self.0, context).await? {
                Some(id) => context.read("pool", id).await?,
                None => None,
            },
        };
        let Some(pool) = pool else {
            return Err(Error::invalid("pool", "unknown_record", "请选择一个启用的公海", "choose an active pool"));
        };
        let reason = input.get("reason").cloned().unwrap_or_default();
        let values = vec![("owner", Value::Null), ("pool", pool.id.into()), ("release_reason", reason)];
        context.update(self.0, record.id, values);
        Ok(())
    }
}

fn title(pool: &Record) -> &str {
    pool.get("name").as_text().unwrap_or_default()
}
