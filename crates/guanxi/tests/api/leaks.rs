//! Nothing leaks. Every operation of the OpenAPI document, which must be every route of the router, is tried by everybody from
//! nobody to whoever reads all records but not all fields. Canaries stand in every hidden row and field, and are looked for in
//! every byte that comes out: answers, headers, exported files, events, the server's log.

use crate::{
    access::{CANARY, Victim, call, operations},
    events::Ear,
    open,
};
use guanxi_model::{FieldDef, FieldType, ObjectDef};
use guanxi_testkit::{Client, Response, TestApp, both_databases, encoded};
use serde_json::{Map, Value as Json, json};
use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, OnceLock},
    time::Duration,
};

/// Operations that are left out. Reviewed: none.
const GAPS: &str = include_str!("leak-gaps.txt");
/// Fields that hold no text of one's own: rules check what is written there.
const RULED: &[&str] = &["currency", "repeat", "excluded", "zone"];
/// What stands in the victim's rows besides the canary itself.
const ROW_CANARIES: &[&str] = &[CANARY, "13900001111", "777888.99"];

/// The server's log while the tests run.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl std::io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("the log").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Log {
    /// Everything that is logged from now on, whoever logs it.
    fn open() -> Self {
        static LOG: OnceLock<Log> = OnceLock::new();
        let log = LOG.get_or_init(|| {
            let log = Self::default();
            let writer = log.clone();
            let made = tracing_subscriber::fmt()
                .with_env_filter("debug,tokio_postgres=info")
                .with_writer(move || writer.clone());
            made.try_init().expect("no other log");
            log
        });
        log.clone()
    }

    fn holds(&self, canary: &str) -> bool {
        String::from_utf8_lossy(&self.0.lock().expect("the log")).contains(canary)
    }
}

/// Looks for canaries in every byte of an answer.
fn searched(answer: &Response, canaries: &[String], about: &str) {
    let headers = format!("{:?}", answer.headers);
    let bytes = String::from_utf8_lossy(&answer.bytes);
    for canary in canaries {
        assert!(!answer.text.contains(canary) && !bytes.contains(canary), "{about} shows {canary}: {}", answer.text);
        assert!(!headers.contains(canary), "{about} shows {canary} in {headers}");
    }
}

fn gaps() -> BTreeSet<String> {
    GAPS.lines().filter(|line| !line.starts_with('#') && !line.is_empty()).map(str::to_owned).collect()
}

/// What is tried of an operation: what ends the caller's own session comes last.
async fn everything(app: &TestApp) -> Vec<(String, String)> {
    let gaps = gaps();
    let mut all = operations(app).await;
    all.retain(|(method, path)| {
        !gaps.contains(&format!("{method} {path}")) && (method, path.as_str()) != (&"DELETE".to_owned(), "/session")
    });
    all
}

/// A role of this name with these rights.
async fn role(admin: &Client, code: &str, rights: Json) {
    admin.create("role", json!({"name": code, "code": code, "rights": rights.to_string()})).await;
}

const ABILITIES: [&str; 5] = ["import", "export", "mass_update", "transfer", "reveal"];

/// Exports everything that an object has and answers the file.
async fn exported(client: &Client, object: &str) -> Option<Response> {
    let started = client.post("/exports", json!({"object": object, "format": "csv"})).await;
    if started.status != 202 {
        return Some(started);
    }
    let path = format!("/exports/{}", started.json["id"].as_str()?);
    for _ in 0..500 {
        let now = client.get(&path).await;
        if now.json["state"] != json!("running") {
            return Some(client.get(&format!("{path}/file")).await);
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    None
}

/// A value that nothing else has, for a field that can hold one; what is looked for.
fn canary(object: &ObjectDef, field: &FieldDef, number: usize) -> Option<(Json, String)> {
    let text = format!("秘{}{}{number}x", object.name, field.name).replace('_', "");
    let short: String = text.chars().take(field.max_length.unwrap_or(200)).collect();
    Some(match field.kind {
        FieldType::Text | FieldType::LongText | FieldType::Address => (json!(short), short),
        FieldType::Phone => {
            let digits = format!("137{:08}", 55_000_000 + number * 101);
            (json!(digits), digits)
        }
        FieldType::Email => {
            let mail = format!("secret{number}q@example.com");
            (json!(mail), mail)
        }
        FieldType::Url => {
            let url = format!("https://secret{number}q.example.com");
            (json!(url), format!("secret{number}q.example.com"))
        }
        FieldType::Money | FieldType::Decimal => {
            let amount = format!("{}.25", 7_318_000 + number);
            (json!(amount), amount)
        }
        FieldType::Integer if field.max.is_none() => (json!(918_273_000 + number), (918_273_000 + number).to_string()),
        FieldType::Tags => (json!([short]), short),
        _ => return None,
    })
}

/// The canaries of every owned object: field → value and what to look for.
type Planted = BTreeMap<String, BTreeMap<String, (Json, String)>>;

/// Plants a canary in every field of the victim's records that can hold one.
async fn plant(app: &TestApp, victim: &Victim) -> Planted {
    let admin = app.user("gardener", "administrator", "").await;
    let catalogue = app.engine.catalogue();
    let mut planted = Planted::new();
    let mut number = 0;
    for (name, made) in &victim.records {
        let Some(object) = catalogue.object(name).filter(|object| object.is_owned()) else { continue };
        let (mut values, mut fields) = (Map::new(), BTreeMap::new());
        for field in object
            .fields
            .values()
            .filter(|field| !field.system && !field.read_only && !RULED.contains(&field.name.as_str()))
        {
            number += 1;
            let Some((value, looked)) = canary(object, field, number) else { continue };
            values.insert(field.name.clone(), value.clone());
            fields.insert(field.name.clone(), (value, looked));
        }
        // There is nothing to be written to what nobody writes.
        if values.is_empty() {
            continue;
        }
        planted.insert(name.clone(), fields);
        // Their words are changed by nobody but their author.
        let authored = ["work_report", "report_comment"].contains(&name.as_str());
        let gardener = if authored { &victim.client } else { &admin };
        gardener.patch(&format!("{}?allow_duplicate=true", made.path()), Json::Object(values)).await.expect(200);
    }
    app.settle().await;
    planted
}

fn looked_for(planted: &Planted) -> Vec<String> {
    planted.values().flat_map(|fields| fields.values().map(|(_, looked)| looked.clone())).collect()
}

/// The rights of somebody who reads and changes every record, but no canary more than this.
fn all_but(planted: &Planted, access: &str, masks: impl Fn(&str, &str) -> bool) -> Json {
    let mut objects = Map::new();
    for (object, fields) in planted {
        let fields: Map<String, Json> = fields
            .keys()
            .map(|field| {
                (field.clone(), json!(if access == "masked" && !masks(object, field) { "none" } else { access }))
            })
            .collect();
        objects.insert(
            object.clone(),
            json!({"read": "all", "create": true, "update": "all", "delete": "all", "fields": fields}),
        );
    }
    json!({"owned": {"read": "all"}, "shared": {"read": "all"}, "organisation": {"read": "all"}, "objects": objects, "abilities": ["import", "export", "mass_update", "transfer"]})
}

both_databases! {
    /// No row that is out of scope comes out, by whatever way, for whatever scope.
    async fn rows_stay_hidden(db) {
        let log = Log::open();
        let app = open(db).await;
        app.engine.start_followers();
        let admin = app.user("root", "administrator", "").await;
        let victim = Victim::new(&app).await;
        let elsewhere = admin.create("department", json!({"name": "别处"})).await.id;
        let before = victim.state().await;
        let mut callers = vec![("nobody".to_owned(), app.nobody())];
        for scope in ["none", "own", "department", "below", "chosen"] {
            let mut grant = json!({"read": scope, "update": scope, "delete": scope, "create": scope != "none"});
            if scope == "chosen" {
                grant["departments"] = json!([elsewhere]);
            }
            role(&admin, &format!("scope_{scope}"), json!({"owned": grant, "shared": {"read": "all"}, "organisation": {"read": "all"}, "abilities": ABILITIES})).await;
            callers.push((scope.to_owned(), app.user(&format!("by_{scope}"), &format!("scope_{scope}"), "市场部/活动组").await));
        }
        // Somebody with whom everything was shared, until it ended.
        let former = app.user("former", "member", "市场部").await;
        for made in victim.records.values().filter(|made| app.engine.object(&made.object).is_ok_and(|object| object.is_owned())) {
            // What he only reads is not his to share.
            if victim.client.get(&made.path()).await.json["_can"]["update"] != json!(true) {
                continue;
            }
            let place = format!("{}/team/{}", made.path(), former.id());
            victim.client.put(&place, json!({"level": "write", "expires_at": app.engine.now() + jiff::SignedDuration::from_secs(1)})).await.expect(200);
        }
        let rule = admin.create("sharing_rule", json!({"name": "曾经", "object": "customer", "criteria": json!(["name", "not_null"]).to_string(), "users": [former.id()], "departments": [], "level": "write"})).await;
        assert_eq!(former.get(&victim.records["customer"].path()).await.status, 200, "it is shared");
        admin.patch(&rule.path(), json!({"active": false})).await.expect(200);
        app.clock.advance(jiff::SignedDuration::from_secs(2));
        callers.push(("former".to_owned(), former));

        let canaries: Vec<String> = ROW_CANARIES.iter().map(|canary| (*canary).to_owned()).collect();
        let all = everything(&app).await;
        for (name, caller) in &callers {
            for (method, path) in &all {
                let answer = call(caller, method, path, &victim).await;
                assert!(answer.status < 500, "{method} {path} as {name}: {}", answer.text);
                searched(&answer, &canaries, &format!("{method} {path} as {name}"));
            }
            if name == "nobody" {
                continue;
            }
            for object in victim.records.keys() {
                let file = exported(caller, object).await.expect("an export ends");
                searched(&file, &canaries, &format!("the export of {object} as {name}"));
            }
            for query in [CANARY, "jsqmm", "13900001111", "00001111"] {
                let found = caller.get(&format!("/search?q={}", encoded(query))).await;
                assert_eq!(found.json["items"], json!([]), "searching {query} as {name}");
            }
            assert_eq!(victim.state().await, before, "after {name}");
        }

        // Nobody hears of a change.
        let mut ears = Vec::new();
        app.settle().await;
        tokio::time::sleep(Duration::from_millis(700)).await;
        for (name, caller) in callers.iter().skip(1) {
            ears.push((name, Ear::open(caller).await));
        }
        victim.client.patch(&victim.records["customer"].path(), json!({"remark": format!("{CANARY}改")})).await.expect(200);
        victim.client.patch(&victim.records["opportunity"].path(), json!({"amount": "777888.99", "remark": CANARY})).await.expect(200);
        app.settle().await;
        for (name, ear) in &mut ears {
            while let Some((kind, data)) = ear.next(Duration::from_millis(900)).await {
                let whose = data["id"].as_str().unwrap_or_default().to_owned();
                assert!(!victim.records.values().any(|made| made.id() == whose), "{name} hears {kind} {data}");
            }
        }
        for canary in ROW_CANARIES {
            assert!(!log.holds(canary), "the server's log has {canary}");
        }
    }

    /// What is hidden and what is not there look alike: the same bytes, after as many statements.
    async fn hidden_and_absent_are_alike(db) {
        let app = open(db).await;
        let victim = Victim::new(&app).await;
        let caller = app.user("colleague", "member", "销售部/华东").await;
        let absent = uuid::Uuid::now_v7().to_string();
        for (method, path) in everything(&app).await {
            let object = path.split('/').nth(2).unwrap_or_default().to_owned();
            let hidden = victim.aim(&path);
            if !path.contains("{id}") || crate::access::SHARED.contains(&object.as_str()) || path.starts_with("/users/") || path == "/events" {
                continue;
            }
            let id = hidden.split('/').find(|part| part.len() >= 16 && uuid::Uuid::try_parse(part).is_ok() || *part == "0123456789abcdef").unwrap_or_default().to_owned();
            let missing = hidden.replacen(&id, if id.len() == 16 { "fedcba9876543210" } else { &absent }, 1);
            let body = crate::access::body(&method, &path, &victim);
            let ask = async |path: &str| {
                if method == "POST" && path.ends_with("/attachments") {
                    return caller.upload_with(path, "x.csv", b"name\nx\n", &[("object", "customer")]).await;
                }
                if method == "GET" { caller.get(path).await } else { caller.request(&method, path).json(&body).send().await }
            };
            // The caller himself is known from the first request on.
            ask(&missing).await;
            let start = app.engine.database().reads();
            let first = ask(&hidden).await;
            let middle = app.engine.database().reads();
            let second = ask(&missing).await;
            let end = app.engine.database().reads();
            let same = |answer: &Response| answer.text.replace(&id, "-").replace(&absent, "-");
            assert_eq!((first.status, same(&first)), (second.status, same(&second)), "{method} {path}");
            assert_eq!(middle - start, end - middle, "statements of {method} {path}");
        }
    }

    /// No field that somebody may not see, or not whole, comes out of records that he reads, by whatever way.
    async fn fields_stay_hidden(db) {
        let log = Log::open();
        let app = open(db).await;
        let admin = app.user("root", "administrator", "").await;
        let victim = Victim::new(&app).await;
        let planted = plant(&app, &victim).await;
        let catalogue = app.engine.catalogue();
        let masks = |object: &str, field: &str| catalogue.object(object).and_then(|object| object.field(field)).is_some_and(|field| guanxi_model::Mask::of(field.kind).is_some());
        let canaries = looked_for(&planted);
        assert!(canaries.len() >= 25, "{} canaries", canaries.len());
        for access in ["none", "masked"] {
            role(&admin, &format!("field_{access}"), all_but(&planted, access, masks)).await;
            let caller = app.user(&format!("reader_{access}"), &format!("field_{access}"), "市场部").await;
            let read = caller.get(&victim.records["customer"].path()).await.expect(200);
            assert_eq!(read.json.get("name").is_some(), access == "masked", "he reads the record: {}", read.text);
            for (object, fields) in &planted {
                for (field, (value, looked)) in fields {
                    let about = format!("{object}.{field}, {access}");
                    for (query, code) in [(("filter", json!([field, "=", value]).to_string()), "bad_filter"), (("filter", json!([field, "not_null"]).to_string()), "bad_filter"), (("sort", field.clone()), "bad_sort"), (("sort", format!("-{field}")), "bad_sort")] {
                        let answer = caller.list(object, &[(query.0, &query.1)]).await;
                        assert_eq!((answer.status, answer.code()), (400, code), "{about} by {query:?}: {}", answer.text);
                        searched(&answer, &canaries, &about);
                    }
                    for request in [json!({"group_by": [field], "measures": [{"fn": "count"}]}), json!({"measures": [{"fn": "count", "field": field}]}), json!({"measures": [{"fn": "max", "field": field}]})] {
                        let answer = caller.post(&format!("/records/{object}/aggregate"), request).await;
                        assert_eq!(answer.status, 400, "{about}: {}", answer.text);
                    }
                    let listed = caller.list(object, &[("fields", field)]).await;
                    assert_eq!(listed.status, if access == "masked" && masks(object, field) { 200 } else { 400 }, "{about}");
                    searched(&listed, &canaries, &about);
                    if let Some(text) = value.as_str() {
                        let found = caller.get(&format!("/search?q={}", encoded(text))).await.expect(200);
                        assert_eq!(found.json["items"], json!([]), "{about} is found by {text}");
                    }
                    let met = caller.post(&format!("/records/{object}/duplicates"), json!({field: value})).await;
                    assert!(met.json["items"].as_array().is_none_or(Vec::is_empty), "{about} is met as a duplicate: {}", met.text);
                    let revealed = caller.post(&format!("{}/reveal", victim.records[object].path()), json!({"field": field})).await;
                    assert!(matches!(revealed.status, 400 | 403), "{about} is revealed: {}", revealed.text);
                    let written = caller.patch(&victim.records[object].path(), json!({field: value})).await;
                    assert_eq!(written.status, 422, "{about}: {}", written.text);
                    assert!(!log.holds(looked), "the server's log has {about}");
                }
            }
            for (object, made) in victim.records.iter().filter(|(object, _)| planted.contains_key(*object)) {
                let file = exported(&caller, object).await.expect("an export ends");
                searched(&file, &canaries, &format!("the export of {object}, {access}"));
                for part in ["", "/history", "/timeline", "/team", "/attachments"] {
                    let answer = caller.get(&format!("{}{part}", made.path())).await;
                    assert_eq!(answer.status, 200, "{object}{part}, {access}: {}", answer.text);
                    searched(&answer, &canaries, &format!("{object}{part}, {access}"));
                }
            }
            // Every other way that there is, deleting last.
            let mut all = everything(&app).await;
            all.sort_by_key(|(method, path)| (method == "DELETE", path.ends_with("/bulk")));
            for (method, path) in all {
                // The body of a change would bring canaries of its own; that was tried above.
                if method == "PATCH" || path.ends_with("/bulk") || path.ends_with("/duplicates") {
                    continue;
                }
                let answer = call(&caller, &method, &path, &victim).await;
                assert!(answer.status < 500, "{method} {path}, {access}: {}", answer.text);
                searched(&answer, &canaries, &format!("{method} {path}, {access}"));
            }
            for (object, made) in &victim.records {
                admin.post(&format!("/trash/{object}/{}/restore", made.id), json!({})).await;
            }
        }
        for canary in &canaries {
            assert!(!log.holds(canary), "the server's log has {canary}");
        }
    }
}

/// The router has no route that the document does not have, so that what is tried is everything there is.
#[tokio::test]
async fn the_document_has_every_route() {
    let app = open(guanxi_testkit::Db::Sqlite).await;
    let documented: BTreeSet<String> = operations(&app)
        .await
        .into_iter()
        .map(|(_, path)| {
            let parts: Vec<&str> = path.split('/').collect();
            let known = |part: &str| app.engine.object(part).is_ok();
            match parts.as_slice() {
                ["", "records", object, rest @ ..] if known(object) => match rest {
                    ["{id}", "actions", _] => "/records/{object}/{id}/actions/{action}".to_owned(),
                    rest => {
                        std::iter::once("/records/{object}").chain(rest.iter().copied()).collect::<Vec<_>>().join("/")
                    }
                },
                _ => path,
            }
        })
        .collect();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../server/src");
    let mut routes = BTreeSet::new();
    let files =
        |folder: &Path| std::fs::read_dir(folder).expect("the server's sources").flatten().map(|file| file.path());
    let rooms: Vec<PathBuf> = files(&folder).filter(|path| path.is_dir()).collect();
    for file in files(&folder).chain(rooms.iter().flat_map(|room| files(room).collect::<Vec<_>>())) {
        let text = std::fs::read_to_string(file).unwrap_or_default();
        for part in text.split(".route(").skip(1) {
            let path = part.trim_start().strip_prefix('"').and_then(|rest| rest.split('"').next());
            routes.extend(path.map(str::to_owned));
        }
    }
    // Outside /api/v1: whether the server lives, its figures, and calendars, which have tests of their own.
    let calendars = ["/calendar/{file}", "/.well-known/caldav", "/dav", "/dav/", "/dav/{*path}"];
    for own in ["/healthz", "/metrics"].into_iter().chain(calendars) {
        assert!(routes.remove(own), "{own} is there");
    }
    let missing: Vec<&String> = routes.difference(&documented).collect();
    assert!(missing.is_empty(), "not in the document: {missing:?}");
    assert!(routes.len() > 40, "{} routes", routes.len());
    assert!(gaps().is_empty(), "nothing is left out");
}
