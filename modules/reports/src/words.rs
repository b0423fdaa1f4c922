//! What was done and what is planned, in words.

use crate::span::Span;
use guanxi_engine::{Engine, ListRequest, Result, Viewer};
use guanxi_model::Lang;
use jiff::Timestamp;
use serde_json::{Map, Value as Json, json};
use std::collections::HashMap;
use uuid::Uuid;

/// Most lines of a kind; more are told by their number.
const MOST: usize = 50;
/// Most characters of what somebody wrote into a line.
const LONGEST: usize = 80;

/// Whose words, and in which language.
pub(crate) struct Words<'a> {
    /// What is asked.
    pub engine: &'a Engine,
    /// As whom.
    pub viewer: &'a Viewer,
    /// The language of the text.
    pub lang: Lang,
}

type Item = Map<String, Json>;

impl Words<'_> {
    fn say<'t>(&self, zh: &'t str, en: &'t str) -> &'t str {
        match self.lang {
            Lang::Zh => zh,
            Lang::En => en,
        }
    }

    /// Records that match, with those of the fields that the viewer may read, and how many there are in all; none where he may not know
    /// what decides it.
    async fn list(
        &self,
        object: &str,
        (fields, asks_by): (&[&str], &[&str]),
        filter: Json,
        sort: &str,
    ) -> Result<(Vec<Item>, usize)> {
        if self.engine.readable_fields(self.viewer, object, asks_by).len() < asks_by.len() {
            return Ok((Vec::new(), 0));
        }
        let readable = self.engine.readable_fields(self.viewer, object, fields);
        let request = ListRequest {
            filter: Some(filter),
            fields: Some(readable.iter().map(|field| (*field).to_owned()).collect()),
            sort: Some(sort.to_owned()),
            limit: Some(MOST),
            count: true,
            ..ListRequest::default()
        };
        let page = self.engine.list(self.viewer, object, &request).await?;
        let total = page.total.and_then(|total| usize::try_from(total).ok()).unwrap_or(page.items.len());
        Ok((page.items, total))
    }

    /// What an option of a choice is called.
    fn option(&self, object: &str, field: &str, item: &Item) -> Option<String> {
        let value = item.get(field)?.as_str()?;
        let catalogue = self.engine.catalogue();
        let field = catalogue.object(object)?.field(field)?.clone();
        field.options.iter().find(|option| option.value == value).map(|option| option.label.get(self.lang).to_owned())
    }

    /// A heading and numbered lines below it.
    fn part(&self, heading: &str, lines: Vec<String>, total: usize) -> Option<String> {
        if lines.is_empty() {
            return None;
        }
        let more = total.saturating_sub(lines.len());
        let lines = lines.iter().enumerate().map(|(place, line)| format!("{}. {line}", place + 1));
        let mut part: Vec<String> = std::iter::once(heading.to_owned()).chain(lines).collect();
        if more > 0 {
            part.push(self.say("……还有 {} 项", "… and {} more").replace("{}", &more.to_string()));
        }
        Some(part.join("\n"))
    }

    fn clock(&self, at: &str) -> String {
        let at: Option<Timestamp> = at.parse().ok();
        at.map(|at| at.to_zoned(self.engine.settings().zone.clone()).strftime("%m-%d %H:%M").to_string())
            .unwrap_or_default()
    }
}

fn title(item: &Item, field: &str) -> Option<String> {
    item.get(field)?.get("title")?.as_str().filter(|title| !title.is_empty()).map(str::to_owned)
}

fn text(item: &Item, field: &str) -> Option<String> {
    item.get(field)?.as_str().filter(|text| !text.trim().is_empty()).map(shortened)
}

/// On one line, and not too long.
fn shortened(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

fn joined(words: impl IntoIterator<Item = Option<String>>, between: &str) -> String {
    words.into_iter().flatten().collect::<Vec<_>>().join(between)
}

/// Contacts, moves of deals, what is new, and tasks that were done.
pub(crate) async fn done(words: &Words<'_>, who: Uuid, span: &Span) -> Result<String> {
    let (from, to) = span.moments(words.engine);
    let within = |date: &str| vec![json!([date, ">=", from]), json!([date, "<", to])];
    let mine = |date: &str, more: &[Json]| {
        let mut all = within(date);
        all.push(json!(["owner", "=", who]));
        all.extend_from_slice(more);
        json!({"and": all})
    };
    let mut parts = Vec::new();

    let asked = (&["kind", "customer", "lead", "content", "result"][..], &["owner", "happened_at"][..]);
    let (items, total) = words.list("follow_up", asked, mine("happened_at", &[]), "happened_at").await?;
    let colon = words.say("：", ": ");
    let lines = items
        .iter()
        .map(|item| {
            let whom = title(item, "customer").or_else(|| title(item, "lead"));
            let how = joined(["kind", "result"].map(|field| words.option("follow_up", field, item)), " · ");
            let head = joined([whom, Some(how).filter(|how| !how.is_empty())], words.say("，", ", "));
            joined([Some(head).filter(|head| !head.is_empty()), text(item, "content")], colon)
        })
        .collect();
    parts.extend(words.part(words.say("跟进", "Contacts"), lines, total));

    let mut moved = within("changed_at");
    moved.extend([json!(["changed_by", "=", who]), json!(["from_stage", "not_null"])]);
    let asked = (&["opportunity", "from_stage", "to_stage"][..], &["changed_at", "changed_by", "from_stage"][..]);
    let (items, total) = words.list("stage_change", asked, json!({"and": moved}), "changed_at").await?;
    let lines = items
        .iter()
        .map(|item| {
            let way = joined(["from_stage", "to_stage"].map(|field| title(item, field)), " → ");
            joined([title(item, "opportunity"), Some(way)], colon)
        })
        .collect();
    parts.extend(words.part(words.say("商机推进", "Deals moved"), lines, total));

    for (object, zh, en) in [
        ("customer", "新增客户", "New customers"),
        ("lead", "新增线索", "New leads"),
        ("opportunity", "新增商机", "New opportunities"),
    ] {
        let asked = (&["name"][..], &["owner", "created_at"][..]);
        // See the measures: the index goes by this.
        let recent = [json!(["updated_at", ">=", from])];
        let (items, total) = words.list(object, asked, mine("created_at", &recent), "created_at").await?;
        let lines = items.iter().filter_map(|item| text(item, "name")).collect();
        parts.extend(words.part(words.say(zh, en), lines, total));
    }

    let asked = (&["name", "customer"][..], &["owner", "done_at", "status"][..]);
    let (items, total) =
        words.list("task", asked, mine("done_at", &[json!(["status", "=", "done"])]), "done_at").await?;
    let lines = items.iter().map(|item| joined([text(item, "name"), title(item, "customer")], " · ")).collect();
    parts.extend(words.part(words.say("完成任务", "Tasks done"), lines, total));
    Ok(parts.join("\n\n"))
}

/// What stands in the schedule: events, tasks and contacts that were agreed.
pub(crate) async fn planned(words: &Words<'_>, who: Uuid, span: &Span) -> Result<String> {
    let (from, to) = span.moments(words.engine);
    let asked = HashMap::from([("from".to_owned(), from.to_string()), ("to".to_owned(), to.to_string())]);
    let schedule = words.engine.figures(words.viewer, "schedule", asked).await?;
    let items: Vec<&Item> = schedule["items"].as_array().into_iter().flatten().filter_map(Json::as_object).collect();
    let open = |item: &&&Item| {
        item.get("status").and_then(Json::as_str) != Some("done")
            && item.get("answer").and_then(Json::as_str) != Some("declined")
            && item.get("people").and_then(Json::as_array).is_none_or(|people| people.contains(&json!(who)))
    };
    let items: Vec<&&Item> = items.iter().filter(open).collect();
    let lines = items
        .iter()
        .take(MOST)
        .map(|item| {
            let whole = item.get("all_day").and_then(Json::as_bool) == Some(true);
            let day = |text: &str| text.get(5..10).map(str::to_owned);
            let at = match item.get("first_day").and_then(Json::as_str).filter(|_| whole) {
                Some(first) => day(first),
                None => item.get("start").and_then(Json::as_str).map(|start| words.clock(start)),
            };
            let agreed = item.get("object").and_then(Json::as_str) == Some("follow_up");
            let what =
                text(item, "title").or_else(|| agreed.then(|| words.say("再次联系", "contact again").to_owned()));
            joined([at, joined_some([title(item, "customer"), what], words.say("：", ": "))], " ")
        })
        .collect();
    Ok(words.part("", lines, items.len()).map(|part| part.trim_start().to_owned()).unwrap_or_default())
}

fn joined_some(words: [Option<String>; 2], between: &str) -> Option<String> {
    Some(joined(words, between)).filter(|joined| !joined.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_short() {
        assert_eq!(shortened("一\n二\t 三"), "一 二 三");
        let long = "字".repeat(LONGEST + 1);
        assert_eq!(shortened(&long), format!("{}…", "字".repeat(LONGEST)));
        assert_eq!(shortened(&"字".repeat(LONGEST)), "字".repeat(LONGEST));
    }
}
