//! A real calendar program, python3-caldav, against the server on a loopback port.

use crate::{
    caldav::{calendar, token_of},
    open,
};
use guanxi_testkit::{Client, TestApp, both_databases};
use serde_json::{Value, json};
use std::{path::PathBuf, process::Stdio};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines},
    process::{Child, ChildStdin, ChildStdout, Command},
};

struct Program {
    stdin: ChildStdin,
    lines: Lines<BufReader<ChildStdout>>,
    _child: Child,
}

impl Program {
    async fn start(app: &TestApp, person: &Client) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        // Only the server's name is known to it, as people enter it.
        let address = format!("http://{}/.well-known/caldav", listener.local_addr().expect("an address"));
        let router = app.router.clone();
        tokio::spawn(async move { axum::serve(listener, router).await });
        let script = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/api/caldav_client.py");
        let mut child = Command::new("/usr/bin/python3")
            .arg(script)
            .args([address.as_str(), person.viewer().login.as_str(), token_of(person).await.as_str()])
            .env("no_proxy", "127.0.0.1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("python3 with caldav; scripts/install-tools installs it");
        let stdin = child.stdin.take().expect("its input");
        let lines = BufReader::new(child.stdout.take().expect("its output")).lines();
        Self { stdin, lines, _child: child }
    }

    async fn ask(&mut self, wanted: Value) -> Value {
        self.stdin.write_all(format!("{wanted}\n").as_bytes()).await.expect("it listens");
        let line = self
            .lines
            .next_line()
            .await
            .expect("it answers")
            .expect("python3 with caldav runs; scripts/install-tools installs it");
        serde_json::from_str(&line).expect("JSON")
    }

    async fn tell(&mut self, wanted: Value) -> Value {
        let answer = self.ask(wanted.clone()).await;
        assert!(answer.get("error").is_none(), "{wanted}: {answer}");
        answer["ok"].clone()
    }
}

both_databases! {
    async fn a_real_program_reads_and_writes(db) {
        let app = open(db).await;
        let zhang = app.user("zhang", "member", "").await;
        let visit = zhang.create("event", json!({"title": "拜访", "starts_at": "2026-11-23T02:00:00Z", "place": "二楼"})).await;
        let mut program = Program::start(&app, &zhang).await;
        assert_eq!(program.tell(json!({"do": "calendars"})).await, json!(["任务", "日程"]));
        assert_eq!(program.tell(json!({"do": "components", "calendar": "日程"})).await, json!(["VEVENT"]));
        let first = program.tell(json!({"do": "sync", "calendar": "日程"})).await;
        let events = program.tell(json!({"do": "events", "calendar": "日程"})).await;
        assert_eq!(events.as_array().map(Vec::len), Some(1), "{events}");
        let url = events[0]["url"].as_str().expect("an address").to_owned();
        assert!(events[0]["data"].as_str().is_some_and(|data| data.contains("SUMMARY:拜访")), "{events}");
        // Changed there, it is changed here, and the other way round.
        program.tell(json!({"do": "change", "calendar": "日程", "url": url, "from": "LOCATION:二楼", "to": "LOCATION:三楼"})).await;
        assert_eq!(zhang.get(&visit.path()).await.expect(200).json["place"], json!("三楼"));
        zhang.patch(&visit.path(), json!({"title": "回访"})).await.expect(200);
        let found = program.tell(json!({"do": "by_uid", "calendar": "日程", "uid": visit.id()})).await;
        assert!(found["data"].as_str().is_some_and(|data| data.contains("SUMMARY:回访") && data.contains("LOCATION:三楼")), "{found}");
        // Made there, with a rule and an exception.
        let series = calendar("BEGIN:VEVENT\nUID:weekly@program\nDTSTAMP:20261101T000000Z\nSUMMARY:周会\nDTSTART;TZID=Asia/Shanghai:20261124T100000\nDTEND;TZID=Asia/Shanghai:20261124T110000\nRRULE:FREQ=WEEKLY;COUNT=3\nEXDATE;TZID=Asia/Shanghai:20261201T100000\nEND:VEVENT");
        let made = program.tell(json!({"do": "add_event", "calendar": "日程", "data": series})).await;
        let shown = zhang.get("/figures/schedule?from=2026-11-24T00:00:00Z&to=2027-01-01T00:00:00Z").await.expect(200).json;
        let starts: Vec<&Value> = shown["items"].as_array().expect("items").iter().map(|item| &item["start"]).collect();
        assert_eq!(starts, [&json!("2026-11-24T02:00:00Z"), &json!("2026-12-08T02:00:00Z")]);
        let within = json!({"do": "search", "calendar": "日程", "from": "2026-12-08T00:00:00", "to": "2026-12-09T00:00:00"});
        let within = program.tell(within).await;
        assert_eq!((within.as_array().map(Vec::len), &within[0]["url"]), (Some(1), &made["url"]), "{within}");
        // What has changed since it looked first.
        let then = program.tell(json!({"do": "sync", "calendar": "日程", "token": first["token"]})).await;
        assert_eq!(then["urls"].as_array().map(Vec::len), Some(2), "{then}");
        // Tasks.
        let todo = calendar("BEGIN:VTODO\nUID:todo@program\nDTSTAMP:20261101T000000Z\nSUMMARY:报价\nDUE:20261125T080000Z\nEND:VTODO");
        program.tell(json!({"do": "add_todo", "calendar": "任务", "data": todo})).await;
        assert_eq!(program.tell(json!({"do": "todos", "calendar": "任务"})).await.as_array().map(Vec::len), Some(1));
        program.tell(json!({"do": "complete", "calendar": "任务", "uid": "todo@program"})).await;
        let tasks = zhang.get("/records/task").await.expect(200);
        assert_eq!((tasks.each("name"), tasks.each("status")), (vec!["报价".to_owned()], vec!["done".to_owned()]));
        // Removed there, it is gone here.
        program.tell(json!({"do": "delete", "calendar": "日程", "url": made["url"]})).await;
        assert_eq!(zhang.get("/records/event").await.expect(200).each("title"), ["回访"]);
        let refused = program.ask(json!({"do": "add_event", "calendar": "任务", "data": series})).await;
        assert!(refused["error"].as_str().is_some_and(|error| error.contains("Forbidden")), "{refused}");
    }
}
