//! The schedule: events that repeat, occurrences that are changed, who sees what, tasks that come again, reminders.

use crate::open;
use guanxi_testkit::{Client, Made, Response, both_databases, encoded};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

async fn asked(client: &Client, from: &str, to: &str, people: &[String]) -> Response {
    let people = encoded(&people.join(";"));
    client.get(&format!("/figures/schedule?from={}&to={}&people={people}", encoded(from), encoded(to))).await
}

async fn items(client: &Client, from: &str, to: &str) -> Vec<Value> {
    asked(client, from, to, &[]).await.expect(200).json["items"].as_array().expect("items").clone()
}

/// Titles with the beginnings, as UTC has them.
async fn seen(client: &Client, from: &str, to: &str) -> Vec<String> {
    let show = |item: &Value| {
        format!("{} {}", item["title"].as_str().unwrap_or("-"), &item["start"].as_str().expect("a start")[..16])
    };
    items(client, from, to).await.iter().map(show).collect()
}

async fn act(client: &Client, made: &Made, action: &str, input: Value) -> Response {
    client.post(&format!("{}/actions/{action}", made.path()), input).await
}

fn at(text: &str) -> Timestamp {
    text.parse().expect("a moment")
}

const WEEKLY: &str = "FREQ=WEEKLY";

/// A meeting every Monday at ten in Shanghai, from 23 November 2026.
async fn weekly(client: &Client) -> Made {
    client
        .create("event", json!({"title": "周会", "starts_at": "2026-11-23T02:00:00Z", "ends_at": "2026-11-23T03:30:00Z", "repeat": WEEKLY, "place": "三楼"}))
        .await
}

both_databases! {
    async fn an_event_has_what_it_needs(db) {
        let app = open(db).await;
        let zhang = app.user("zhang", "member", "销售部").await;
        let made = zhang.create("event", json!({"title": "拜访", "starts_at": "2026-11-23T02:00:00Z"})).await;
        assert_eq!((&made.json["ends_at"], &made.json["zone"], &made.json["all_day"]), (&json!("2026-11-23T03:00:00Z"), &json!("Asia/Shanghai"), &json!(false)));
        // Moved without a word about its end, it takes as long as before.
        let moved = zhang.patch(&made.path(), json!({"starts_at": "2026-11-24T06:00:00Z"})).await.expect(200).json;
        assert_eq!(moved["ends_at"], json!("2026-11-24T07:00:00Z"));
        let trip = zhang.create("event", json!({"title": "出差", "all_day": true, "starts_at": "2026-11-25T03:00:00Z", "ends_at": "2026-11-26T03:00:00Z"})).await;
        assert_eq!((&trip.json["starts_at"], &trip.json["ends_at"]), (&json!("2026-11-24T16:00:00Z"), &json!("2026-11-25T16:00:00Z")));
        let all = items(&zhang, "2026-11-25T16:00:00Z", "2026-11-26T16:00:00Z").await;
        assert_eq!(all.len(), 1, "its last day belongs to it: {all:?}");
        assert_eq!((&all[0]["first_day"], &all[0]["last_day"], &all[0]["all_day"]), (&json!("2026-11-25"), &json!("2026-11-26"), &json!(true)));
        assert_eq!(seen(&zhang, "2026-11-26T16:00:00Z", "2026-11-27T16:00:00Z").await, Vec::<String>::new());
        for (wrong, field, code) in [
            (json!({"ends_at": "2026-11-01T00:00:00Z"}), "ends_at", "ends_before_start"),
            (json!({"ends_at": "2029-11-01T00:00:00Z"}), "ends_at", "too_long"),
            (json!({"starts_at": "0001-01-01T00:00:00Z"}), "starts_at", "out_of_range"),
            (json!({"zone": "Mars/Olympus"}), "zone", "bad_time_zone"),
            (json!({"zone": "../../etc/passwd"}), "zone", "bad_time_zone"),
            (json!({"repeat": "FREQ=SECONDLY"}), "repeat", "bad_rule"),
            (json!({"repeat": "FREQ=DAILY;COUNT=1000000000"}), "repeat", "bad_rule"),
            (json!({"repeat": "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"}), "repeat", "never_happens"),
            (json!({"repeat": WEEKLY, "excluded": "yesterday"}), "excluded", "bad_datetime"),
            (json!({"repeat": 5}), "repeat", "wrong_type"),
            (json!({"remind_minutes": 999_999}), "remind_minutes", "too_large"),
            (json!({"ends_by": "2030-01-01T00:00:00Z"}), "ends_by", "read_only"),
        ] {
            let answer = zhang.patch(&made.path(), wrong.clone()).await.expect(422);
            assert_eq!(answer.errors().first().map(|(field, _)| field.as_str()), Some(field), "{wrong}: {}", answer.text);
            if field != "remind_minutes" && code != "wrong_type" {
                assert_eq!(answer.errors()[0].1, code, "{wrong}");
            }
        }
        assert_eq!(zhang.post("/records/event", json!({"title": "x"})).await.expect(422).errors()[0].0, "starts_at");
    }

    async fn this_one_is_changed(db) {
        let app = open(db).await;
        let zhang = app.user("zhang", "member", "销售部").await;
        let series = weekly(&zhang).await;
        let december = ("2026-12-01T00:00:00Z", "2026-12-29T00:00:00Z");
        assert_eq!(seen(&zhang, december.0, december.1).await, ["周会 2026-12-07T02:00", "周会 2026-12-14T02:00", "周会 2026-12-21T02:00", "周会 2026-12-28T02:00"]);
        let one = zhang.create("event", json!({"series": series.id, "occurrence": "2026-12-14T02:00:00Z", "starts_at": "2026-12-15T06:00:00Z", "title": "周会改期"})).await;
        assert_eq!((&one.json["ends_at"], &one.json["place"], &one.json["repeat"]), (&json!("2026-12-15T07:30:00Z"), &json!("三楼"), &Value::Null));
        assert_eq!(seen(&zhang, december.0, december.1).await, ["周会 2026-12-07T02:00", "周会改期 2026-12-15T06:00", "周会 2026-12-21T02:00", "周会 2026-12-28T02:00"]);
        let again = zhang.post("/records/event", json!({"title": "x", "series": series.id, "occurrence": "2026-12-14T02:00:00Z", "starts_at": "2026-12-15T06:00:00Z"})).await;
        assert_eq!(again.expect(422).errors(), [("occurrence".to_owned(), "unknown_occurrence".to_owned())]);
        let never = json!({"title": "x", "series": series.id, "occurrence": "2026-12-15T02:00:00Z", "starts_at": "2026-12-15T06:00:00Z"});
        assert_eq!(zhang.post("/records/event", never).await.expect(422).errors()[0].1, "unknown_occurrence");
        assert_eq!(zhang.patch(&one.path(), json!({"repeat": WEEKLY})).await.expect(422).errors()[0].1, "one_of_a_series");
        assert_eq!(zhang.patch(&one.path(), json!({"occurrence": "2026-12-21T02:00:00Z"})).await.expect(422).errors()[0].1, "read_only");
        // One that does not take place.
        act(&zhang, &series, "skip", json!({"occurrence": "2026-12-21T02:00:00Z"})).await.expect(200);
        assert_eq!(act(&zhang, &series, "skip", json!({"occurrence": "2026-12-21T02:00:00Z"})).await.expect(422).errors()[0].1, "unknown_occurrence");
        assert_eq!(seen(&zhang, december.0, december.1).await, ["周会 2026-12-07T02:00", "周会改期 2026-12-15T06:00", "周会 2026-12-28T02:00"]);
        // All of them are moved to Tuesdays at nine: what was left out stays left out, what was changed stays.
        zhang.patch(&series.path(), json!({"starts_at": "2026-11-24T01:00:00Z"})).await.expect(200);
        assert_eq!(seen(&zhang, december.0, december.1).await, ["周会 2026-12-01T01:00", "周会 2026-12-08T01:00", "周会改期 2026-12-15T06:00"]);
        // With the series goes what stands for its occurrences; one that is deleted is not there any more.
        zhang.delete(&series.path()).await.expect(204);
        assert_eq!(seen(&zhang, december.0, december.1).await, Vec::<String>::new());
        zhang.post(&format!("/trash/{}/restore", series.id()), json!({})).await;
    }

    async fn this_and_the_following_are_changed(db) {
        let app = open(db).await;
        let zhang = app.user("zhang", "member", "销售部").await;
        let series = zhang.create("event", json!({"title": "周会", "starts_at": "2026-11-23T02:00:00Z", "repeat": "FREQ=WEEKLY;COUNT=6", "place": "三楼"})).await;
        act(&zhang, &series, "skip", json!({"occurrence": "2026-12-14T02:00:00Z"})).await.expect(200);
        zhang.create("event", json!({"title": "改", "series": series.id, "occurrence": "2026-12-21T02:00:00Z", "starts_at": "2026-12-22T02:00:00Z"})).await;
        let (from, to) = ("2026-11-01T00:00:00Z", "2027-03-01T00:00:00Z");
        assert_eq!(seen(&zhang, from, to).await, ["周会 2026-11-23T02:00", "周会 2026-11-30T02:00", "周会 2026-12-07T02:00", "改 2026-12-22T02:00", "周会 2026-12-28T02:00"]);
        let first = json!({"title": "x", "series": series.id, "continues": true, "occurrence": "2026-11-23T02:00:00Z", "starts_at": "2026-11-23T02:00:00Z"});
        assert_eq!(zhang.post("/records/event", first).await.expect(422).errors()[0].1, "first_occurrence");
        // From 7 December on it is on Wednesdays.
        let rest = zhang.create("event", json!({"title": "周会二", "series": series.id, "continues": true, "occurrence": "2026-12-07T02:00:00Z", "starts_at": "2026-12-09T02:00:00Z"})).await;
        assert_eq!((&rest.json["repeat"], &rest.json["place"]), (&json!("FREQ=WEEKLY;COUNT=4"), &json!("三楼")));
        assert_eq!(seen(&zhang, from, to).await, ["周会 2026-11-23T02:00", "周会 2026-11-30T02:00", "周会二 2026-12-09T02:00", "改 2026-12-22T02:00", "周会二 2026-12-30T02:00"]);
        // What is over is over.
        act(&zhang, &rest, "end_before", json!({"occurrence": "2026-12-30T02:00:00Z"})).await.expect(200);
        assert_eq!(act(&zhang, &rest, "end_before", json!({"occurrence": "2026-12-09T02:00:00Z"})).await.expect(422).errors()[0].1, "first_occurrence");
        assert_eq!(seen(&zhang, from, to).await.len(), 4);
        act(&zhang, &rest, "end_before", json!({"occurrence": "2026-12-23T02:00:00Z"})).await.expect(200);
        assert_eq!(seen(&zhang, from, to).await, ["周会 2026-11-23T02:00", "周会 2026-11-30T02:00", "周会二 2026-12-09T02:00"], "what stood for one that is no more, neither");
    }

    async fn the_hour_stays(db) {
        let app = open(db).await;
        let zhang = app.user("zhang", "member", "").await;
        zhang.create("event", json!({"title": "call", "zone": "Europe/Berlin", "starts_at": "2026-10-23T07:00:00Z", "repeat": "FREQ=DAILY;COUNT=4"})).await;
        zhang.create("event", json!({"title": "day", "zone": "Europe/Berlin", "all_day": true, "starts_at": "2026-10-24T22:00:00Z"})).await;
        assert_eq!(seen(&zhang, "2026-10-24T00:00:00Z", "2026-10-31T00:00:00Z").await, ["call 2026-10-24T07:00", "day 2026-10-24T22:00", "call 2026-10-25T08:00", "call 2026-10-26T08:00"]);
        // The day of the change has twenty-five hours.
        let day = items(&zhang, "2026-10-25T22:30:00Z", "2026-10-25T22:45:00Z").await;
        assert_eq!(day[0]["first_day"], json!("2026-10-25"), "{day:?}");
    }

    async fn who_sees_what(db) {
        let app = open(db).await;
        let boss = app.user("boss", "manager", "销售部").await;
        let zhang = app.user("zhang", "member", "销售部/华东").await;
        let li = app.user("li", "member", "市场部").await;
        let wang = app.user("wang", "member", "市场部").await;
        let event = zhang.create("event", json!({"title": "评审", "starts_at": "2026-11-23T02:00:00Z", "participants": [li.id()]})).await;
        zhang.create("event", json!({"title": "自己的", "starts_at": "2026-11-23T06:00:00Z"})).await;
        let day = ("2026-11-22T16:00:00Z", "2026-11-23T16:00:00Z");
        assert_eq!(seen(&li, day.0, day.1).await, ["评审 2026-11-23T02:00"]);
        assert_eq!(li.get(&event.path()).await.expect(200).json["title"], json!("评审"));
        assert_eq!(li.patch(&event.path(), json!({"title": "x"})).await.status, 403, "to read, not to change");
        assert_eq!(li.matching("event", &json!(["participants", "contains", "me"])).await.len(), 1);
        assert_eq!(wang.get(&event.path()).await.status, 404);
        // Of a colleague one sees what one may; his manager sees it all.
        let of = |answer: Response| answer.expect(200).each("title");
        assert_eq!(of(asked(&wang, day.0, day.1, &[zhang.id().to_string()]).await), Vec::<String>::new());
        assert_eq!(of(asked(&li, day.0, day.1, &[zhang.id().to_string()]).await), ["评审"]);
        assert_eq!(of(asked(&boss, day.0, day.1, &[zhang.id().to_string(), li.id().to_string()]).await), ["评审", "自己的"]);
        let both = asked(&boss, day.0, day.1, &[zhang.id().to_string(), li.id().to_string()]).await.json;
        assert_eq!(both["items"][0]["people"].as_array().map(Vec::len), Some(2));
        // Answers.
        assert_eq!(act(&boss, &event, "accept", json!({})).await.code(), "not_invited");
        assert_eq!(act(&wang, &event, "accept", json!({})).await.status, 404);
        assert_eq!(items(&li, day.0, day.1).await[0]["answer"], json!("asked"));
        let yes = act(&li, &event, "accept", json!({})).await.expect(200).json;
        assert_eq!(yes["accepted"][0]["id"], json!(li.id()));
        let no = act(&li, &event, "decline", json!({})).await.expect(200).json;
        assert_eq!((&no["accepted"], no["declined"].as_array().map(Vec::len)), (&Value::Null, Some(1)));
        let history = li.get(&format!("{}/history", event.path())).await.expect(200);
        assert!(history.text.contains("\"li\""), "it is he who answered: {}", history.text);
        // Moved, he is asked anew; taken out, he sees it no more.
        zhang.patch(&event.path(), json!({"starts_at": "2026-11-23T03:00:00Z"})).await.expect(200);
        assert_eq!(items(&li, day.0, day.1).await[0]["answer"], json!("asked"));
        zhang.patch(&event.path(), json!({"participants": [wang.id()]})).await.expect(200);
        assert_eq!(li.get(&event.path()).await.status, 404);
        assert_eq!(seen(&li, day.0, day.1).await, Vec::<String>::new());
        assert_eq!(seen(&wang, day.0, day.1).await.len(), 1);
        // Who may only read a series changes none of its occurrences.
        let series = weekly(&zhang).await;
        zhang.patch(&series.path(), json!({"participants": [wang.id()]})).await.expect(200);
        let hers = json!({"title": "x", "series": series.id, "occurrence": "2026-11-30T02:00:00Z", "starts_at": "2026-11-30T02:00:00Z"});
        assert_eq!(wang.post("/records/event", hers.clone()).await.expect(422).errors()[0], ("series".to_owned(), "forbidden".to_owned()));
        assert_eq!(li.post("/records/event", hers).await.status, 422);
        assert_eq!(act(&wang, &series, "skip", json!({"occurrence": "2026-11-30T02:00:00Z"})).await.status, 403);
    }

    async fn one_request_has_it_all(db) {
        let app = open(db).await;
        let zhang = app.user("zhang", "member", "").await;
        let customer = zhang.create("customer", json!({"name": "甲公司"})).await;
        let kinds = zhang.list("event_kind", &[("sort", "sort_order")]).await.expect(200);
        assert_eq!(kinds.each("name"), ["拜访", "会议", "电话", "出差", "个人", "其他"]);
        let kind = kinds.each("id").remove(0);
        zhang.create("event", json!({"title": "拜访甲", "kind": kind, "customer": customer.id, "starts_at": "2026-11-23T02:00:00Z"})).await;
        zhang.create("task", json!({"name": "报价", "due_at": "2026-11-23T09:00:00Z", "customer": customer.id})).await;
        zhang.create("task", json!({"name": "没有时间的"})).await;
        zhang.create("follow_up", json!({"content": "聊过了", "customer": customer.id, "next_at": "2026-11-23T07:00:00Z", "next_step": "再打电话"})).await;
        let all = items(&zhang, "2026-11-22T16:00:00Z", "2026-11-23T16:00:00Z").await;
        let shown: Vec<_> = all.iter().map(|item| (item["object"].as_str().unwrap_or_default(), item["title"].as_str().unwrap_or_default())).collect();
        assert_eq!(shown, [("event", "拜访甲"), ("follow_up", "再打电话"), ("task", "报价")]);
        assert_eq!((&all[0]["color"], &all[0]["kind"]["title"], &all[0]["customer"]["title"]), (&json!("green"), &json!("拜访"), &json!("甲公司")));
        assert_eq!((&all[2]["status"], &all[2]["people"]), (&json!("open"), &json!([zhang.id()])));
        // What it is asked for is looked at.
        for (query, field) in [
            ("", "from"),
            ("from=2026-11-23", "to"),
            ("from=x&to=y", "from"),
            ("from=2026-11-23&to=2026-11-22", "to"),
            ("from=2026-01-01&to=2028-01-01", "to"),
            ("from=2026-11-23&to=2026-11-24&people=x", "people"),
            ("from=2026-11-23&to=2026-11-24&who=me", "who"),
        ] {
            assert_eq!(zhang.get(&format!("/figures/schedule?{query}")).await.expect(422).errors()[0].0, field, "{query}");
        }
        let many: Vec<String> = (0..21).map(|number| format!("0190d0e0-0000-7000-8000-0000000000{number:02}")).collect();
        assert_eq!(asked(&zhang, "2026-11-23", "2026-11-24", &many).await.expect(422).errors()[0].0, "people");
        assert_eq!(zhang.get("/figures/pools?from=1").await.status, 422);
        assert_eq!(asked(&zhang, "2026-11-23", "2026-11-24", &[]).await.expect(200).json["items"].as_array().map(Vec::len), Some(3), "days of the workspace");
        assert_eq!(app.nobody().get("/figures/schedule?from=2026-11-23&to=2026-11-24").await.status, 401);
        // A role that does not know the field by which it is found sees none.
        app.change_role("member", |rights| {
            for (object, field) in [("task", "due_at"), ("event", "place")] {
                let mut grant = rights.owned.clone();
                grant.fields.insert(field.into(), guanxi_model::field::FieldAccess::None);
                rights.objects.insert(object.into(), grant);
            }
        })
        .await;
        let left = items(&zhang, "2026-11-22T16:00:00Z", "2026-11-23T16:00:00Z").await;
        assert_eq!(left.iter().map(|item| item["object"].as_str().unwrap_or_default()).collect::<Vec<_>>(), ["event", "follow_up"]);
    }

    async fn a_task_that_repeats_makes_the_next(db) {
        let app = open(db).await;
        let zhang = app.user("zhang", "member", "").await;
        let li = app.user("li", "member", "市场部").await;
        let monthly = zhang.create("task", json!({"name": "月报", "due_at": "2026-10-31T09:00:00Z", "starts_at": "2026-10-31T01:00:00Z", "repeat": "freq=monthly", "followers": [li.id()]})).await;
        assert_eq!(li.get(&monthly.path()).await.expect(200).json["repeat"], json!("FREQ=MONTHLY"), "who follows it reads it");
        let done = act(&zhang, &monthly, "complete", json!({})).await.expect(200).json;
        // It is 21 November, which has no 31st.
        let next = zhang.get(&format!("/records/task/{}", done["next_task"]["id"].as_str().expect("a next one"))).await.expect(200).json;
        assert_eq!((&next["due_at"], &next["starts_at"], &next["status"]), (&json!("2026-12-31T09:00:00Z"), &json!("2026-12-31T01:00:00Z"), &json!("open")));
        assert_eq!(next["followers"][0]["id"], json!(li.id()));
        // Once only, however often it is done.
        act(&zhang, &monthly, "reopen", json!({})).await.expect(200);
        act(&zhang, &monthly, "complete", json!({})).await.expect(200);
        assert_eq!(zhang.list("task", &[("count", "true")]).await.json["total"], json!(2));
        let twice = zhang.create("task", json!({"name": "两次", "due_at": "2026-11-22T09:00:00Z", "repeat": "FREQ=DAILY;COUNT=2"})).await;
        let done = act(&zhang, &twice, "complete", json!({})).await.expect(200).json;
        let last = format!("/records/task/{}", done["next_task"]["id"].as_str().expect("a next one"));
        assert_eq!(zhang.get(&last).await.json["repeat"], json!("FREQ=DAILY;COUNT=1"));
        assert_eq!(zhang.patch(&last, json!({"status": "done"})).await.expect(200).json["next_task"], Value::Null);
        assert_eq!(zhang.post("/records/task", json!({"name": "x", "repeat": "FREQ=DAILY"})).await.expect(422).errors()[0].0, "due_at");
        assert_eq!(zhang.post("/records/task", json!({"name": "x", "due_at": "2026-11-22T09:00:00Z", "starts_at": "2026-11-23T09:00:00Z"})).await.expect(422).errors()[0].0, "starts_at");
    }

    async fn reminders_are_told(db) {
        let app = open(db).await;
        let zhang = app.user("zhang", "member", "").await;
        let li = app.user("li", "member", "市场部").await;
        let series = zhang.create("event", json!({"title": "周会", "starts_at": "2026-11-23T02:00:00Z", "repeat": WEEKLY, "remind_minutes": 15, "participants": [li.id()]})).await;
        act(&zhang, &series, "skip", json!({"occurrence": "2026-12-07T02:00:00Z"})).await.expect(200);
        zhang.create("event", json!({"title": "周会改", "series": series.id, "occurrence": "2026-11-30T02:00:00Z", "starts_at": "2026-11-30T04:00:00Z"})).await;
        act(&li, &series, "decline", json!({})).await.expect(200);
        zhang.create("task", json!({"name": "报价", "due_at": "2026-11-23T02:00:00Z", "remind_minutes": 1440})).await;
        zhang.create("task", json!({"name": "已完成", "due_at": "2026-11-23T02:00:00Z", "remind_minutes": 1440, "status": "done"})).await;
        app.engine.remind().await.expect("the beginning");
        let mut told = Vec::new();
        for moment in [
            "2026-11-22T01:59:59Z", "2026-11-22T02:00:00Z", "2026-11-23T01:44:59Z", "2026-11-23T01:45:00Z", "2026-11-23T01:46:00Z",
            "2026-11-30T03:44:00Z", "2026-11-30T03:45:00Z", "2026-12-07T03:00:00Z", "2026-12-14T01:44:00Z", "2026-12-14T01:45:00Z",
        ] {
            app.clock.set(at(moment));
            app.engine.remind().await.expect("reminders");
            for (name, client) in [("zhang", &zhang), ("li", &li)] {
                let news = client.get("/notifications?unread=true").await.expect(200).json;
                let soon = |item: &&Value| item["kind"].as_str().is_some_and(|kind| kind.ends_with(".reminder"));
                for item in news["items"].as_array().expect("items").iter().filter(soon) {
                    told.push(format!("{moment} {name}: {} {}", item["title"].as_str().expect("a title"), item["moment"].as_str().expect("a moment")));
                }
                client.post("/notifications/read", json!({"all": true})).await.expect(200);
            }
        }
        assert_eq!(told, [
            "2026-11-22T02:00:00Z zhang: 报价 2026-11-23T02:00:00Z",
            "2026-11-23T01:45:00Z zhang: 周会 2026-11-23T02:00:00Z",
            "2026-11-30T03:45:00Z zhang: 周会改 2026-11-30T04:00:00Z",
            "2026-11-30T03:45:00Z li: 周会改 2026-11-30T04:00:00Z",
            "2026-12-14T01:45:00Z zhang: 周会 2026-12-14T02:00:00Z",
        ]);
    }

    async fn two_change_occurrences_at_once(db) {
        let app = open(db).await;
        let zhang = app.user("zhang", "member", "").await;
        let series = weekly(&zhang).await;
        let mut asked = Vec::new();
        for week in 1..=8 {
            let at = at("2026-11-23T02:00:00Z") + SignedDuration::from_hours(24 * 7 * week);
            let (zhang, id) = (zhang.clone(), series.id);
            asked.push(tokio::spawn(async move {
                zhang.post("/records/event", json!({"title": "改", "series": id, "occurrence": at, "starts_at": at})).await.expect(201);
            }));
        }
        for one in asked {
            one.await.expect("it is made");
        }
        let all = seen(&zhang, "2026-11-24T00:00:00Z", "2027-01-19T00:00:00Z").await;
        assert_eq!(all.iter().filter(|one| one.starts_with("改")).count(), 8);
        assert_eq!(all.len(), 8, "none of them is there twice: {all:?}");
    }
}
