//! The secret address of a calendar: what is in it, whose it is, when it is no more.

use crate::open;
use guanxi_testkit::{Client, Response, TestApp, both_databases};
use serde_json::{Value, json};

/// Makes an address and answers its path.
async fn address(client: &Client, whole: bool) -> String {
    let made = client
        .request("POST", "/calendar-feed")
        .header("host", "crm.example.com")
        .json(&json!({"whole": whole}))
        .send()
        .await;
    let made = made.expect(201).json;
    let address = made["address"].as_str().expect("an address").to_owned();
    assert!(address.starts_with("http://crm.example.com/calendar/") && address.ends_with(".ics"), "{address}");
    address.strip_prefix("http://crm.example.com").expect("its host").to_owned()
}

async fn fetch(app: &TestApp, path: &str) -> Response {
    app.nobody().request("GET", &format!("/{path}")).header("host", "crm.example.com").send().await
}

/// Lines as they were before they were folded.
pub(crate) fn unfolded(text: &str) -> Vec<String> {
    for line in text.split("\r\n") {
        assert!(line.len() <= 75, "{} octets: {line}", line.len());
    }
    assert!(!text.replace("\r\n", "").contains('\n'), "lines end in CRLF");
    text.replace("\r\n ", "").split("\r\n").map(str::to_owned).collect()
}

/// The lines of the events with a title.
pub(crate) fn of_event(text: &str, title: &str) -> Vec<String> {
    let lines = unfolded(text);
    let blocks = lines.split(|line| line == "BEGIN:VEVENT").skip(1);
    let found = blocks.filter(|block| block.contains(&format!("SUMMARY:{title}")));
    found.flat_map(|block| block.iter().take_while(|line| *line != "END:VEVENT").cloned()).collect()
}

fn has(lines: &[String], wanted: &[&str]) {
    for line in wanted {
        assert!(lines.iter().any(|known| known == line), "no {line} in {lines:#?}");
    }
}

both_databases! {
    async fn everything_an_event_says_is_in_the_feed(db) {
        let app = open(db).await;
        let zhang = app.user("zhang", "member", "销售部").await;
        let li = app.user("li", "member", "市场部").await;
        let admin = app.admin().await;
        admin.patch(&format!("/records/user/{}", li.id()), json!({"email": "li@example.com"})).await.expect(200);
        let long = "讨论；年度预算, 采购与 a\\b\n第二行".repeat(20);
        let meeting = zhang.create("event", json!({
            "title": "预算会", "starts_at": "2026-11-23T02:00:00Z", "ends_at": "2026-11-23T03:30:00Z", "place": "三楼, 东", "description": long,
            "remind_minutes": 15, "participants": [li.id()], "repeat": "FREQ=WEEKLY;BYDAY=MO;COUNT=5",
        })).await;
        li.post(&format!("{}/actions/accept", meeting.path()), json!({})).await.expect(200);
        zhang.post(&format!("{}/actions/skip", meeting.path()), json!({"occurrence": "2026-11-30T02:00:00Z"})).await.expect(200);
        zhang.create("event", json!({"series": meeting.id, "occurrence": "2026-12-07T02:00:00Z", "starts_at": "2026-12-08T06:00:00Z", "title": "预算会改期"})).await;
        zhang.create("event", json!({"title": "出差", "all_day": true, "starts_at": "2026-11-25T03:00:00Z", "ends_at": "2026-11-26T03:00:00Z", "repeat": "FREQ=YEARLY;UNTIL=20281231T000000Z"})).await;
        let path = address(&zhang, false).await;
        let answer = fetch(&app, &path).await.expect(200);
        assert_eq!(answer.header("content-type"), "text/calendar; charset=utf-8");
        let text = &answer.text;
        let lines = of_event(text, "预算会");
        has(&lines, &[
            &format!("UID:{}", meeting.id),
            "DTSTART;TZID=Asia/Shanghai:20261123T100000",
            "DTEND;TZID=Asia/Shanghai:20261123T113000",
            "RRULE:FREQ=WEEKLY;COUNT=5;BYDAY=MO",
            "EXDATE;TZID=Asia/Shanghai:20261130T100000",
            "LOCATION:三楼\\, 东",
            "STATUS:CONFIRMED",
            "TRIGGER:-PT15M",
            &format!("URL:http://crm.example.com/o/event/{}", meeting.id),
        ]);
        assert_eq!(lines.iter().filter(|line| line.starts_with("EXDATE")).count(), 1, "what was changed is not left out: {lines:#?}");
        let attendee = lines.iter().find(|line| line.starts_with("ATTENDEE")).expect("who takes part");
        assert!(attendee.contains("CN=li") && attendee.contains("PARTSTAT=ACCEPTED") && attendee.ends_with(":mailto:li@example.com"), "{attendee}");
        assert!(lines.iter().any(|line| line.starts_with("ORGANIZER") && line.ends_with(&format!(":urn:uuid:{}", zhang.id()))), "{lines:#?}");
        let description = lines.iter().find_map(|line| line.strip_prefix("DESCRIPTION:")).expect("a description");
        assert!(description.starts_with("讨论；年度预算\\, 采购与 a\\\\b\\n第二行"), "{description}");
        let changed = of_event(text, "预算会改期");
        has(&changed, &[&format!("UID:{}", meeting.id), "RECURRENCE-ID;TZID=Asia/Shanghai:20261207T100000", "DTSTART;TZID=Asia/Shanghai:20261208T140000"]);
        let days = of_event(text, "出差");
        has(&days, &["DTSTART;VALUE=DATE:20261125", "DTEND;VALUE=DATE:20261127", "RRULE:FREQ=YEARLY;UNTIL=20281231"]);
        let all = unfolded(text);
        has(&all, &["VERSION:2.0", "BEGIN:VTIMEZONE", "TZID:Asia/Shanghai", "TZOFFSETTO:+0800"]);
        // He who takes part has it in his own.
        let of_li = fetch(&app, &address(&li, false).await).await.expect(200);
        assert!(!of_event(&of_li.text, "预算会").is_empty() && of_event(&of_li.text, "出差").is_empty(), "{}", of_li.text);
    }

    async fn what_stays_the_same_is_not_sent_again(db) {
        let app = open(db).await;
        let zhang = app.user("zhang", "member", "").await;
        let event = zhang.create("event", json!({"title": "一", "starts_at": "2026-11-23T02:00:00Z"})).await;
        let path = address(&zhang, false).await;
        let mark = fetch(&app, &path).await.expect(200).header("etag").to_owned();
        let again = |mark: String| app.nobody().request("GET", &format!("/{path}")).header("host", "crm.example.com").header("if-none-match", &mark).send();
        assert_eq!(again(mark.clone()).await.expect(304).text, "");
        assert_eq!(again(format!("\"x\", W/{mark}")).await.status, 304);
        zhang.patch(&event.path(), json!({"place": "二楼"})).await.expect(200);
        let changed = again(mark.clone()).await.expect(200);
        assert_ne!(changed.header("etag"), mark);
        zhang.delete(&event.path()).await.expect(204);
        assert_ne!(again(changed.header("etag").to_owned()).await.expect(200).header("etag"), mark);
    }

    async fn the_hour_stays_in_every_zone(db) {
        let app = open(db).await;
        let zhang = app.user("zhang", "member", "").await;
        zhang.create("event", json!({"title": "call", "zone": "Europe/Berlin", "starts_at": "2026-10-23T07:00:00Z", "repeat": "FREQ=MONTHLY;BYMONTHDAY=31"})).await;
        zhang.create("event", json!({"title": "day", "zone": "Europe/Berlin", "all_day": true, "starts_at": "2026-10-24T22:00:00Z", "ends_at": "2026-10-25T23:00:00Z"})).await;
        zhang.create("event", json!({"title": "utc", "zone": "UTC", "starts_at": "2026-10-24T22:00:00Z", "repeat": "FREQ=DAILY;UNTIL=20261101"})).await;
        let text = fetch(&app, &address(&zhang, false).await).await.expect(200).text;
        has(&of_event(&text, "call"), &["DTSTART;TZID=Europe/Berlin:20261023T090000", "RRULE:FREQ=MONTHLY;BYMONTHDAY=31"]);
        has(&of_event(&text, "day"), &["DTSTART;VALUE=DATE:20261025", "DTEND;VALUE=DATE:20261027"]);
        has(&of_event(&text, "utc"), &["DTSTART:20261024T220000Z", "RRULE:FREQ=DAILY;UNTIL=20261101T235959Z"]);
        has(&unfolded(&text), &["TZID:Europe/Berlin", "BEGIN:DAYLIGHT", "BEGIN:STANDARD", "TZOFFSETFROM:+0200", "TZOFFSETTO:+0100"]);
    }

    async fn tasks_are_there_where_that_is_asked_for(db) {
        let app = open(db).await;
        let zhang = app.user("zhang", "member", "").await;
        zhang.create("task", json!({"name": "报价", "due_at": "2026-11-24T09:00:00Z", "priority": "high", "remind_minutes": 30})).await;
        let done = zhang.create("task", json!({"name": "回访", "due_at": "2026-11-20T09:00:00Z"})).await;
        zhang.post(&format!("{}/actions/complete", done.path()), json!({})).await.expect(200);
        zhang.create("task", json!({"name": "某天"})).await;
        let path = address(&zhang, false).await;
        assert!(!fetch(&app, &path).await.expect(200).text.contains("VTODO"));
        assert_eq!(zhang.patch("/calendar-feed", json!({"whole": true})).await.expect(200).json["whole"], json!(true));
        let lines = unfolded(&fetch(&app, &path).await.expect(200).text);
        has(&lines, &["SUMMARY:报价", "DUE;TZID=Asia/Shanghai:20261124T170000", "PRIORITY:1", "STATUS:NEEDS-ACTION", "TRIGGER;RELATED=END:-PT30M", "SUMMARY:回访", "STATUS:COMPLETED"]);
        assert!(!lines.contains(&"SUMMARY:某天".to_owned()), "it is due at no time");
    }

    async fn an_address_is_his_who_made_it(db) {
        let app = open(db).await;
        let admin = app.admin().await;
        let zhang = app.user("zhang", "member", "销售部").await;
        let li = app.user("li", "member", "市场部").await;
        li.create("event", json!({"title": "别人的秘密", "starts_at": "2026-11-23T02:00:00Z"})).await;
        assert_eq!(zhang.get("/calendar-feed").await.expect(200).json, json!({"created_at": Value::Null, "whole": false}));
        zhang.patch("/calendar-feed", json!({"whole": true})).await.expect(404);
        zhang.delete("/calendar-feed").await.expect(404);
        let first = address(&zhang, false).await;
        assert_eq!(zhang.get("/calendar-feed").await.json["created_at"], json!("2026-11-21T02:00:00Z"));
        assert!(!fetch(&app, &first).await.expect(200).text.contains("秘密"));
        let second = address(&zhang, false).await;
        assert_ne!(first, second);
        fetch(&app, &first).await.expect(404);
        fetch(&app, &second).await.expect(200);
        for wrong in ["/calendar/x.ics".to_owned(), "/calendar/.ics".to_owned(), second.replace(".ics", ""), second.replace(".ics", "%00.ics"), "/calendar/%FF.ics".to_owned(), format!("/calendar/north.{}", &second[10..])] {
            fetch(&app, &wrong).await.expect(404);
        }
        // The secret is no token, and a token is no address.
        let secret = second.trim_start_matches("/calendar/").trim_end_matches(".ics").to_owned();
        app.nobody().request("GET", "/session").header("authorization", &format!("Bearer {secret}")).send().await.expect(401);
        // A token that can do less than he can makes none.
        let token = zhang.post("/tokens", json!({"name": "x", "days": 3})).await.expect(201).json["token"].as_str().expect("a token").to_owned();
        let less = app.nobody().with("authorization", &format!("Bearer {token}"));
        assert_eq!(less.post("/calendar-feed", json!({})).await.expect(403).code(), "restricted_token");
        // Who wants it gone, and who is gone.
        zhang.delete("/calendar-feed").await.expect(204);
        fetch(&app, &second).await.expect(404);
        let third = address(&zhang, false).await;
        admin.patch(&format!("/records/user/{}", zhang.id()), json!({"active": false})).await.expect(200);
        fetch(&app, &third).await.expect(404);
        admin.patch(&format!("/records/user/{}", zhang.id()), json!({"active": true})).await.expect(200);
        fetch(&app, &third).await.expect(404);
    }

    async fn what_he_may_not_read_is_not_in_it(db) {
        let app = open(db).await;
        let zhang = app.user("zhang", "member", "").await;
        zhang.create("event", json!({"title": "拜访", "starts_at": "2026-11-23T02:00:00Z", "place": "保密地点", "description": "保密说明"})).await;
        let path = address(&zhang, false).await;
        app.change_role("member", |rights| {
            let grant = rights.owned.clone();
            let fields = [("place".to_owned(), guanxi_model::field::FieldAccess::None)].into_iter().collect();
            rights.objects.insert("event".to_owned(), guanxi_engine::Grant { fields, ..grant });
        }).await;
        let text = fetch(&app, &path).await.expect(200).text;
        assert!(text.contains("保密说明") && !text.contains("保密地点"), "{text}");
    }
}
