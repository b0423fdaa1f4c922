//! CalDAV by hand: what programs ask, what they write, and what is refused. A real program is in `caldav_program.rs`.

use crate::{
    access::{CANARY, Victim},
    calendar::of_event,
    open,
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use guanxi_testkit::{Client, Response, TestApp, both_databases};
use serde_json::{Value, json};

/// A calendar program of a person.
pub(crate) struct Program {
    client: Client,
    /// Who it calls itself, in `Authorization`.
    basic: String,
    /// Where the calendars are.
    pub home: String,
}

pub(crate) async fn token_of(client: &Client) -> String {
    let token = client.post("/tokens", json!({"name": "phone"})).await.expect(201).json["token"].clone();
    token.as_str().expect("a token").to_owned()
}

fn basic(login: &str, password: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{login}:{password}")))
}

impl Program {
    pub async fn of(app: &TestApp, person: &Client) -> Self {
        let basic = basic(&person.viewer().login, &token_of(person).await);
        Self { client: app.nobody(), basic, home: format!("/dav/calendars/{}/", person.id()) }
    }

    pub async fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Response {
        self.send_bytes(method, path, headers, body.as_bytes().to_vec()).await
    }

    async fn send_bytes(&self, method: &str, path: &str, headers: &[(&str, &str)], body: Vec<u8>) -> Response {
        let path = if path.starts_with('/') { path.to_owned() } else { format!("{}{path}", self.home) };
        let mut request = self.client.request(method, &format!("/{path}")).header("authorization", &self.basic);
        for (name, value) in headers {
            request = request.header(name, value);
        }
        request.body(body).send().await
    }

    async fn propfind(&self, path: &str, depth: &str, properties: &str) -> Response {
        let body = format!(
            "<propfind xmlns=\"DAV:\" xmlns:C=\"urn:ietf:params:xml:ns:caldav\" xmlns:S=\"http://calendarserver.org/ns/\" xmlns:A=\"http://apple.com/ns/ical/\"><prop>{properties}</prop></propfind>"
        );
        self.send("PROPFIND", path, &[("depth", depth)], &body).await
    }

    async fn report(&self, path: &str, body: &str) -> Response {
        let body = body.replacen('>', " xmlns=\"DAV:\" xmlns:C=\"urn:ietf:params:xml:ns:caldav\">", 1);
        self.send("REPORT", path, &[("depth", "1")], &body).await
    }

    async fn put(&self, name: &str, text: &str) -> Response {
        self.send("PUT", name, &[("content-type", "text/calendar; charset=utf-8")], text).await
    }

    async fn get(&self, name: &str) -> Response {
        self.send("GET", name, &[], "").await
    }

    async fn etag(&self, name: &str) -> String {
        self.get(name).await.expect(200).header("etag").to_owned()
    }
}

pub(crate) fn calendar(lines: &str) -> String {
    format!("BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//x//x//EN\n{}\nEND:VCALENDAR\n", lines.trim()).replace('\n', "\r\n")
}

fn event(uid: &str, lines: &str) -> String {
    calendar(&format!("BEGIN:VEVENT\nUID:{uid}\nDTSTAMP:20261101T000000Z\n{}\nEND:VEVENT", lines.trim()))
}

/// Titles with the beginnings that the schedule shows.
async fn schedule(client: &Client) -> Vec<String> {
    let answer =
        client.get("/figures/schedule?from=2026-11-01T00:00:00Z&to=2027-04-01T00:00:00Z").await.expect(200).json;
    let show = |item: &Value| {
        format!("{} {}", item["title"].as_str().unwrap_or("-"), &item["start"].as_str().expect("a start")[..16])
    };
    answer["items"].as_array().expect("items").iter().map(show).collect()
}

fn has(text: &str, wanted: &[&str]) {
    for part in wanted {
        assert!(text.contains(part), "no {part} in {text}");
    }
}

both_databases! {
    async fn a_program_finds_its_way(db) {
        let app = open(db).await;
        let zhang = app.user("zhang", "member", "").await;
        let me = zhang.id();
        let program = Program::of(&app, &zhang).await;
        let found = app.nobody().request("PROPFIND", "//.well-known/caldav").send().await.expect(301);
        assert_eq!(found.header("location"), "/dav/");
        let options = app.nobody().request("OPTIONS", "//dav/").send().await.expect(200);
        assert!(options.header("dav").contains("calendar-access") && options.header("allow").contains("REPORT"));
        let nobody = app.nobody().request("PROPFIND", "//dav/").send().await.expect(401);
        assert!(nobody.header("www-authenticate").starts_with("Basic realm="), "{:?}", nobody.headers);
        let root = program.propfind("/dav/", "0", "<current-user-principal/><resourcetype/><unknown xmlns=\"urn:x\"/>").await.expect(207);
        has(&root.text, &[&format!("<D:current-user-principal><D:href>/dav/users/{me}/</D:href>"), "<D:resourcetype><D:collection/></D:resourcetype>", "404 Not Found", "<unknown xmlns=\"urn:x\"/>"]);
        let principal = program.propfind(&format!("/dav/users/{me}/"), "0", "<C:calendar-home-set/><C:calendar-user-address-set/><displayname/>").await.expect(207);
        has(&principal.text, &[&format!("<C:calendar-home-set><D:href>/dav/calendars/{me}/</D:href>"), &format!("urn:uuid:{me}"), "<D:displayname>zhang</D:displayname>"]);
        let home = program.propfind("", "1", "<resourcetype/><displayname/><C:supported-calendar-component-set/><S:getctag/><sync-token/><A:calendar-color/><current-user-privilege-set/><supported-report-set/><owner/>").await.expect(207);
        has(&home.text, &["<D:collection/><C:calendar/>", "<D:displayname>日程</D:displayname>", "<C:comp name=\"VEVENT\"/>", "<C:comp name=\"VTODO\"/>", "<S:getctag>", "<D:sync-token>urn:guanxi:sync:", "<A:calendar-color>#1677FF", "<D:sync-collection/>", "<D:unbind/>"]);
        assert!(program.send("PROPFIND", "", &[("depth", "infinity")], "").await.expect(403).text.contains("propfind-finite-depth"));
        program.send("PROPFIND", "events/", &[("depth", "1")], "").await.expect(207);
        for method in ["MKCALENDAR", "MKCOL"] {
            assert!(program.send(method, "new/", &[], "").await.expect(403).text.contains("calendar-collection-location-ok"));
        }
        let patch = "<propertyupdate xmlns=\"DAV:\"><set><prop><displayname>x</displayname></prop></set></propertyupdate>";
        has(&program.send("PROPPATCH", "events/", &[], patch).await.expect(207).text, &["403 Forbidden", "cannot-modify-protected-property"]);
        program.send("DELETE", "events/", &[], "").await.expect(403);
        program.send("PROPFIND", "nothing/", &[("depth", "0")], "").await.expect(404);
        program.send("GET", "events/", &[], "").await.expect(404);
        program.send("MOVE", "events/a.ics", &[], "").await.expect(405);
    }

    async fn only_a_login_with_a_token_comes_in(db) {
        let app = open(db).await;
        let zhang = app.user("zhang", "member", "").await;
        let li = app.user("li", "member", "").await;
        let token = token_of(&zhang).await;
        let ask = async |authorization: String| app.nobody().request("PROPFIND", "//dav/").header("authorization", &authorization).send().await.status;
        assert_eq!(ask(basic("zhang", &token)).await, 207);
        assert_eq!(ask(basic("ZHANG", &token)).await, 207);
        assert_eq!(ask(format!("Bearer {token}")).await, 207);
        for wrong in [basic("li", &token), basic("zhang", "gx_wrong"), basic("", &token), basic("zhang", ""), "Basic ***".to_owned(), "Basic".to_owned(), "Digest x".to_owned(), format!("Basic {}", STANDARD.encode("zhang")), format!("Basic {}", STANDARD.encode([0xff, b':', 0xfe]))] {
            assert_eq!(ask(wrong.clone()).await, 401, "{wrong}");
        }
        // A cookie does not count, so that no page can make a browser write.
        app.nobody().request("PROPFIND", "//dav/").header("cookie", &format!("guanxi_session={token}")).send().await.expect(401);
        let program = Program::of(&app, &zhang).await;
        program.send("DELETE", "events/x.ics", &[("sec-fetch-site", "cross-site")], "").await.expect(403);
        // What is another's is not there, whatever it is called.
        let other = li.create("event", json!({"title": "别人的秘密", "starts_at": "2026-11-23T02:00:00Z"})).await;
        for path in [format!("/dav/calendars/{}/", li.id()), format!("/dav/calendars/{}/events/", li.id()), format!("/dav/calendars/{}/events/{}.ics", li.id(), other.id), format!("/dav/users/{}/", li.id()), format!("{}events/{}.ics", program.home, other.id)] {
            for method in ["PROPFIND", "GET", "DELETE"] {
                let answer = program.send(method, &path, &[("depth", "0")], "").await.expect(404);
                assert!(!answer.text.contains("秘密"), "{method} {path}");
            }
        }
        let multiget = program.report("events/", &format!("<C:calendar-multiget><prop><getetag/><C:calendar-data/></prop><href>{}events/{}.ics</href></C:calendar-multiget>", program.home, other.id)).await.expect(207);
        assert!(multiget.text.contains("404 Not Found") && !multiget.text.contains("秘密"));
        // Written under the name of another's, it is his own.
        program.put(&format!("events/{}.ics", other.id), &event(&other.id(), "SUMMARY:我的\nDTSTART:20261123T020000Z")).await.expect(201);
        assert_eq!(li.get(&other.path()).await.expect(200).json["title"], json!("别人的秘密"));
        assert_eq!(schedule(&zhang).await, ["我的 2026-11-23T02:00"]);
    }

    /// Whatever a stranger asks of the calendars of somebody whose every record has a canary in it, he hears none.
    async fn calendars_sing_no_canaries(db) {
        let app = open(db).await;
        let victim = Victim::new(&app).await;
        let stranger = app.user("away", "member", "别处").await;
        let program = Program::of(&app, &stranger).await;
        let address = stranger.post("/calendar-feed", json!({"whole": true})).await.expect(201).json["address"].clone();
        let address = address.as_str().and_then(|address| address.find("/calendar/").map(|at| &address[at..])).expect("a path").to_owned();
        let mut heard = vec![app.nobody().request("GET", &format!("/{address}")).send().await.expect(200)];
        let event = "BEGIN:VEVENT\nUID:x\nSUMMARY:x\nDTSTART:20261123T020000Z\nEND:VEVENT";
        for (calendar_name, object) in [("events", "event"), ("tasks", "task")] {
            let id = victim.records[object].id();
            let home = format!("/dav/calendars/{}", victim.client.id());
            for place in [format!("{}{calendar_name}/{id}.ics", program.home), format!("{home}/{calendar_name}/{id}.ics"), format!("{home}/{calendar_name}/"), format!("{home}/"), format!("{}{calendar_name}/", program.home)] {
                for method in ["PROPFIND", "PROPPATCH", "GET", "DELETE"] {
                    let body = if method == "PROPPATCH" { "<propertyupdate xmlns=\"DAV:\"><set><prop><displayname/></prop></set></propertyupdate>" } else { "" };
                    heard.push(program.send(method, &place, &[("depth", "1")], body).await);
                }
                heard.push(program.report(&place, &format!("<C:calendar-multiget><prop><C:calendar-data/></prop><href>{home}/{calendar_name}/{id}.ics</href><href>{}{calendar_name}/{id}.ics</href></C:calendar-multiget>", program.home)).await);
                heard.push(program.report(&place, "<C:calendar-query><prop><C:calendar-data/></prop></C:calendar-query>").await);
                heard.push(program.report(&place, "<sync-collection><sync-token/><prop><C:calendar-data/></prop></sync-collection>").await);
            }
            heard.push(program.put(&format!("{home}/{calendar_name}/{id}.ics"), &calendar(event)).await.expect(404));
            assert_eq!(victim.client.get(&victim.records[object].path()).await.expect(200).json["version"], victim.records[object].json["version"]);
        }
        for answer in heard {
            assert!(answer.status < 500 && !answer.text.contains(CANARY), "{}", answer.text);
        }
    }

    async fn an_entry_is_made_changed_and_removed(db) {
        let app = open(db).await;
        let zhang = app.user("zhang", "member", "").await;
        let program = Program::of(&app, &zhang).await;
        let name = "events/会议 1.ics".replace(' ', "%20").replace("会议", "%E4%BC%9A%E8%AE%AE");
        let long = "很长的说明，".repeat(60);
        let first = event("my uid@phone", &format!("SUMMARY:拜访\\, 客户\nDTSTART;TZID=Asia/Shanghai:20261123T100000\nDTEND;TZID=Asia/Shanghai:20261123T113000\nLOCATION:三楼\nDESCRIPTION:{long}\nX-STRANGE:1\nBEGIN:VALARM\nACTION:DISPLAY\nTRIGGER:-PT30M\nEND:VALARM"));
        assert_eq!(program.put(&name, &first).await.expect(201).header("etag"), "", "it is kept otherwise than it came");
        let made = zhang.get("/records/event").await.expect(200).json["items"][0].clone();
        assert_eq!((&made["title"], &made["starts_at"], &made["ends_at"], &made["place"], &made["remind_minutes"], &made["description"]), (&json!("拜访, 客户"), &json!("2026-11-23T02:00:00Z"), &json!("2026-11-23T03:30:00Z"), &json!("三楼"), &json!(30), &json!(long)));
        let got = program.get(&name).await.expect(200);
        has(&got.text, &["UID:my uid@phone", "LOCATION:三楼"]);
        let mark = got.header("etag").to_owned();
        program.send("GET", &name, &[("if-none-match", &mark)], "").await.expect(304);
        // What says the same changes nothing.
        program.put(&name, &got.text).await.expect(204);
        assert_eq!(program.etag(&name).await, mark);
        // What stays unsaid by a calendar stays; what is left out of it goes.
        let customer = zhang.create("customer", json!({"name": "甲公司"})).await;
        let path = format!("/records/event/{}", made["id"].as_str().expect("an id"));
        zhang.patch(&path, json!({"customer": customer.id})).await.expect(200);
        assert_ne!(program.etag(&name).await, mark, "it was changed");
        let moved = first.replace("20261123T1", "20261124T1").replace("LOCATION:三楼\r\n", "").replace("-PT30M", "-PT1H");
        program.send("PUT", &name, &[("if-match", &mark)], &moved).await.expect(412);
        program.send("PUT", &name, &[("if-none-match", "*")], &moved).await.expect(412);
        let now = program.etag(&name).await;
        program.send("PUT", &name, &[("if-match", &now), ("content-type", "text/calendar")], &moved).await.expect(204);
        let read = zhang.get(&path).await.expect(200).json;
        assert_eq!((&read["starts_at"], &read["place"], &read["customer"]["id"], &read["remind_minutes"]), (&json!("2026-11-24T02:00:00Z"), &Value::Null, &json!(customer.id), &json!(60)));
        let history = zhang.get(&format!("{path}/history")).await.expect(200);
        assert!(history.text.contains("\"via\":\"calendar\""), "{}", history.text);
        // The same UID under another name is refused, so is another UID under this one.
        assert!(program.put("events/b.ics", &first).await.expect(409).text.contains("no-uid-conflict"));
        program.put(&name, &first.replace("my uid", "another")).await.expect(409);
        program.send("DELETE", &name, &[("if-match", &now)], "").await.expect(412);
        let now = program.etag(&name).await;
        program.send("DELETE", &name, &[("if-match", &now)], "").await.expect(204);
        program.get(&name).await.expect(404);
        program.send("DELETE", &name, &[], "").await.expect(404);
        program.send("PUT", &name, &[("if-match", &now)], &first).await.expect(412);
        zhang.get(&path).await.expect(404);
        // And may be made again.
        program.put(&name, &first).await.expect(201);
    }

    async fn a_series_comes_and_goes_with_its_exceptions(db) {
        let app = open(db).await;
        let zhang = app.user("zhang", "member", "").await;
        let program = Program::of(&app, &zhang).await;
        let main = "BEGIN:VEVENT\nUID:s\nSUMMARY:周会\nDTSTART;TZID=Europe/Berlin:20270316T100000\nDURATION:PT1H\nRRULE:FREQ=WEEKLY;COUNT=4\nEXDATE;TZID=Europe/Berlin:20270323T100000\nEND:VEVENT";
        let one = "BEGIN:VEVENT\nUID:s\nSUMMARY:改期\nDTSTART;TZID=Europe/Berlin:20270331T150000\nDTEND;TZID=Europe/Berlin:20270331T160000\nRECURRENCE-ID;TZID=Europe/Berlin:20270330T100000\nEND:VEVENT";
        program.put("events/s.ics", &calendar(&format!("{main}\n{one}"))).await.expect(201);
        // Through the change to summer time it stays at ten.
        assert_eq!(schedule(&zhang).await, ["周会 2027-03-16T09:00", "改期 2027-03-31T13:00"]);
        let text = program.get("events/s.ics").await.expect(200).text;
        has(&of_event(&text, "周会").join("\n"), &["RRULE:FREQ=WEEKLY;COUNT=4", "EXDATE;TZID=Europe/Berlin:20270323T100000"]);
        has(&of_event(&text, "改期").join("\n"), &["RECURRENCE-ID;TZID=Europe/Berlin:20270330T100000", "UID:s"]);
        assert!(!of_event(&text, "周会").join("\n").contains("EXDATE;TZID=Europe/Berlin:20270330"));
        // Sent back as it is, nothing happens.
        let mark = program.etag("events/s.ics").await;
        program.put("events/s.ics", &text).await.expect(204);
        assert_eq!(program.etag("events/s.ics").await, mark);
        // One more is changed, the other one is changed again, and what was left out takes place after all.
        let two = "BEGIN:VEVENT\nUID:s\nSUMMARY:第一次\nDTSTART;TZID=Europe/Berlin:20270316T110000\nDTEND;TZID=Europe/Berlin:20270316T120000\nRECURRENCE-ID:20270316T090000Z\nEND:VEVENT";
        let without = main.replace("\nEXDATE;TZID=Europe/Berlin:20270323T100000", "");
        program.put("events/s.ics", &calendar(&format!("{two}\n{without}\n{}", one.replace("改期", "再改")))).await.expect(204);
        assert_eq!(schedule(&zhang).await, ["第一次 2027-03-16T10:00", "周会 2027-03-23T09:00", "再改 2027-03-31T13:00"]);
        // The whole series an hour later, with everything that belongs to it.
        let later = |text: &str| text.replace("T100000", "T110000");
        let two_later = two.replace("RECURRENCE-ID:20270316T090000Z", "RECURRENCE-ID:20270316T100000Z");
        program.put("events/s.ics", &calendar(&format!("{}\n{}\n{two_later}", later(&without), later(one)))).await.expect(204);
        assert_eq!(schedule(&zhang).await, ["第一次 2027-03-16T10:00", "周会 2027-03-23T10:00", "改期 2027-03-31T13:00"]);
        // Exceptions that are sent no more are no more; one that is cancelled does not take place.
        let cancelled = "BEGIN:VEVENT\nUID:s\nSTATUS:CANCELLED\nDTSTART;TZID=Europe/Berlin:20270323T110000\nRECURRENCE-ID;TZID=Europe/Berlin:20270323T110000\nEND:VEVENT";
        program.put("events/s.ics", &calendar(&format!("{}\n{cancelled}", later(&without)))).await.expect(204);
        assert_eq!(schedule(&zhang).await, ["周会 2027-03-16T10:00", "周会 2027-03-30T09:00"]);
        // An exception of what there is not changes nothing at all.
        let never = one.replace("20270330T100000", "20270401T100000");
        program.put("events/s.ics", &calendar(&format!("{}\n{never}", later(&without).replace("周会", "不")))).await.expect(403);
        assert_eq!(schedule(&zhang).await, ["周会 2027-03-16T10:00", "周会 2027-03-30T09:00"]);
        // With the series goes all of it.
        program.send("DELETE", "events/s.ics", &[], "").await.expect(204);
        assert_eq!(schedule(&zhang).await, Vec::<String>::new());
    }

    /// Whatever the page makes, a program that sends it back as it read it changes nothing.
    async fn sent_back_as_it_is_nothing_changes(db) {
        let app = open(db).await;
        let zhang = app.user("zhang", "member", "销售部").await;
        let li = app.user("li", "member", "市场部").await;
        let program = Program::of(&app, &zhang).await;
        let starts = "2026-12-31T02:00:00Z";
        for more in [
            json!({}),
            json!({"ends_at": starts, "remind_minutes": 0}),
            json!({"starts_at": "2026-12-31T02:00:07.123456Z", "description": " 一\r\n二;三,四\\五\n ", "place": "\"楼\"：东; 西"}),
            json!({"all_day": true}),
            json!({"all_day": true, "zone": "America/New_York", "ends_at": "2027-01-02T05:00:00Z", "repeat": "FREQ=YEARLY;UNTIL=20300101"}),
            json!({"repeat": "FREQ=MONTHLY;BYMONTHDAY=31"}),
            json!({"repeat": "FREQ=MONTHLY;BYDAY=-1FR;COUNT=12", "participants": [li.id()], "remind_minutes": 40320}),
            json!({"repeat": "FREQ=WEEKLY;BYDAY=TH,MO;INTERVAL=2;WKST=SU;UNTIL=20270401"}),
            json!({"repeat": "FREQ=DAILY;UNTIL=20270110T020000Z", "excluded": "2027-01-02T02:00:00Z\n2027-01-05T02:00:00Z"}),
            json!({"zone": "UTC", "repeat": "FREQ=YEARLY;BYMONTH=1,6;BYDAY=MO;BYSETPOS=2"}),
            json!({"zone": "Europe/Berlin", "repeat": "FREQ=DAILY"}),
            json!({"zone": "Asia/Kathmandu"}),
        ] {
            let mut wanted = json!({"title": "会", "starts_at": starts});
            wanted.as_object_mut().expect("fields").extend(more.as_object().expect("fields").clone());
            let made = zhang.create("event", wanted).await;
            let name = format!("events/{}.ics", made.id);
            let (text, mark) = (program.get(&name).await.expect(200).text, program.etag(&name).await);
            program.put(&name, &text).await.expect(204);
            assert_eq!(program.etag(&name).await, mark, "{more}: {text}");
            // Neither does what another program makes of it: other folding, one more property.
            let other = text.replace("\r\n ", "").replace("\r\nSUMMARY", "\r\nX-OTHER;X=1:2\r\nTRANSP:OPAQUE\r\nSUMMARY");
            program.put(&name, &other).await.expect(204);
            assert_eq!(program.etag(&name).await, mark, "{more}: {other}");
        }
        for more in [json!({}), json!({"due_at": starts, "starts_at": "2026-12-30T02:00:00Z", "remind_minutes": 5, "repeat": "FREQ=WEEKLY", "description": "x"}), json!({"status": "done", "priority": "low", "due_at": starts, "remind_minutes": 5})] {
            let mut wanted = json!({"name": "任务"});
            wanted.as_object_mut().expect("fields").extend(more.as_object().expect("fields").clone());
            let name = format!("tasks/{}.ics", zhang.create("task", wanted).await.id);
            let (text, mark) = (program.get(&name).await.expect(200).text, program.etag(&name).await);
            program.put(&name, &text).await.expect(204);
            assert_eq!(program.etag(&name).await, mark, "{more}: {text}");
        }
    }

    async fn days_and_the_thirty_first(db) {
        let app = open(db).await;
        let zhang = app.user("zhang", "member", "").await;
        let program = Program::of(&app, &zhang).await;
        program.put("events/d.ics", &event("d", "SUMMARY:出差\nDTSTART;VALUE=DATE:20261130\nDTEND;VALUE=DATE:20261202\nRRULE:FREQ=MONTHLY;UNTIL=20270301\nEXDATE;VALUE=DATE:20261230")).await.expect(201);
        assert_eq!(schedule(&zhang).await, ["出差 2026-11-29T16:00", "出差 2027-01-29T16:00"]);
        let text = program.get("events/d.ics").await.expect(200).text;
        has(&text, &["DTSTART;VALUE=DATE:20261130", "DTEND;VALUE=DATE:20261202", "RRULE:FREQ=MONTHLY;UNTIL=20270301", "EXDATE;VALUE=DATE:20261230"]);
        let mark = program.etag("events/d.ics").await;
        program.put("events/d.ics", &text).await.expect(204);
        assert_eq!(program.etag("events/d.ics").await, mark);
        program.put("events/e.ics", &event("e", "SUMMARY:月底\nDTSTART:20261231T020000Z\nRRULE:FREQ=MONTHLY;BYMONTHDAY=31")).await.expect(201);
        assert_eq!(schedule(&zhang).await[1..], ["月底 2026-12-31T02:00", "出差 2027-01-29T16:00", "月底 2027-01-31T02:00", "月底 2027-03-31T02:00"]);
        // Outlook's names of zones are known; a clock without one is the workspace's.
        program.put("events/o.ics", &event("o", "SUMMARY:o\nDTSTART;TZID=China Standard Time:20261123T100000")).await.expect(201);
        program.put("events/f.ics", &event("f", "SUMMARY:f\nDTSTART:20261123T110000")).await.expect(201);
        assert_eq!(schedule(&zhang).await[..2], ["o 2026-11-23T02:00", "f 2026-11-23T03:00"]);
    }

    async fn programs_ask_in_three_ways(db) {
        let app = open(db).await;
        let zhang = app.user("zhang", "member", "").await;
        let program = Program::of(&app, &zhang).await;
        for (name, day) in [("a", 23), ("b", 24), ("c", 25)] {
            program.put(&format!("events/{name}.ics"), &event(&format!("uid-{name}"), &format!("SUMMARY:{name}\nDTSTART:202611{day}T020000Z\nDTEND:202611{day}T030000Z"))).await.expect(201);
        }
        program.put("events/r.ics", &event("uid-r", "SUMMARY:r\nDTSTART:20261101T050000Z\nDTEND:20261101T060000Z\nRRULE:FREQ=DAILY")).await.expect(201);
        let names = |answer: &Response| -> Vec<String> {
            let mut names: Vec<String> = answer.text.split("<D:href>").skip(1).filter_map(|part| part.split('<').next()?.rsplit('/').next().map(str::to_owned)).collect();
            names.sort();
            names
        };
        let query = async |inner: &str| program.report("events/", &format!("<C:calendar-query><prop><getetag/><C:calendar-data/></prop><C:filter><C:comp-filter name=\"VCALENDAR\">{inner}</C:comp-filter></C:filter></C:calendar-query>")).await;
        assert_eq!(names(&query("<C:comp-filter name=\"VEVENT\"/>").await.expect(207)), ["a.ics", "b.ics", "c.ics", "r.ics"]);
        let range = |from: &str, to: &str| format!("<C:comp-filter name=\"VEVENT\"><C:time-range start=\"{from}\" end=\"{to}\"/></C:comp-filter>");
        let found = query(&range("20261124T000000Z", "20261124T040000Z")).await.expect(207);
        assert_eq!(names(&found), ["b.ics"]);
        has(&found.text, &["<C:calendar-data>BEGIN:VCALENDAR", "SUMMARY:b", "<D:getetag>"]);
        assert_eq!(names(&query(&range("20271124T040000Z", "20271124T080000Z")).await.expect(207)), ["r.ics"]);
        assert_eq!(names(&query("<C:comp-filter name=\"VTODO\"/>").await.expect(207)), Vec::<String>::new());
        let by_uid = |negated: &str| format!("<C:comp-filter name=\"VEVENT\"><C:prop-filter name=\"UID\"><C:text-match{negated}>UID-C</C:text-match></C:prop-filter></C:comp-filter>");
        assert_eq!(names(&query(&by_uid("")).await.expect(207)), ["c.ics"]);
        assert_eq!(names(&query(&by_uid(" negate-condition=\"yes\"")).await.expect(207)), ["a.ics", "b.ics", "r.ics"]);
        assert_eq!(names(&query("<C:comp-filter name=\"VEVENT\"><C:prop-filter name=\"RRULE\"><C:is-not-defined/></C:prop-filter></C:comp-filter>").await.expect(207)), ["a.ics", "b.ics", "c.ics"]);
        for wrong in [range("x", "y"), range("20261124T040000Z", "20261124T000000Z"), "<C:comp-filter name=\"VEVENT\"><C:comp-filter name=\"VALARM\"/></C:comp-filter>".to_owned()] {
            assert!(query(&wrong).await.expect(403).text.contains("supported-filter"), "{wrong}");
        }
        assert!(program.report("events/", "<C:calendar-query><prop><C:calendar-data><C:expand start=\"20261101T000000Z\" end=\"20261201T000000Z\"/></C:calendar-data></prop></C:calendar-query>").await.expect(403).text.contains("supported-calendar-data"));
        assert!(program.report("events/", "<C:free-busy-query></C:free-busy-query>").await.expect(403).text.contains("supported-report"));
        program.report("", "<C:calendar-query></C:calendar-query>").await.expect(403);
        // By name.
        let hrefs: String = ["a", "c", "x"].iter().map(|name| format!("<href>{}events/{name}.ics</href>", program.home)).collect();
        let got = program.report("events/", &format!("<C:calendar-multiget><prop><getetag/><C:calendar-data/></prop>{hrefs}<href>/etc/passwd</href></C:calendar-multiget>")).await.expect(207);
        assert_eq!(names(&got), ["a.ics", "c.ics", "passwd", "x.ics"]);
        assert_eq!((got.text.matches("404 Not Found").count(), got.text.matches("BEGIN:VEVENT").count()), (2, 2));
        // By what has changed since.
        let sync = async |token: &str| program.report("events/", &format!("<sync-collection><sync-token>{token}</sync-token><sync-level>1</sync-level><prop><getetag/></prop></sync-collection>")).await;
        let token = |answer: &Response| answer.text.split("<D:sync-token>").nth(1).and_then(|rest| rest.split('<').next()).expect("a token").to_owned();
        let first = sync("").await.expect(207);
        assert_eq!(names(&first), ["a.ics", "b.ics", "c.ics", "r.ics"]);
        let unchanged = sync(&token(&first)).await.expect(207);
        assert_eq!((names(&unchanged), token(&unchanged)), (Vec::new(), token(&first)));
        program.put("events/b.ics", &event("uid-b", "SUMMARY:B\nDTSTART:20261124T020000Z\nDTEND:20261124T030000Z")).await.expect(204);
        program.send("DELETE", "events/c.ics", &[], "").await.expect(204);
        zhang.create("event", json!({"title": "x", "starts_at": "2026-11-26T02:00:00Z", "calendar_name": "n.ics"})).await;
        let then = sync(&token(&first)).await.expect(207);
        assert_eq!(names(&then), ["b.ics", "c.ics", "n.ics"]);
        assert_eq!(then.text.matches("404 Not Found").count(), 1);
        assert_eq!(names(&sync(&token(&then)).await.expect(207)), Vec::<String>::new());
        for unknown in ["urn:guanxi:sync:0", "x"] {
            assert!(sync(unknown).await.expect(403).text.contains("valid-sync-token"));
        }
        let other = app.user("li", "member", "").await;
        let li = Program::of(&app, &other).await;
        let with = |token: &str| format!("<sync-collection><sync-token>{token}</sync-token><prop><getetag/></prop></sync-collection>");
        li.report("events/", &with(&token(&first))).await.expect(403);
    }

    async fn who_is_asked_answers_and_changes_nothing_else(db) {
        let app = open(db).await;
        let zhang = app.user("zhang", "member", "销售部").await;
        let li = app.user("li", "member", "市场部").await;
        app.admin().await.patch(&format!("/records/user/{}", li.id()), json!({"email": "Li@example.com"})).await.expect(200);
        let (hers, his) = (Program::of(&app, &li).await, Program::of(&app, &zhang).await);
        his.put("events/m.ics", &event("m", "SUMMARY:评审\nDTSTART:20261123T020000Z\nDTEND:20261123T030000Z\nATTENDEE;CN=Li:mailto:li@EXAMPLE.com\nATTENDEE:mailto:stranger@example.org")).await.expect(201);
        let made = zhang.get("/records/event").await.expect(200).json["items"][0].clone();
        assert_eq!(made["participants"], json!([{"id": li.id(), "title": "li"}]));
        let name = format!("events/{}.ics", made["id"].as_str().expect("an id"));
        let text = hers.get(&name).await.expect(200).text;
        has(&text, &["UID:m", "PARTSTAT=NEEDS-ACTION"]);
        hers.put(&name, &text.replace("PARTSTAT=NEEDS-ACTION", "PARTSTAT=ACCEPTED")).await.expect(204);
        let path = format!("/records/event/{}", made["id"].as_str().expect("an id"));
        assert_eq!(zhang.get(&path).await.expect(200).json["accepted"][0]["id"], json!(li.id()));
        let text = hers.get(&name).await.expect(200).text;
        hers.put(&name, &text.replace("SUMMARY:评审", "SUMMARY:取消")).await.expect(403);
        hers.send("DELETE", &name, &[], "").await.expect(403);
        assert_eq!(zhang.get(&path).await.expect(200).json["title"], json!("评审"));
        // He who asked sees the answer, and sending it back he changes nothing.
        let mark = his.etag("events/m.ics").await;
        let text = his.get("events/m.ics").await.expect(200).text;
        has(&text, &["PARTSTAT=ACCEPTED"]);
        his.put("events/m.ics", &text).await.expect(204);
        assert_eq!(his.etag("events/m.ics").await, mark);
    }

    async fn tasks_are_todos(db) {
        let app = open(db).await;
        let zhang = app.user("zhang", "member", "").await;
        let program = Program::of(&app, &zhang).await;
        let todo = |lines: &str| calendar(&format!("BEGIN:VTODO\nUID:t\n{lines}\nEND:VTODO"));
        program.put("tasks/t.ics", &todo("SUMMARY:报价\nDUE;VALUE=DATE:20261124\nPRIORITY:2\nSTATUS:NEEDS-ACTION\nRRULE:FREQ=WEEKLY")).await.expect(201);
        let made = zhang.get("/records/task").await.expect(200).json["items"][0].clone();
        assert_eq!((&made["name"], &made["due_at"], &made["priority"], &made["repeat"]), (&json!("报价"), &json!("2026-11-24T15:59:00Z"), &json!("high"), &json!("FREQ=WEEKLY")));
        let text = program.get("tasks/t.ics").await.expect(200).text;
        has(&text, &["DUE;TZID=Asia/Shanghai:20261124T235900", "PRIORITY:1"]);
        assert!(!text.contains("RRULE"), "the next one is made when this one is done");
        program.put("tasks/t.ics", &text.replace("STATUS:NEEDS-ACTION", "STATUS:COMPLETED\r\nCOMPLETED:20261121T000000Z")).await.expect(204);
        let tasks = zhang.list("task", &[("sort", "due_at")]).await.expect(200);
        assert_eq!((tasks.each("status"), tasks.each("due_at")), (vec!["done".to_owned(), "open".to_owned()], vec!["2026-11-24T15:59:00Z".to_owned(), "2026-12-01T15:59:00Z".to_owned()]));
        has(&program.get("tasks/t.ics").await.expect(200).text, &["STATUS:COMPLETED", "PERCENT-COMPLETE:100"]);
        assert!(program.put("tasks/e.ics", &event("e", "SUMMARY:e\nDTSTART:20261123T020000Z")).await.expect(403).text.contains("supported-calendar-component"));
        assert!(program.put("events/t.ics", &todo("SUMMARY:t")).await.expect(403).text.contains("supported-calendar-component"));
        program.send("DELETE", "tasks/t.ics", &[], "").await.expect(204);
    }

    async fn what_cannot_be_kept_is_refused_whole(db) {
        let app = open(db).await;
        let zhang = app.user("zhang", "member", "").await;
        let program = Program::of(&app, &zhang).await;
        let good = event("u", "SUMMARY:好\nDTSTART:20261123T020000Z\nDTEND:20261123T030000Z");
        program.put("events/g.ics", &good).await.expect(201);
        let starts = "DTSTART:20261123T020000Z";
        let many = format!("{starts}\nX-LONG:{}", "x".repeat(600_000));
        for (wrong, status) in [
            (String::new(), 403),
            ("garbage".to_owned(), 403),
            ("BEGIN:VCARD\r\nEND:VCARD\r\n".to_owned(), 403),
            (calendar(""), 403),
            (good.replace("END:VCALENDAR\r\n", ""), 403),
            (good[..good.len() / 2].to_owned(), 403),
            (event("w", "SUMMARY:x"), 403),
            (event("w", "SUMMARY:x\nDTSTART:yesterday"), 403),
            (event("w", "SUMMARY:x\nDTSTART:20261341T020000Z"), 403),
            (event("w", "SUMMARY:x\nDTSTART:00010101T020000Z"), 403),
            (event("w", "SUMMARY:x\nDTSTART;TZID=Mars/Olympus:20261123T020000"), 403),
            (event("w", &format!("{starts}\nDTEND:20261101T020000Z")), 403),
            (event("w", &format!("{starts}\nRRULE:FREQ=SECONDLY")), 403),
            (event("w", &format!("{starts}\nRRULE:FREQ=DAILY;COUNT=99999999")), 403),
            (event("w", &format!("{starts}\nRRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30")), 403),
            (event("w", &format!("{starts}\nRRULE:FREQ=DAILY\nRRULE:FREQ=WEEKLY")), 403),
            (event("w", &format!("{starts}\nRDATE:20261124T020000Z")), 403),
            (event("w", &format!("{starts}\nSUMMARY:{}", "长".repeat(201))), 403),
            (event("", starts), 403),
            (event(&"u".repeat(300), starts), 403),
            (event("w", &format!("{starts}\nEND:VEVENT\nBEGIN:VEVENT\nUID:z\n{starts}")), 403),
            (event("w", &format!("{starts}\nRECURRENCE-ID:20261123T020000Z")), 403),
            (event("w", &many), 413),
        ] {
            for name in ["events/w.ics", "events/g.ics"] {
                let answer = program.put(name, &wrong).await;
                assert!(answer.status == status || (answer.status == 409 && name.ends_with("g.ics")), "{} {}: {}", answer.status, &wrong[..wrong.len().min(200)], answer.text);
            }
        }
        assert_eq!(schedule(&zhang).await, ["好 2026-11-23T02:00"]);
        let gbk = b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:k\r\nSUMMARY:\xc4\xe3\xba\xc3\r\nDTSTART:20261123T020000Z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n".to_vec();
        assert!(program.send_bytes("PUT", "events/k.ics", &[], gbk).await.expect(403).text.contains("UTF-8"));
        assert!(program.send("PUT", "events/k.ics", &[("content-type", "application/json")], "{}").await.expect(415).text.contains("supported-calendar-data"));
        let deep = format!("{}{}", "BEGIN:VALARM\r\n".repeat(20_000), "END:VALARM\r\n".repeat(20_000));
        program.put("events/k.ics", &calendar(&format!("BEGIN:VEVENT\nUID:k\n{starts}\n{deep}END:VEVENT"))).await.expect(413);
        // Deep, hostile and wrong XML.
        for wrong in ["<!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/passwd\">]><propfind xmlns=\"DAV:\"><prop>&b;</prop></propfind>", "<propfind", "<a/>", &"<a>".repeat(5000), "{}", "<propfind xmlns=\"DAV:\"><prop><x:y/></prop></propfind>"] {
            let answer = program.send("PROPFIND", "events/", &[("depth", "0")], wrong).await;
            assert_eq!((answer.status, answer.code()), (400, "bad_xml"), "{}", &wrong[..wrong.len().min(60)]);
            program.send("REPORT", "events/", &[], wrong).await;
        }
        program.send("REPORT", "events/", &[], "").await.expect(400);
        program.send("REPORT", "events/", &[], &"x".repeat(700_000)).await.expect(413);
        for name in ["a%2Fb.ics", "a%00.ics", "%FF.ics", &format!("{}.ics", "n".repeat(300))] {
            program.put(&format!("events/{name}"), &good.replace("UID:u", "UID:v")).await.expect(404);
        }
    }

    async fn of_many_who_put_the_same_one_is_first(db) {
        let app = open(db).await;
        let zhang = app.user("zhang", "member", "").await;
        let program = Program::of(&app, &zhang).await;
        let text = event("same", "SUMMARY:同时\nDTSTART:20261123T020000Z");
        let puts = (0..6).map(|_| program.send("PUT", "events/same.ics", &[("if-none-match", "*")], &text));
        let statuses: Vec<u16> = futures::future::join_all(puts).await.iter().map(|answer| answer.status).collect();
        assert_eq!(statuses.iter().filter(|status| **status == 201).count(), 1, "{statuses:?}");
        assert!(statuses.iter().all(|status| matches!(status, 201 | 409 | 412)), "{statuses:?}");
        assert_eq!(schedule(&zhang).await.len(), 1);
    }
}
