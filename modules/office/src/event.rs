//! Events: what they must hold, and what becomes of a series when one of its occurrences is changed.

use crate::{
    repeat::{Repeat, moment, shift, shifted},
    zone_of,
};
use async_trait::async_trait;
use guanxi_access::Verb;
use guanxi_engine::{Context, Draft, Result, Rule};
use guanxi_model::{FieldError, Value};
use guanxi_store::records::Record;
use jiff::{SignedDuration, Timestamp, ToSpan, tz::TimeZone};
use uuid::Uuid;

/// Longest event.
const LONGEST: SignedDuration = SignedDuration::from_hours(24 * 366);
/// What ends at once is there for this long, so that whoever looks at its minute sees it.
const SHORTEST: SignedDuration = SignedDuration::from_mins(1);
/// Most occurrences that are left out.
const MOST_EXCLUDED: usize = 500;
/// What a changed occurrence has from its series unless it says otherwise.
const INHERITED: [&str; 13] = [
    "title",
    "kind",
    "all_day",
    "zone",
    "place",
    "customer",
    "contact",
    "opportunity",
    "participants",
    "remind_minutes",
    "description",
    "accepted",
    "declined",
];

/// When an event that goes on for ever is over, so that one comparison finds what is not over yet.
fn never() -> Timestamp {
    moment(jiff::civil::date(9000, 1, 1).at(0, 0, 0, 0), &TimeZone::UTC).unwrap_or(Timestamp::MAX)
}

/// The moments an event leaves out.
pub(crate) fn excluded(text: &Value) -> Vec<Timestamp> {
    text.as_text().unwrap_or_default().split_whitespace().filter_map(|one| one.parse().ok()).collect()
}

/// The same as they are stored.
pub(crate) fn written(mut moments: Vec<Timestamp>) -> Value {
    moments.sort_unstable();
    moments.dedup();
    if moments.is_empty() {
        return Value::Null;
    }
    Value::Text(moments.iter().map(Timestamp::to_string).collect::<Vec<_>>().join("\n"))
}

/// The rule of a stored event.
pub(crate) fn rule_of(event: &Record, zone: &TimeZone) -> Option<(Timestamp, Repeat)> {
    let starts = event.get("starts_at").as_instant()?;
    Some((starts, Repeat::read(event.get("repeat").as_text()?, starts, zone).ok()?))
}

/// That there is no such occurrence.
pub(crate) fn unknown_occurrence() -> FieldError {
    FieldError::new("occurrence", "unknown_occurrence", "这个系列没有这一次", "the series has no such occurrence")
}

/// That a series is changed from its first occurrence on as a whole.
pub(crate) fn first_occurrence() -> FieldError {
    FieldError::new(
        "occurrence",
        "first_occurrence",
        "这是系列的第一次，请直接修改或删除整个系列",
        "it is the first of the series: change or delete the whole series",
    )
}

/// Everything an event must hold.
pub(crate) struct EventRule;

#[async_trait]
impl Rule for EventRule {
    fn object(&self) -> &'static str {
        "event"
    }

    async fn before_save(&self, draft: &mut Draft, context: &mut Context<'_>) -> Result<()> {
        if draft.is_new() && !draft.imported && !draft.get("series").is_null() {
            of_series(draft, context).await?;
        } else if !draft.is_new() && !context.viewer.is_system() {
            for field in ["series", "occurrence", "continues"] {
                if draft.changed(field) {
                    context.refuse(FieldError::new(
                        field,
                        "read_only",
                        "属于哪个系列不能修改",
                        "what it stands for in its series stays",
                    ));
                }
            }
        }
        about(draft, context).await?;
        let Some(zone) = its_zone(draft, context) else { return Ok(()) };
        let Some((starts, ends)) = times(draft, &zone, context) else { return Ok(()) };
        let repeat = repetition(draft, starts, &zone, context);
        if !draft.is_new() {
            moved(draft, &zone, context).await?;
        }
        let over = ends.max(starts.saturating_add(SHORTEST).unwrap_or(ends));
        let lasts = starts.duration_until(over);
        let over = match &repeat {
            None => over,
            // A last day begins in the hour of the first one: that is at most a day from what the rule says.
            Some(repeat) => repeat
                .last(starts, &zone)
                .map_or_else(never, |last| last.saturating_add(lasts).unwrap_or(Timestamp::MAX).min(never())),
        };
        draft.set("ends_by", over);
        answers(draft);
        Ok(())
    }
}

/// It is about its opportunity's or contact's customer.
async fn about(draft: &mut Draft, context: &mut Context<'_>) -> Result<()> {
    for lookup in ["opportunity", "contact"] {
        if draft.get("customer").is_null()
            && draft.changed(lookup)
            && let Some(id) = draft.get(lookup).as_id()
            && let Some(record) = context.read(lookup, id).await?
        {
            draft.set("customer", record.get("customer").clone());
        }
    }
    Ok(())
}

fn its_zone(draft: &mut Draft, context: &mut Context<'_>) -> Option<TimeZone> {
    let Some(name) = draft.get("zone").as_text() else {
        let zone = context.engine.settings().zone.clone();
        draft.set("zone", zone.iana_name());
        return Some(zone);
    };
    let zone = TimeZone::get(name);
    if zone.is_err() {
        context.refuse(FieldError::new(
            "zone",
            "bad_time_zone",
            "没有这个时区，请写成 Asia/Shanghai 这样",
            "there is no such time zone; write it like Asia/Shanghai",
        ));
    }
    zone.ok()
}

/// From when to when, the last day of whole days included; kept as whole days where it is for them.
fn times(draft: &mut Draft, zone: &TimeZone, context: &mut Context<'_>) -> Option<(Timestamp, Timestamp)> {
    let starts = draft.get("starts_at").as_instant()?;
    let years = starts.to_zoned(zone.clone()).year();
    let mut refuse = |field: &str, code, zh: &str, en: &str| {
        context.refuse(FieldError::new(field, code, zh, en));
        None
    };
    if !(1970..=2200).contains(&years) {
        return refuse(
            "starts_at",
            "out_of_range",
            "开始时间应在 1970 到 2200 年之间",
            "it starts between 1970 and 2200",
        );
    }
    let whole = draft.get("all_day").as_bool() == Some(true);
    let midnight = |at: Timestamp| moment(at.to_zoned(zone.clone()).date().at(0, 0, 0, 0), zone);
    let given = draft.get("ends_at").as_instant();
    let (starts, ends, over) = if whole {
        let starts = midnight(starts)?;
        let ends = given.map_or(Some(starts), midnight)?;
        (starts, ends, shifted(ends, 1.day(), zone)?)
    } else {
        // Moved without saying its end, it takes as long as before.
        let (from, to) = (draft.before("starts_at").as_instant(), draft.before("ends_at").as_instant());
        let kept = (!draft.was_given("ends_at") && draft.changed("starts_at"))
            .then(|| from.zip(to).map(|(from, to)| from.duration_until(to)))
            .flatten();
        let ends = match (kept, given) {
            (Some(lasts), _) => starts.checked_add(lasts).ok()?,
            (None, Some(ends)) => ends,
            (None, None) => starts.checked_add(SignedDuration::from_hours(1)).ok()?,
        };
        (starts, ends, ends)
    };
    if ends < starts {
        return refuse("ends_at", "ends_before_start", "结束不能早于开始", "it cannot end before it starts");
    }
    if starts.duration_until(ends) > LONGEST {
        return refuse("ends_at", "too_long", "一个日程最长一年", "an event lasts a year at most");
    }
    draft.set("starts_at", starts);
    draft.set("ends_at", ends);
    Some((starts, over))
}

/// Its rule as it is stored, and what it leaves out.
fn repetition(draft: &mut Draft, starts: Timestamp, zone: &TimeZone, context: &mut Context<'_>) -> Option<Repeat> {
    let stands_for_one = !draft.get("series").is_null() && draft.get("continues").as_bool() != Some(true);
    let text = draft.get("repeat").as_text().map(str::to_owned);
    if text.is_some() && stands_for_one {
        context.refuse(FieldError::new(
            "repeat",
            "one_of_a_series",
            "系列中的一次不能自己重复，请修改此次及以后",
            "one occurrence cannot repeat by itself; change this and the following ones",
        ));
        return None;
    }
    let words = draft.get("excluded").as_text().map_or(0, |text| text.split_whitespace().count());
    let moments = excluded(draft.get("excluded"));
    if moments.len() < words || words > MOST_EXCLUDED {
        context.refuse(FieldError::new(
            "excluded",
            "bad_datetime",
            format!("每行一个时间，如 2026-11-21T02:00:00Z，最多 {MOST_EXCLUDED} 个"),
            format!("one moment a line, such as 2026-11-21T02:00:00Z, at most {MOST_EXCLUDED}"),
        ));
        return None;
    }
    draft.set("excluded", if text.is_some() { written(moments) } else { Value::Null });
    let text = text?;
    // A weekly rule goes along when its event is moved to another day, unless the rule itself was said.
    let day = |at: Timestamp| at.to_zoned(zone.clone()).date();
    let before = draft.before("starts_at").as_instant().filter(|_| !draft.changed("repeat"));
    let days = before.map_or(0, |before| i64::from((day(starts) - day(before)).get_days()));
    match Repeat::read_moved(&text, days, starts, zone) {
        Ok(repeat) => {
            draft.set("repeat", repeat.to_string());
            Some(repeat)
        }
        Err(problem) => {
            context.refuse(problem);
            None
        }
    }
}

/// What is left out of a series, and what stands for its occurrences, goes along when the series is moved.
async fn moved(draft: &mut Draft, zone: &TimeZone, context: &mut Context<'_>) -> Result<()> {
    let (Some(before), Some(starts)) = (draft.before("starts_at").as_instant(), draft.get("starts_at").as_instant())
    else {
        return Ok(());
    };
    if before == starts || draft.get("repeat").is_null() || draft.before("repeat").is_null() {
        return Ok(());
    }
    let Some(by) = shift(before, starts, zone) else { return Ok(()) };
    if !draft.was_given("excluded") {
        let moments = excluded(draft.get("excluded"));
        draft.set("excluded", written(moments.into_iter().filter_map(|at| shifted(at, by, zone)).collect()));
    }
    for one in stand_ins(draft.id, context).await? {
        let at = one.get("occurrence").as_instant().and_then(|at| shifted(at, by, zone));
        context.update("event", one.id, vec![("occurrence", at.into())]);
    }
    Ok(())
}

/// The events that stand for single occurrences of a series.
async fn stand_ins(series: Uuid, context: &mut Context<'_>) -> Result<Vec<Record>> {
    let mut found = context.find("event", "series", series.into()).await?;
    found.retain(|one| one.get("continues").as_bool() != Some(true));
    Ok(found)
}

/// A new event stands for an occurrence of a series, or goes on with the series from that one. What it does not say is as there.
async fn of_series(draft: &mut Draft, context: &mut Context<'_>) -> Result<()> {
    let refuse = |context: &mut Context<'_>, problem| {
        context.refuse(problem);
        Ok(())
    };
    let Some(id) = draft.get("series").as_id() else { return Ok(()) };
    // Held, so that two who change occurrences at once do not lose one another's.
    let Some(series) = context.lock("event", id).await? else { return Ok(()) };
    // What he may not know of is not there for him: that is said where lookups are checked.
    if !context.may(Verb::Read, "event", id).await? {
        return Ok(());
    }
    if !context.may(Verb::Update, "event", id).await? {
        let problem =
            FieldError::new("series", "forbidden", "没有修改这个系列的权限", "you may not change this series");
        return refuse(context, problem);
    }
    let zone = zone_of(context.engine, series.get("zone").as_text());
    let Some(at) = draft.get("occurrence").as_instant() else {
        let problem = FieldError::new("occurrence", "required", "请填写是哪一次", "say which occurrence");
        return refuse(context, problem);
    };
    let left_out = excluded(series.get("excluded"));
    let rule = rule_of(&series, &zone).filter(|(starts, repeat)| repeat.has(*starts, &zone, at));
    let Some((first, repeat)) = rule.filter(|_| !left_out.contains(&at)) else {
        return refuse(context, unknown_occurrence());
    };
    for field in INHERITED {
        if !draft.was_given(field) {
            draft.set(field, series.get(field).clone());
        }
    }
    if !draft.was_given("owner") {
        draft.set("owner", series.get("owner").clone());
    }
    let starts = draft.get("starts_at").as_instant().unwrap_or(at);
    draft.set("starts_at", starts);
    if draft.get("ends_at").is_null()
        && let Some(ends) = series.get("ends_at").as_instant()
    {
        let whole = series.get("all_day").as_bool() == Some(true);
        let ends = if whole {
            shift(first, ends, &zone).and_then(|by| shifted(starts, by, &zone))
        } else {
            starts.checked_add(first.duration_until(ends)).ok()
        };
        draft.set("ends_at", ends);
    }
    if draft.get("continues").as_bool() != Some(true) {
        context.update("event", id, vec![("excluded", written([left_out, vec![at]].concat()))]);
        return Ok(());
    }
    if at == first {
        return refuse(context, first_occurrence());
    }
    let Some(by) = shift(at, starts, &zone) else { return Ok(()) };
    if !draft.was_given("repeat") {
        let before = repeat.between(first, &zone, first, at, usize::MAX).len();
        let rest = repeat.after_times(before).map(|rest| rest.moved(i64::from(by.get_days())).to_string());
        draft.set("repeat", rest);
    }
    let (earlier, later): (Vec<_>, Vec<_>) = left_out.into_iter().partition(|moment| *moment < at);
    draft.set("excluded", written(later.into_iter().filter_map(|moment| shifted(moment, by, &zone)).collect()));
    for one in stand_ins(id, context).await? {
        let Some(stands_for) = one.get("occurrence").as_instant().filter(|moment| *moment >= at) else { continue };
        let values = vec![("series", draft.id.into()), ("occurrence", shifted(stands_for, by, &zone).into())];
        context.update("event", one.id, values);
    }
    let ended = repeat.ending_before(at).to_string();
    context.update("event", id, vec![("repeat", ended.into()), ("excluded", written(earlier))]);
    Ok(())
}

/// Who answered is among those who are asked; moved to another time, they are asked anew.
fn answers(draft: &mut Draft) {
    let asked = draft.get("participants").members().to_vec();
    let anew = !draft.is_new() && (draft.changed("starts_at") || draft.changed("ends_at"));
    for field in ["accepted", "declined"] {
        let mut left = draft.get(field).members().to_vec();
        left.retain(|who| !anew && asked.contains(who));
        draft.set(field, if left.is_empty() { Value::Null } else { Value::List(left) });
    }
}
