//! Several workspaces on one server: each apart from the others, looked after from home.

use crate::modules;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use guanxi_testkit::{Client, DOMAIN, Db, HOME, Made, Response, TestServer, both_databases, has_schema};
use serde_json::{Value, json};
use std::fs;

async fn open(db: Db) -> TestServer {
    TestServer::open(db, modules).await
}

/// Makes a workspace, and answers the token of its first administrator's link.
async fn make(admin: &Client, name: &str) -> String {
    let wanted = json!({"name": name, "title": format!("{name}公司")});
    let made = admin.post("/workspaces", wanted).await.expect(201);
    assert_eq!(made.json["state"], "open", "{}", made.text);
    assert_eq!(made.json["setup"]["login"], "admin");
    made.json["setup"]["token"].as_str().expect("a token").to_owned()
}

async fn item(admin: &Client, name: &str) -> Value {
    let all = admin.get("/workspaces").await.expect(200).json;
    let found = all["items"].as_array().and_then(|items| items.iter().find(|item| item["name"] == name).cloned());
    found.unwrap_or_default()
}

/// Waits until nothing is being made under a name.
async fn settled(admin: &Client, name: &str) -> Value {
    for _ in 0..600 {
        let now = item(admin, name).await;
        if now["state"] != "busy" {
            return now;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("{name} is not ready");
}

/// Everything somebody does in a workspace all day; answers every byte he got.
struct Day {
    client: Client,
    mark: &'static str,
    heard: Vec<Response>,
    files: Vec<String>,
    made: Vec<Made>,
}

impl Day {
    fn new(client: Client, mark: &'static str) -> Self {
        Self { client, mark, heard: Vec::new(), files: Vec::new(), made: Vec::new() }
    }

    async fn run(mut self, rounds: usize) -> Self {
        for round in 0..rounds {
            let (client, mark) = (self.client.clone(), self.mark);
            let made =
                client.create("customer", json!({"name": format!("{mark}{round}"), "phone": "13800138000"})).await;
            let upload = format!("/files?object=customer&record={}", made.id());
            let file = client.upload(&upload, &format!("{mark}.txt"), mark.as_bytes()).await.expect(201);
            let file = format!("/files/{}", file.json["id"].as_str().expect("a file"));
            let group = json!({"group_by": ["owner"], "measures": [{"fn": "count"}]});
            self.heard.push(client.post("/records/customer/aggregate", group).await.expect(200));
            for path in [
                "/records/customer?count=true&limit=200".to_owned(),
                "/search?q=13800138000".to_owned(),
                "/search?q=MARK".to_owned(),
                format!("{}/history", made.path()),
                file.clone(),
                "/audit?limit=50".to_owned(),
                "/recent".to_owned(),
                "/catalog".to_owned(),
                "/session".to_owned(),
                "/tokens".to_owned(),
                "/records/user".to_owned(),
                "/records/access_event".to_owned(),
            ] {
                self.heard.push(client.get(&path).await.expect(200));
            }
            self.files.push(file);
            self.made.push(made);
        }
        self
    }
}

/// What a stream of events says until it ends.
async fn listen(client: &Client) -> tokio::task::JoinHandle<Vec<u8>> {
    let answer = client.request("GET", "/events").stream().await;
    assert_eq!(answer.status().as_u16(), 200);
    tokio::spawn(async move {
        axum::body::to_bytes(answer.into_body(), 64 * 1024 * 1024).await.map(|bytes| bytes.to_vec()).unwrap_or_default()
    })
}

fn holds(bytes: &[u8], mark: &str) -> bool {
    bytes.windows(mark.len()).any(|window| window == mark.as_bytes())
}

both_databases! {
    async fn two_at_once_share_nothing(db) {
        let server = open(db).await;
        let home = server.admin(HOME).await;
        make(&home, "north").await;
        make(&home, "south").await;
        let (north, south) = (server.admin("north").await, server.admin("south").await);
        let (hears_north, hears_south) = (listen(&north).await, listen(&south).await);
        let days = [
            tokio::spawn(Day::new(north.clone(), "NORTHMARK").run(12)),
            tokio::spawn(Day::new(south.clone(), "SOUTHMARK").run(12)),
            tokio::spawn(Day::new(north.clone(), "NORTHMARK-B").run(12)),
            tokio::spawn(Day::new(south.clone(), "SOUTHMARK-B").run(12)),
        ];
        let mut done = Vec::new();
        for day in days {
            done.push(day.await.expect("a day ends"));
        }
        for day in &done {
            let other = if day.mark.starts_with("NORTH") { "SOUTHMARK" } else { "NORTHMARK" };
            let mine = &day.mark[..9];
            assert!(day.heard.iter().any(|answer| holds(&answer.bytes, mine)));
            for answer in &day.heard {
                assert!(!holds(&answer.bytes, other), "{} heard: {}", day.mark, answer.text);
            }
            let stranger = if day.mark.starts_with("NORTH") { &south } else { &north };
            for path in day.files.iter().cloned().chain(day.made.iter().map(Made::path)) {
                assert_eq!(stranger.get(&path).await.status, 404, "{path}");
            }
        }
        // Nothing of it is at home.
        for path in ["/records/customer?count=true", "/search?q=MARK", "/audit", "/recent"] {
            let text = home.get(path).await.expect(200).text;
            assert!(!text.contains("NORTHMARK") && !text.contains("SOUTHMARK"), "{path}: {text}");
        }
        server.hub.stop();
        let (heard_north, heard_south) = (hears_north.await.expect("a stream"), hears_south.await.expect("a stream"));
        let ids = |mark: &str| -> Vec<String> {
            done.iter().filter(|day| day.mark.starts_with(mark)).flat_map(|day| day.made.iter().map(Made::id)).collect()
        };
        for (heard, mine, others) in [(heard_north, ids("NORTH"), ids("SOUTH")), (heard_south, ids("SOUTH"), ids("NORTH"))] {
            assert!(mine.iter().any(|id| holds(&heard, id)), "{}", String::from_utf8_lossy(&heard));
            assert!(others.iter().all(|id| !holds(&heard, id)));
        }
        // On disk, too, each has its own.
        for (name, other) in [("north", "SOUTHMARK"), ("south", "NORTHMARK")] {
            for bytes in everything_in(&server.folder().join("workspaces").join(name)) {
                assert!(!holds(&bytes, other), "{name}");
            }
        }
    }

    async fn calendars_are_found_by_their_secrets(db) {
        let server = open(db).await;
        let home = server.admin(HOME).await;
        make(&home, "north").await;
        let north = server.admin("north").await;
        north.create("event", json!({"title": "北方会议", "starts_at": "2026-11-23T02:00:00Z"})).await;
        let made = north.request("POST", "/calendar-feed").header("host", "127.0.0.1").json(&json!({})).send().await.expect(201);
        let address = made.json["address"].as_str().and_then(|address| address.strip_prefix("http://127.0.0.1")).expect("an address").to_owned();
        assert!(address.starts_with("/calendar/north."), "{address}");
        let nobody = server.nobody();
        let fetch = async |path: &str| nobody.get(&format!("/{path}")).await;
        let feed = fetch(&address).await.expect(200).text;
        assert!(feed.contains("北方会议"), "{feed}");
        fetch(&address.replace("north.", "")).await.expect(404);
        fetch(&address.replace("north.", "south.")).await.expect(404);
        // A token says whose calendars are meant.
        let token = north.post("/tokens", json!({"name": "phone"})).await.expect(201).json["token"].clone();
        let token = token.as_str().expect("a token");
        let ask = async |password: &str| {
            let basic = format!("Basic {}", STANDARD.encode(format!("admin:{password}")));
            nobody.request("PROPFIND", "//dav/").header("authorization", &basic).send().await
        };
        let root = ask(token).await.expect(207).text;
        assert!(root.contains(&format!("/dav/users/{}/", north.id())), "{root}");
        for wrong in [token.replace("north.", ""), token.replace("north.", "south."), "north.".to_owned(), ".".to_owned()] {
            ask(&wrong).await.expect(401);
        }
        nobody.request("PROPFIND", "//dav/").send().await.expect(401);
    }

    async fn a_secret_works_where_it_was_given(db) {
        let server = open(db).await;
        let home = server.admin(HOME).await;
        let link = make(&home, "north").await;
        make(&home, "south").await;
        let nobody = server.nobody();
        let there = nobody.clone().with("x-guanxi-workspace", "north");
        assert_eq!(nobody.get(&format!("/setup?token={link}")).await.status, 404, "not a link of home");
        assert_eq!(there.get(&format!("/setup?token={link}")).await.expect(200).json["login"], "admin");
        there.post("/setup", json!({"token": link, "password": "north password"})).await.expect(200);

        let body = json!({"login": "admin", "password": "north password", "workspace": "north"});
        let (answer, browser) = nobody.sign_in_with(body).await;
        assert_eq!(answer.json["workspace"], json!({"name": "north", "title": "north公司", "home": false}));
        let browser = browser.with("host", "127.0.0.1");
        let session = browser.get("/session").await.expect(200).json;
        assert_eq!((&session["workspace"]["name"], &session["server_administrator"]), (&json!("north"), &json!(false)));
        // The tab says which workspace it shows; a session of another one is none.
        browser.clone().with("x-guanxi-workspace", "north").get("/session").await.expect(200);
        for other in ["south", HOME, "nowhere"] {
            let tab = browser.clone().with("x-guanxi-workspace", other);
            assert_eq!(tab.get("/session").await.status, 401, "{other}");
            assert_eq!(tab.post("/records/customer", json!({"name": "错"})).await.status, 401, "{other}");
            assert_eq!(browser.get(&format!("/session?workspace={other}")).await.status, 401, "{other}");
        }
        // Who signs in names where; what he holds of another workspace does not say it for him.
        assert_eq!(browser.sign_in("admin", "first password").await.0.json["workspace"]["name"], HOME);
        assert_eq!(browser.get("/sign-in").await.expect(200).json["workspace"]["name"], HOME);
        // A token says by itself where it belongs.
        let token = browser.post("/tokens", json!({"name": "t"})).await.expect(201).json["token"].clone();
        let token = token.as_str().expect("a token");
        assert!(token.starts_with("north.gx_"), "{token}");
        let bearer = |token: &str| server.nobody().with("authorization", &format!("Bearer {token}"));
        assert_eq!(bearer(token).get("/session").await.expect(200).json["workspace"]["name"], "north");
        let secret = token.trim_start_matches("north.");
        for wrong in [secret.to_owned(), format!("south.{secret}"), format!("{HOME}.{secret}"), format!(".{secret}")] {
            assert_eq!(bearer(&wrong).get("/session").await.status, 401, "{wrong}");
        }
        // Home's own secrets have no name in front, and may have.
        let own = home.post("/tokens", json!({"name": "t"})).await.expect(201).json["token"].clone();
        let own = own.as_str().expect("a token");
        assert!(own.starts_with("gx_"), "{own}");
        bearer(own).get("/session").await.expect(200);
        bearer(&format!("{HOME}.{own}")).get("/session").await.expect(200);
        assert_eq!(bearer(&format!("north.{own}")).get("/session").await.status, 401);
        // Its administrators see nothing of the server.
        let north = server.admin("north").await;
        for (method, path) in [("GET", "/workspaces"), ("POST", "/workspaces/south/reset"), ("POST", "/workspaces/south/setup"), ("GET", "//metrics")] {
            assert_eq!(north.request(method, path).send().await.status, 403, "{path}");
        }
        assert_eq!(north.post("/workspaces", json!({"name": "west", "title": "西"})).await.status, 403);
        assert_eq!(north.patch("/workspaces/south", json!({"archived": true})).await.status, 403);
        assert_eq!(home.request("GET", "//metrics").send().await.status, 200);
    }

    async fn a_host_name_chooses(db) {
        let server = open(db).await;
        let home = server.admin(HOME).await;
        let link = make(&home, "north").await;
        make(&home, "far_east").await;
        let at = |host: &str| server.nobody().with("host", &format!("{host}{DOMAIN}:8080"));
        at("north.").post("/setup", json!({"token": link, "password": "north password"})).await.expect(200);
        let (answer, _) = at("north.").sign_in("admin", "north password").await;
        assert_eq!(answer.json["workspace"]["name"], "north");
        assert_eq!(at("far-east.").sign_in("admin", "north password").await.0.status, 401);
        assert_eq!(at("").sign_in("admin", "north password").await.0.status, 401);
        assert_eq!(at("").sign_in("admin", "first password").await.0.status, 200);
        let contrary = json!({"login": "admin", "password": "north password", "workspace": "north"});
        assert_eq!(at("far-east.").sign_in_with(contrary).await.0.status, 401, "host and body differ");
        assert_eq!(at("north.").with("x-guanxi-workspace", "far_east").get("/session").await.status, 401);
        let offers = at("north.").get("/sign-in").await.expect(200).json;
        assert_eq!((&offers["fixed"], &offers["workspace"]["title"]), (&json!(true), &json!("north公司")));
        assert_eq!(item(&home.with("host", "crm.example:8080"), "far_east").await["address"], "http://far-east.crm.example:8080");
    }

    async fn what_is_not_there_answers_like_a_wrong_password(db) {
        let server = open(db).await;
        let home = server.admin(HOME).await;
        make(&home, "north").await;
        make(&home, "closed").await;
        home.patch("/workspaces/closed", json!({"archived": true})).await.expect(200);
        let north = server.admin("north").await;
        let strip = |mut answer: Response| {
            answer.headers.remove("date");
            (answer.status, answer.text, format!("{:?}", answer.headers))
        };
        let mut seen = Vec::new();
        for name in ["north", "closed", "nowhere", "north/../south", "默认", "x\nx"] {
            let mut answers = Vec::new();
            let nobody = server.nobody();
            for _ in 0..7 {
                let body = json!({"login": "admin", "password": "wrong password", "workspace": name});
                answers.push(strip(nobody.post("/session", body).await));
            }
            for path in ["/sign-in", "/session", "/records/customer", "/oidc/start"] {
                let named = format!("{path}?workspace={}", guanxi_testkit::encoded(name));
                answers.push(strip(nobody.get(&named).await));
            }
            seen.push((name, answers));
        }
        for (name, answers) in &seen[1..] {
            assert_eq!(&seen[0].1, answers, "{name}");
        }
        assert_eq!(seen[0].1[0].0, 401);
        assert_eq!(seen[0].1[6].0, 429, "locked after some failures, there or not");
        // Only what is offered is told to everybody.
        let offered = server.nobody().get("/sign-in").await.expect(200).json;
        assert_eq!((&offered["workspaces"], &offered["workspace"]), (&json!([]), &json!({"name": HOME, "title": ""})));
        assert_eq!(north.get("/catalog").await.expect(200).json["workspace"]["title"], json!("north公司"));
        home.patch("/workspaces/north", json!({"listed": true, "title": "  北方  "})).await.expect(200);
        assert_eq!(north.get("/catalog").await.expect(200).json["workspace"]["title"], json!("北方"));
        home.patch("/workspaces/closed", json!({"listed": true})).await.expect(200);
        let offered = server.nobody().get("/sign-in").await.expect(200).json;
        assert_eq!(offered["workspaces"], json!([{"name": "north", "title": "北方"}]));
    }

    async fn the_servers_administrator_looks_after_them(db) {
        let server = open(db).await;
        let home = server.admin(HOME).await;
        for (name, title) in [("", "甲"), ("a", "甲"), ("North", "甲"), ("no-rth", "甲"), ("1north", "甲"), ("pg_north", "甲"), ("guanxi_default", "甲"), ("public", "甲"), ("con", "甲"), ("com1", "甲"), ("../x", "甲"), ("north", ""), ("north", "  "), ("north", "a\u{0}b")] {
            let answer = home.post("/workspaces", json!({"name": name, "title": title})).await.expect(422);
            assert_eq!(answer.errors().len(), 1, "{name}: {}", answer.text);
        }
        home.post("/workspaces", json!({"name": "north", "title": "名".repeat(61)})).await.expect(422);
        home.post("/workspaces", json!({"name": 1, "title": []})).await.expect(400);
        make(&home, "north").await;
        let twice = home.post("/workspaces", json!({"name": "north", "title": "又"})).await.expect(422);
        assert_eq!(twice.errors(), [("name".to_owned(), "taken".to_owned())]);
        assert_eq!(home.post("/workspaces", json!({"name": HOME, "title": "又"})).await.status, 422);
        let now = item(&home, "north").await;
        assert_eq!((&now["state"], &now["users"], &now["home"]), (&json!("open"), &json!(1), &json!(false)));
        assert!(now["bytes"].as_u64().is_some_and(|bytes| bytes > 10_000), "{now}");

        // A lost link is given again as long as nobody can sign in as administrator.
        let link = home.post("/workspaces/north/setup", json!({})).await.expect(200).json["setup"]["token"].clone();
        let there = server.nobody().with("x-guanxi-workspace", "north");
        there.post("/setup", json!({"token": link, "password": "north password"})).await.expect(200);
        assert_eq!(home.post("/workspaces/north/setup", json!({})).await.expect(409).code(), "has_administrator");

        let north = server.admin("north").await;
        north.create("customer", json!({"name": "北方客户"})).await;
        assert_eq!(home.patch(&format!("/workspaces/{HOME}"), json!({"archived": true})).await.expect(409).code(), "home_workspace");
        assert_eq!(home.patch("/workspaces/nowhere", json!({"title": "x"})).await.status, 404);
        assert_eq!(home.patch("/workspaces/north", json!({"name": "x"})).await.status, 400);
        let stream = listen(&north).await;
        let archived = home.patch("/workspaces/north", json!({"archived": true})).await.expect(200).json;
        assert_eq!((&archived["state"], &archived["archived"]), (&json!("archived"), &json!(true)));
        stream.await.expect("its streams end");
        assert_eq!(north.get("/session").await.status, 401, "its tokens do nothing");
        assert_eq!(home.post("/workspaces/north/setup", json!({})).await.status, 404);
        home.patch("/workspaces/north", json!({"archived": false})).await.expect(200);
        assert_eq!(north.matching("customer", &json!(["name", "=", "北方客户"])).await, ["北方客户"], "nothing is lost");
        assert_eq!(home.post("/workspaces/north/reset", json!({})).await.expect(409).code(), "not_a_demo");

        // Everything of it is written down.
        let log = home.get("/records/access_event?limit=50").await.expect(200);
        let words: Vec<String> = log.each("summary");
        for wanted in ["新建帐套：north", "归档帐套：north", "重新启用帐套：north", "重新发出帐套设置链接：north"] {
            assert!(words.iter().any(|word| word == wanted), "{wanted}: {words:?}");
        }
    }

    async fn a_demo_is_made_anew(db) {
        let server = open(db).await;
        let home = server.admin(HOME).await;
        let made = home.post("/workspaces", json!({"name": "school", "title": "培训", "demo": true})).await.expect(201);
        assert_eq!((&made.json["state"], &made.json["setup"]), (&json!("busy"), &Value::Null));
        assert_eq!(home.post("/workspaces", json!({"name": "school", "title": "又"})).await.expect(409).code(), "workspace_busy");
        let now = settled(&home, "school").await;
        assert_eq!((&now["state"], &now["demo"], &now["title"]), (&json!("open"), &json!(true), &json!("培训")));
        let other = server.second().await;
        let pupil = server.admin("school").await;
        assert!(other.engine("school").is_some());
        let mine = pupil.create("customer", json!({"name": "学员的客户"})).await;
        let file = pupil.upload(&format!("/files?object=customer&record={}", mine.id()), "a.txt", b"SECRETOFPUPIL").await.expect(201);
        assert!(file.json["id"].is_string());
        home.post("/workspaces/school/reset", json!({})).await.expect(202);
        assert_eq!(settled(&home, "school").await["state"], "open");
        assert_eq!(pupil.get("/session").await.status, 401, "who was signed in is not any more");
        let pupil = server.admin("school").await;
        assert_eq!(pupil.list("customer", &[]).await.each("name"), ["演示客户"]);
        assert_eq!(pupil.get(&mine.path()).await.status, 404);
        // The other server sees that it is another one.
        other.look().await;
        let there = other.engine("school").expect("it is open there, too");
        assert_eq!(there.card().instance, server.engine("school").card().instance);
        other.close().await;
        // Nothing of the former one is left.
        let left: Vec<String> = fs::read_dir(server.folder().join("workspaces"))
            .expect("the folder")
            .flatten()
            .filter_map(|entry| entry.file_name().into_string().ok())
            .filter(|name| name.starts_with('.') && name != ".lock")
            .collect();
        assert_eq!(left, Vec::<String>::new());
        assert!(!everything_in(&server.folder()).iter().any(|bytes| holds(bytes, "SECRETOFPUPIL")));
    }

    async fn what_was_killed_while_it_changed_places_is_mended(db) {
        let server = open(db).await;
        let home = server.admin(HOME).await;
        home.post("/workspaces", json!({"name": "school", "title": "培训", "demo": true})).await.expect(201);
        settled(&home, "school").await;
        let former = server.engine("school").card().instance;
        server.hub.close().await;
        let workspaces = &server.workspaces;
        let root = server.folder().join("workspaces");
        let beginning = guanxi_engine::workspaces::Beginning { demo: true, ..Default::default() };
        let (building, _) = workspaces.build("school", &beginning).await.expect("built aside");
        assert_eq!(workspaces.names().await.expect("names").into_iter().collect::<Vec<_>>(), [HOME, "school"], "nobody sees it yet");
        let aside = fs::read_dir(&root).expect("the folder").flatten().find_map(|entry| {
            entry.file_name().into_string().ok().filter(|name| name.starts_with(".new-school-"))
        });
        let aside = aside.expect("a folder aside");
        let id = aside.rsplit('-').next().expect("an id").to_owned();
        // Killed after the former folder went aside.
        fs::rename(root.join("school"), root.join(aside.replace(".new-", ".old-"))).expect("renamed");
        let opened = workspaces.open("school").await.expect("mended");
        let goes_back = has_schema(workspaces, &format!("guanxi_new_{id}")).await;
        // Without PostgreSQL that was the last step but one, and it goes on; with it, the new one has not begun.
        assert_eq!(opened.card().instance == former, goes_back);
        opened.close().await;
        if goes_back {
            // Killed after the schemas changed places.
            let url = workspaces.database.as_deref().expect("PostgreSQL");
            fs::rename(root.join("school"), root.join(aside.replace(".new-", ".old-"))).expect("renamed");
            guanxi_store::location::rename_schema(url, &format!("guanxi_new_{id}"), "school", Some(&format!("guanxi_old_{id}"))).await.expect("renamed");
            let opened = workspaces.open("school").await.expect("mended");
            assert_ne!(opened.card().instance, former);
            opened.close().await;
            assert!(!has_schema(workspaces, &format!("guanxi_old_{id}")).await);
        } else {
            assert!(workspaces.finish(&building, true).await.is_err(), "it has been put there already");
        }
        assert!(!root.join(&aside).exists());
    }
}

/// Every file under a folder.
fn everything_in(folder: &std::path::Path) -> Vec<Vec<u8>> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        if path.is_dir() {
            all.extend(everything_in(&path));
        } else {
            all.push(fs::read(path).unwrap_or_default());
        }
    }
    all
}
