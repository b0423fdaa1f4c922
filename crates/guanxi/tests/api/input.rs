//! Bad input: a clear answer with a code, nothing written, the server stays up.

use crate::open;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use guanxi_testkit::{Response, both_databases, encoded};
use serde_json::{Value as Json, json};

/// Every refusal is a problem document with a code and words in it.
fn check(answer: &Response, status: u16, code: &str, about: &str) {
    assert_eq!((answer.status, answer.code()), (status, code), "{about}: {}", answer.text);
    assert_eq!(answer.header("content-type"), "application/problem+json", "{about}");
    assert_eq!(answer.json["status"], json!(status), "{about}");
    assert!(answer.json["detail"].as_str().is_some_and(|text| !text.is_empty()), "{about}");
}

fn nested(depth: usize) -> String {
    format!("{}[\"name\",\"=\",\"x\"]{}", r#"{"not":"#.repeat(depth), "}".repeat(depth))
}

fn forged(json: &Json) -> String {
    URL_SAFE_NO_PAD.encode(json.to_string())
}

both_databases! {
    async fn bad_queries(db) {
        let app = open(db).await;
        let admin = app.admin().await;
        admin.create("customer", json!({"name": "甲"})).await;
        let id = "0197a000-0000-7000-8000-000000000000";
        let many = json!({"or": vec![json!(["name", "=", "x"]); 201]}).to_string();
        let long_list = json!(["name", "in", vec!["x"; 1001]]).to_string();
        for (name, value, code) in [
            ("filter", nested(1000), "bad_filter"),
            ("filter", nested(21), "bad_filter"),
            ("filter", many, "bad_filter"),
            ("filter", long_list, "bad_filter"),
            ("filter", "{".into(), "bad_filter"),
            ("filter", "5".into(), "bad_filter"),
            ("filter", "[]".into(), "bad_filter"),
            ("filter", r#"{"and":[],"or":[]}"#.into(), "bad_filter"),
            ("filter", r#"{"xor":[]}"#.into(), "bad_filter"),
            ("filter", r#"["nothing","=",1]"#.into(), "bad_filter"),
            ("filter", r#"["name","~","x"]"#.into(), "bad_filter"),
            ("filter", r#"["name","=",{"a":1}]"#.into(), "bad_filter"),
            ("filter", r#"["name","contains","a\u0000b"]"#.into(), "bad_filter"),
            ("filter", r#"["name","=","a\u0000b"]"#.into(), "bad_filter"),
            ("filter", r#"["employees","=","viele"]"#.into(), "bad_filter"),
            ("filter", r#"["employees","=",99999999999999999999]"#.into(), "bad_filter"),
            ("filter", r#"["created_at","within","last_0_days"]"#.into(), "bad_filter"),
            ("filter", r#"["created_at","between",["2026-01-01"]]"#.into(), "bad_filter"),
            ("filter", r#"["parent.parent.parent.parent.parent.name","=","x"]"#.into(), "bad_filter"),
            ("filter", r#"["name.x","=","x"]"#.into(), "bad_filter"),
            ("filter", r#"["region","under","亚特兰蒂斯"]"#.into(), "bad_filter"),
            ("filter", r#"["name\"; DROP TABLE customer; --","=","x"]"#.into(), "bad_filter"),
            ("sort", "nothing".into(), "bad_sort"),
            ("sort", "--name".into(), "bad_sort"),
            ("sort", "name;DROP TABLE customer".into(), "bad_sort"),
            ("sort", "name,phone,email,mobile".into(), "bad_sort"),
            ("sort", "remark".into(), "bad_sort"),
            ("fields", "name,nothing".into(), "unknown_field"),
            ("fields", "owner.nothing".into(), "unknown_field"),
            ("limit", "0".into(), "bad_limit"),
            ("limit", "201".into(), "bad_limit"),
            ("limit", "-1".into(), "bad_parameter"),
            ("limit", "many".into(), "bad_parameter"),
            ("cursor", "x".into(), "bad_cursor"),
            ("cursor", "\u{0}".into(), "bad_cursor"),
            ("cursor", forged(&json!(["", []])), "bad_cursor"),
            ("cursor", forged(&json!(["", [{"u": "x"}]])), "bad_cursor"),
            ("cursor", forged(&json!(["name", [{"t": "x"}, {"u": id}]])), "bad_cursor"),
            ("cursor", forged(&json!(["", [{"t": "x"}]])), "bad_cursor"),
            ("cursor", forged(&json!({"a": 1})), "bad_cursor"),
            ("seek", "x".into(), "bad_seek"),
        ] {
            check(&admin.list("customer", &[(name, &value)]).await, 400, code, &format!("{name}={}", value.chars().take(80).collect::<String>()));
        }
        // A forged cursor that fits in form: wrong kinds and wild values for the sort field.
        for (sort, value) in [
            ("employees", json!({"t": "x"})),
            ("employees", json!({"d": "1.5"})),
            ("name", json!({"i": 5})),
            ("name", json!({"t": "a\u{0}b"})),
            ("annual_revenue", json!({"d": "99999999999999999999999"})),
            ("created_at", json!({"m": i64::MAX})),
            ("created_at", json!({"y": "2026-01-01"})),
            ("level", json!({"t": "vip"})),
            ("owner", json!({"u": id})),
            ("name", json!([1])),
            ("name", json!({"z": 1})),
        ] {
            let cursor = forged(&json!([sort, [value, {"u": id}]]));
            check(&admin.list("customer", &[("sort", sort), ("cursor", &cursor)]).await, 400, "bad_cursor", &format!("{sort} {value}"));
        }
        for (sort, seek) in [("name", "\u{0}"), ("employees", "viele"), ("created_at", "\u{0}"), ("level", "vip"), ("annual_revenue", "1e999")] {
            let answer = admin.list("customer", &[("sort", sort), ("seek", seek)]).await;
            assert!(answer.status == 200 || answer.code() == "bad_seek", "{sort} from {seek:?}: {}", answer.text);
        }
        // A nesting that is allowed still works.
        admin.list("customer", &[("filter", &nested(20))]).await.expect(200);
    }

    async fn bad_bodies(db) {
        let app = open(db).await;
        let admin = app.admin().await;
        let made = admin.create("customer", json!({"name": "甲"})).await;
        let send = async |method: &str, path: &str, body: &[u8]| admin.request(method, path).header("content-type", "application/json").body(body.to_vec()).send().await;
        let deep = "[".repeat(100_000);
        for (about, body) in [("cut off", &b"{\"name\": "[..]), ("a list", b"[]"), ("a text", b"\"x\""), ("not UTF-8", b"{\"name\": \"\xff\xfe\"}"), ("deep", deep.as_bytes()), ("a form", b"name=x")] {
            check(&send("POST", "/records/customer", body).await, 400, "bad_json", about);
            check(&send("PATCH", &made.path(), body).await, 400, "bad_json", about);
        }
        let huge = format!("{{\"name\": \"{}\"}}", "x".repeat(3 * 1024 * 1024));
        check(&send("POST", "/records/customer", huge.as_bytes()).await, 413, "too_large", "3 MB");
        check(&admin.request("POST", "/records/customer").header("idempotency-key", "k").header("content-type", "application/json").body(huge.into_bytes()).send().await, 413, "too_large", "3 MB with a key");
        for body in [json!({"measures": []}), json!({"measures": [{"fn": "count"}], "group_by": ["level", "industry", "source", "kind"]}), json!({"measures": [{"fn": "sum"}]}), json!({"measures": [{"fn": "sum", "field": "name"}]}), json!({"measures": [{"fn": "median", "field": "employees"}]}), json!({"measures": [{"fn": "count"}], "group_by": ["name"]}), json!({"measures": [{"fn": "count"}], "group_by": [{"field": "level", "by": "day"}]}), json!({"measures": [{"fn": "count"}], "group_by": [{"field": "created_at", "by": "decade"}]})] {
            check(&admin.post("/records/customer/aggregate", body.clone()).await, 400, "bad_aggregate", &body.to_string());
        }
        check(&admin.post("/records/customer/aggregate", json!({"measures": [{"fn": "count"}], "group_by": ["nothing"]})).await, 400, "unknown_field", "group by nothing");
        check(&admin.post("/records/customer/aggregate", json!({"nonsense": 1})).await, 400, "bad_json", "not an aggregate");
        check(&admin.post("/records/customer/bulk", json!({"action": "update", "ids": ["x"]})).await, 400, "bad_json", "not ids");
        check(&admin.post("/records/customer/bulk", json!({"action": "delete", "ids": vec![made.id; 1001]})).await, 400, "bad_bulk", "too many");
        let tag = async |tag: &str| admin.request("PATCH", &made.path()).header("if-match", tag).json(&json!({"level": "a"})).send().await;
        for bad in ["\"x\"", "x", "\"\"", "\"1", "\"1.5\"", "\"99999999999999999999\""] {
            let answer = tag(bad).await;
            if bad != "\"1" {
                check(&answer, 400, "bad_etag", bad);
            }
        }
        tag("*").await.expect(200);
    }

    /// Values that a field, a column or a page could stumble over are kept as they are, or refused by name.
    async fn odd_texts(db) {
        let app = open(db).await;
        let admin = app.admin().await;
        let long = "长".repeat(10_000);
        let refused = admin.post("/records/customer", json!({"name": long, "remark": long, "phone": long, "email": "x", "employees": -1, "established": 99_999, "region": "nowhere", "nothing": 1})).await;
        check(&refused, 422, "invalid", "many at once");
        let mut errors = refused.errors();
        errors.sort();
        let wanted = [
            ("email", "bad_email"), ("employees", "out_of_range"), ("established", "out_of_range"), ("name", "too_long"), ("nothing", "unknown_field"), ("phone", "too_long"), ("region", "unknown_region"),
        ];
        assert_eq!(errors, wanted.map(|(field, code)| (field.to_owned(), code.to_owned())));
        for (name, code) in [("a\u{0}b", "bad_character"), ("\u{1b}[31m", "bad_character"), ("", "required"), ("   ", "required"), ("\u{7f}", "bad_character")] {
            assert_eq!(admin.post("/records/customer", json!({"name": name})).await.errors(), [("name".to_owned(), code.to_owned())], "{name:?}");
        }
        for name in ["<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "=cmd|'/c calc'!A0", "O'Brien \"quoted\" \\ %_", "🐉👨‍👩‍👧‍👦", "ﷺ", "a\u{202e}b", "Ａ株式会社", "null", "undefined", "{{7*7}}", "${7*7}", "' OR 1=1 --", "\u{feff}BOM"] {
            let made = admin.create("customer", json!({"name": name, "remark": name, "tags": [name]})).await;
            let read = admin.get(&made.path()).await.expect(200);
            // What nobody sees is left out.
            let kept = name.replace(['\u{202e}', '\u{feff}'], "");
            let kept = kept.trim();
            assert_eq!((&read.json["name"], &read.json["remark"], &read.json["tags"]), (&json!(kept), &json!(kept), &json!([kept])), "{name:?}");
            assert_eq!(admin.matching("customer", &json!(["name", "=", kept])).await, [kept], "{name:?}");
            assert!(admin.matching("customer", &json!(["name", "contains", kept])).await.contains(&kept.to_owned()), "{name:?}");
            assert_eq!(admin.matching("customer", &json!(["tags", "contains", kept])).await, [kept], "{name:?}");
            assert_eq!(read.header("content-type"), "application/json");
        }
        for query in ["\u{0}", "'", "\"", "\\", "*", "\" OR \"\"", "a & b | !c", ":*", "<->", "()", "%", &"长".repeat(5000), "NEAR(a b)", "name:x", "\u{10ffff}", "🐉", " ", "-", "^x"] {
            let answer = admin.get(&format!("/search?q={}", encoded(query))).await;
            assert_eq!(answer.status, 200, "{query:?}: {}", answer.text);
        }
    }

    /// NUL and friends in everything that is not a record's field.
    async fn odd_texts_elsewhere(db) {
        let app = open(db).await;
        let admin = app.admin().await;
        let made = admin.create("customer", json!({"name": "甲"})).await;
        let odd = "a\u{0}b";
        let no_problem = |answer: &Response, about: &str| {
            assert!(answer.status < 500, "{about}: {}", answer.text);
            if answer.status >= 400 {
                assert!(!answer.code().is_empty() && answer.header("content-type") == "application/problem+json", "{about}: {} {}", answer.status, answer.text);
            }
        };
        for (method, path, body) in [
            ("POST", "/session".to_owned(), json!({"login": odd, "password": odd})),
            ("POST", "/session/password".into(), json!({"current": odd, "new": odd})),
            ("POST", "/tokens".into(), json!({"name": odd})),
            ("POST", "/tokens".into(), json!({"name": "x", "expires_at": "soon"})),
            ("POST", "/tokens".into(), json!({"name": "x", "expires_at": "9999-12-30T00:00:00Z"})),
            ("POST", "/setup".into(), json!({"token": odd, "password": odd})),
            ("POST", "/views".into(), json!({"object": "customer", "name": odd, "definition": {"x": odd}})),
            ("POST", "/views".into(), json!({"object": odd, "name": "x"})),
            ("POST", "/views".into(), json!({"object": "customer", "name": "x", "kind": odd})),
            ("POST", "/recent".into(), json!({"object": odd, "id": made.id})),
            ("POST", "/recent".into(), json!({"object": "customer", "id": odd})),
            ("PUT", "/preferences/a%00b".into(), json!({"x": odd})),
            ("PUT", "/preferences/x".into(), json!({"x": odd})),
            ("PUT", format!("/preferences/{}", "x".repeat(200)), json!(1)),
            ("POST", "/catalog/customer/fields".into(), json!({"name": odd, "type": "text", "label": {"zh": odd, "en": odd}})),
            ("POST", "/catalog/customer/fields".into(), json!({"name": "c_x", "type": "text", "label": {"zh": odd, "en": odd}, "help": {"zh": odd, "en": odd}})),
            ("POST", "/catalog/a%00b/fields".into(), json!({})),
            ("POST", "/records/customer/duplicates".into(), json!({"name": odd, "phone": odd, "id": odd, "nothing": {}})),
            ("POST", format!("{}/actions/a%00b", made.path()), json!({})),
            ("POST", format!("/records/user/{}/actions/set_password", admin.id()), json!({"password": {"x": 1}})),
            ("POST", "/exports".into(), json!({"object": odd, "format": odd})),
            ("POST", "/exports".into(), json!({"object": "customer", "format": "csv", "fields": [odd], "filter": [odd], "sort": odd})),
            ("GET", "/setup".into(), Json::Null),
            ("GET", "/setup?token=%00".into(), Json::Null),
            ("GET", "/recent?limit=many".into(), Json::Null),
            ("GET", "/recent?limit=-1".into(), Json::Null),
            ("GET", "/views?object=%00".into(), Json::Null),
            ("GET", "/search?q=x&object=%00".into(), Json::Null),
            ("GET", "/search?q=x&limit=viele".into(), Json::Null),
            ("GET", "/search".into(), Json::Null),
            ("GET", "/search?q=%ff%fe".into(), Json::Null),
            ("GET", "/trash?object=%00&cursor=x".into(), Json::Null),
            ("GET", "/trash?cursor=99999999999999999999".into(), Json::Null),
            ("GET", "/trash?cursor=18446744073709551615".into(), Json::Null),
            ("GET", "/trash?limit=99999999999".into(), Json::Null),
            ("GET", format!("{}/history?cursor=x", made.path()), Json::Null),
            ("GET", format!("{}/history?cursor=-99999999999999999999", made.path()), Json::Null),
            ("GET", format!("{}/timeline?cursor=%00", made.path()), Json::Null),
            ("GET", format!("{}/timeline?cursor=eA", made.path()), Json::Null),
            ("GET", format!("{}?fields=%00", made.path()), Json::Null),
            ("GET", "/records/customer?count=maybe".into(), Json::Null),
            ("GET", "/records/customer?limit=1&limit=2".into(), Json::Null),
            ("GET", "/records/a%00b".into(), Json::Null),
            ("GET", "/records/_meta".into(), Json::Null),
            ("GET", "/records/sqlite_master".into(), Json::Null),
            ("GET", "/nothing".into(), Json::Null),
        ] {
            let request = admin.request(method, &path);
            let answer = if body.is_null() { request.send().await } else { request.json(&body).send().await };
            no_problem(&answer, &format!("{method} {path} {body}"));
        }
        for path in ["/records/customer/x", "/records/customer/x/history", "/records/customer/x/timeline", "/records/customer/x/attachments", "/files/x", "/imports/x", "/imports/x/errors", "/exports/x", "/exports/x/file", "/records/nothing", "/records/nothing/x", "/nothing/at/all"] {
            check(&admin.get(path).await, 404, "not_found", path);
        }
        for path in ["/records/customer/x", "/trash/customer/x", "/tokens/x", "/views/x", "/files/x", "/trash/nothing/0197a000-0000-7000-8000-000000000000"] {
            check(&admin.delete(path).await, 404, "not_found", path);
        }
        check(&admin.patch("/views/x", json!({})).await, 404, "not_found", "PATCH /views/x");
        for path in ["/imports/x/start", "/imports/x/undo", "/exports/x/cancel", "/trash/customer/x/restore", "/records/customer/x/actions/y"] {
            check(&admin.post(path, json!({"mapping": {}})).await, 404, "not_found", path);
        }
        check(&admin.delete("/catalog").await, 405, "method_not_allowed", "DELETE /catalog");
        // After all that it still works.
        admin.get(&made.path()).await.expect(200);
        app.nobody().get("//healthz").await.expect(200);
    }

    async fn odd_uploads(db) {
        let app = open(db).await;
        let admin = app.admin().await;
        let made = admin.create("customer", json!({"name": "甲"})).await;
        let path = format!("{}/attachments", made.path());
        for (name, kept) in [("../../../etc/passwd", "passwd"), ("C:\\temp\\报价.xlsx", "报价.xlsx"), ("", "file"), ("<img>.svg", "<img>.svg")] {
            let answer = admin.upload(&path, name, b"x").await.expect(201);
            assert_eq!(answer.json["name"], json!(kept), "{name:?}");
            let got = admin.get(&format!("/files/{}", answer.json["id"].as_str().expect("an id"))).await.expect(200);
            assert!(got.header("content-disposition").starts_with("attachment;"), "{name:?}");
            assert!(got.header("content-security-policy").contains("sandbox"));
        }
        for (kind, body) in [("multipart/form-data; boundary=x", "--x\r\nnot a part"), ("multipart/form-data", "x"), ("application/json", "{}"), ("multipart/form-data; boundary=x", "--x--\r\n"), ("multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"other\"\r\n\r\ntext\r\n--x--\r\n")] {
            for path in [&path, "/files", "/imports"] {
                let answer = admin.request("POST", path).header("content-type", kind).body(body.as_bytes().to_vec()).send().await;
                assert!((400..500).contains(&answer.status), "{path} {kind} {body}: {}", answer.text);
                assert_eq!(answer.header("content-type"), "application/problem+json", "{path} {kind} {body}: {}", answer.text);
            }
        }
        let leftovers = std::fs::read_dir(app.database.folder().join("uploads")).map(Iterator::count).unwrap_or_default();
        assert_eq!(leftovers, 0, "no half upload is left");
    }

    /// Refusals speak the reader's language.
    async fn problems_speak_both_languages(db) {
        let app = open(db).await;
        let admin = app.admin().await;
        let english = admin.post("/records/customer", json!({})).await.expect(422);
        assert_eq!((&english.json["title"], &english.json["errors"][0]["message"]), (&json!("Invalid input"), &json!("Name is required")));
        let chinese = admin.clone().speaking("zh-CN").post("/records/customer", json!({})).await.expect(422);
        assert_eq!((&chinese.json["title"], &chinese.json["errors"][0]["message"]), (&json!("填写有误"), &json!("请填写客户名称")));
        assert_eq!(app.nobody().speaking("zh-CN,zh;q=0.9").get("/session").await.json["detail"], json!("请先登录"));
    }
}
