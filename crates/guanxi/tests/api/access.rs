//! No operation of the OpenAPI document answers nobody, and none shows or changes a stranger's record.

use crate::open;
use guanxi_engine::Viewer;
use guanxi_testkit::{Client, Made, Response, TestApp, both_databases, encoded};
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;

/// In every text of the records that a stranger must not see.
pub(crate) const CANARY: &str = "金丝雀秘密zxq";
/// Its first letters; a search for them must not find it either.
const CANARY_INITIALS: &str = "jsqmm";

/// Operations that answer somebody who is not signed in. Reviewed: none of them shows or changes a record.
const OPEN: &[(&str, &str)] = &[
    ("POST", "/session"),
    ("DELETE", "/session"),
    ("GET", "/sign-in"),
    ("GET", "/oidc/start"),
    ("GET", "/oidc/callback"),
    ("GET", "/setup"),
    ("POST", "/setup"),
    ("GET", "/openapi.json"),
];

/// Objects that everybody shares; their records have no owner.
pub(crate) const SHARED: &[&str] = &[
    "user",
    "department",
    "position",
    "role",
    "pool",
    "territory",
    "product",
    "product_category",
    "pipeline",
    "stage",
    "event_kind",
    "competitor",
    "customer_group",
    "project_template",
    "template_milestone",
    "festival",
    "exchange_rate",
    "price_book",
    "price_item",
    "product_attribute",
    "product_component",
];

/// Every operation of the document: method and path.
pub(crate) async fn operations(app: &TestApp) -> Vec<(String, String)> {
    let document = app.nobody().get("/openapi.json").await.expect(200).json;
    let mut out = Vec::new();
    for (path, methods) in document["paths"].as_object().expect("paths") {
        for method in methods.as_object().expect("methods").keys() {
            out.push((method.to_uppercase(), path.clone()));
        }
    }
    assert!(out.len() > 100, "the document is whole");
    out
}

/// What one member keeps to himself: a record of every owned object and of what hangs on them.
pub(crate) struct Victim {
    pub client: Client,
    pub records: BTreeMap<String, Made>,
    /// Records that everybody reads, by object.
    shared: BTreeMap<String, String>,
    deleted: Made,
    file: String,
    view: String,
    token: String,
    import: String,
    export: String,
    /// An entry of the access log.
    entry: String,
    handover: String,
    /// What administrators keep for themselves, by object.
    kept: BTreeMap<String, String>,
}

impl Victim {
    pub async fn new(app: &TestApp) -> Self {
        let client = app.user("victim", "member", "销售部/华东").await;
        let mut records = BTreeMap::new();
        let customer = client.create("customer", json!({"name": CANARY, "remark": CANARY, "phone": "13900001111", "tags": [CANARY], "tax_number": CANARY})).await;
        let contact =
            client.create("contact", json!({"name": CANARY, "customer": customer.id, "wechat": CANARY})).await;
        let other = client.create("customer", json!({"name": format!("{CANARY}二")})).await;
        let link = client
            .create(
                "customer_link",
                json!({"customer": customer.id, "other": other.id, "kind": link_kind(app), "remark": CANARY}),
            )
            .await;
        let opportunity = client
            .create(
                "opportunity",
                json!({"name": CANARY, "customer": customer.id, "amount": "777888.99", "remark": CANARY, "close_date": "2026-11-30"}),
            )
            .await;
        let follow_up = client.create("follow_up", json!({"content": CANARY, "customer": customer.id})).await;
        let task = client.create("task", json!({"name": CANARY, "customer": customer.id})).await;
        let event = client.create("event", json!({"title": CANARY, "place": CANARY, "customer": customer.id, "starts_at": "2026-11-23T02:00:00Z", "repeat": "FREQ=WEEKLY"})).await;
        let lead =
            client.create("lead", json!({"name": CANARY, "company": CANARY, "wechat": CANARY, "remark": CANARY})).await;
        app.settle().await;
        let admin = app.admin().await;
        admin
            .create(
                "product",
                json!({"name": "公开", "category": admin.create("product_category", json!({"name": "公开"})).await.id}),
            )
            .await;
        admin.create("position", json!({"name": "公开"})).await;
        let rival = admin.create("competitor", json!({"name": "公开"})).await;
        // Of another one: what its products come to is nothing that one types.
        let second = client.create("opportunity", json!({"name": CANARY, "customer": customer.id})).await;
        let product = admin.list("product", &[]).await.expect(200).each("id").remove(0);
        let line = client
            .create(
                "opportunity_product",
                json!({"opportunity": second.id, "product": product, "name": CANARY, "price": "777888.99"}),
            )
            .await;
        let met = client
            .create(
                "opportunity_competitor",
                json!({"opportunity": second.id, "competitor": rival.id, "strengths": CANARY, "price": "777888.99"}),
            )
            .await;
        let decides = client
            .create(
                "opportunity_contact",
                json!({"opportunity": second.id, "contact": contact.id, "role": "decider", "concerns": CANARY}),
            )
            .await;
        admin.create("territory", json!({"name": "华北", "region": "110000", "members": [admin.id()]})).await;
        let rule = json!({"name": CANARY, "object": "customer", "criteria": json!(["name", "contains", CANARY]).to_string(), "users": [admin.id()]});
        let pools =
            admin.list("pool", &[("filter", &json!(["object", "=", "customer"]).to_string())]).await.expect(200);
        let mut kept = BTreeMap::new();
        for (object, values) in [
            ("sharing_rule", rule),
            ("recycle_rule", json!({"name": CANARY, "pool": pools.json["items"][0]["id"], "idle_days": 3000})),
            ("capacity", json!({"name": CANARY, "most": 1_000_000})),
            ("report_rule", json!({"name": CANARY, "departments": [], "roles": ["administrator"], "sort_order": 5000})),
            ("contact_rule", json!({"name": CANARY, "days": 3000, "sort_order": 5000})),
            ("archive_closing", json!({"year": 2100})),
            (
                "customer_rule",
                json!({"name": CANARY, "field": "phase", "to_value": "mature", "criteria": json!(["name", "=", "没有"]).to_string(), "active": false}),
            ),
            (
                "lead_score_rule",
                json!({"name": CANARY, "criteria": json!(["name", "contains", CANARY]).to_string(), "points": 1}),
            ),
            (
                "lead_assignment",
                json!({"name": CANARY, "method": "load", "users": [admin.id()], "criteria": json!(["name", "=", CANARY]).to_string(), "active": false}),
            ),
        ] {
            kept.insert(object.to_owned(), admin.create(object, values).await.id());
        }
        admin.create("customer_group", json!({"name": "公开"})).await;
        let care = client
            .create(
                "care_date",
                json!({"name": CANARY, "customer": customer.id, "month": 5, "day": 6, "remark": CANARY}),
            )
            .await;
        let loan = client
            .create(
                "archive_loan",
                json!({"document": CANARY, "customer": customer.id, "due_at": "2026-12-01T00:00:00Z"}),
            )
            .await;
        client.patch(&customer.path(), json!({"life_cycle": "signed"})).await.expect(200);
        let project =
            client.create("project", json!({"name": CANARY, "customer": customer.id, "remark": CANARY})).await;
        let step =
            client.create("milestone", json!({"name": CANARY, "project": project.id, "deliverable": CANARY})).await;
        let kept_up = json!({"name": CANARY, "customer": customer.id, "remark": CANARY, "starts_on": "2026-11-21", "ends_on": "2027-11-21"});
        let kept_up = client.create("maintenance", kept_up).await;
        let goal = json!({"name": CANARY, "year": 2026, "owner": client.id(), "m11": "777888.99", "remark": CANARY});
        let goal = Made { json: Json::Null, ..admin.create("target", goal).await };
        let noted = json!({"owner": client.id(), "name": CANARY, "day": "2026-11-20", "month": "2026-11-01", "won": "777888.99"});
        let noted = [noted.as_object().cloned().expect("values")];
        app.engine.load_records(&Viewer::system("test"), "forecast_move", &noted).await.expect("a move");
        let festival = admin.list("festival", &[]).await.expect(200).each("id").remove(0);
        let greeting = json!({"owner": client.id(), "name": CANARY, "festival": festival, "year": 2026, "day": "2026-12-01", "customers": 1, "criteria": json!(["name", "=", CANARY]).to_string(), "remark": CANARY});
        let greeting = [greeting.as_object().cloned().expect("values")];
        app.engine.load_records(&Viewer::system("test"), "festival_greeting", &greeting).await.expect("a greeting");
        let year = json!({"name": CANARY, "customer": customer.id, "year": 2020, "owner": client.id()});
        let year = [year.as_object().cloned().expect("values")];
        app.engine.load_records(&Viewer::system("test"), "archive_year", &year).await.expect("a year");
        let report = client
            .create(
                "work_report",
                json!({"first_day": "2026-11-21", "summary": CANARY, "plan": CANARY, "recipients": []}),
            )
            .await;
        let comment = client.create("report_comment", json!({"report": report.id, "content": CANARY})).await;
        let dealer = client.create("dealer", json!({"name": CANARY, "area": CANARY, "remark": CANARY})).await;
        let partner = client.create("partner", json!({"name": CANARY, "strengths": CANARY})).await;
        let supplier = client.create("supplier", json!({"name": CANARY, "bank": CANARY, "bank_account": CANARY})).await;
        let mut documents = Vec::new();
        for (document, line) in [
            ("quote", "quote_line"),
            ("contract", "contract_line"),
            ("sales_order", "order_line"),
            ("delivery", "delivery_line"),
            ("invoice", "invoice_line"),
            ("sales_return", "return_line"),
        ] {
            let made = client.create(document, json!({"customer": customer.id, "remark": CANARY})).await;
            let mut values = json!({document: made.id, "product": product, "name": CANARY, "quantity": 1});
            if document != "delivery" {
                values["price"] = json!("777888.99");
            }
            documents.push(client.create(line, values).await);
            documents.push(made);
        }
        admin.create("exchange_rate", json!({"code": "USD", "rate": 712})).await;
        let book = admin.create("price_book", json!({"name": "公开"})).await;
        admin.create("price_item", json!({"price_book": book.id, "product": product, "price": 5})).await;
        admin.create("product_attribute", json!({"product": product, "name": "颜色", "value": "红"})).await;
        let bundle = admin.create("product", json!({"name": "公开套装", "kind": "bundle"})).await;
        admin.create("product_component", json!({"bundle": bundle.id, "component": product})).await;
        let first = async |object: &str| Made {
            id: client.list(object, &[]).await.expect(200).each("id")[0].parse().expect("an id"),
            object: object.into(),
            json: Json::Null,
        };
        let (moved, forecast) = (first("stage_change").await, first("forecast_move").await);
        let (greeting, year) = (first("festival_greeting").await, first("archive_year").await);
        let (classed, visit) = (first("customer_change").await, first("maintenance_visit").await);
        // It came with the scoring rule.
        app.settle().await;
        let rescoring = admin.list("lead_rescoring", &[]).await.expect(200).each("id").remove(0);
        kept.insert("lead_rescoring".to_owned(), rescoring);
        let mut shared = BTreeMap::new();
        for object in SHARED {
            let first =
                admin.list(object, &[("sort", "created_at"), ("limit", "1")]).await.expect(200).each("id").remove(0);
            shared.insert((*object).to_owned(), first);
        }
        let file = client
            .upload(&format!("{}/attachments", customer.path()), &format!("{CANARY}.txt"), CANARY.as_bytes())
            .await
            .expect(201);
        let entries = admin.list("access_event", &[]).await.expect(200);
        let entry = entries.each("id").remove(0);
        for made in [
            customer,
            contact,
            link,
            opportunity,
            follow_up,
            task,
            event,
            lead,
            moved,
            line,
            met,
            decides,
            goal,
            forecast,
            greeting,
            year,
            care,
            loan,
            classed,
            project,
            step,
            kept_up,
            visit,
            report,
            comment,
            dealer,
            partner,
            supplier,
        ]
        .into_iter()
        .chain(documents)
        {
            records.insert(made.object.clone(), made);
        }
        let deleted = client.create("customer", json!({"name": format!("{CANARY}没了")})).await;
        client.delete(&deleted.path()).await.expect(204);
        let view =
            client.post("/views", json!({"object": "customer", "name": CANARY, "kind": "table"})).await.expect(201);
        let token = client.post("/tokens", json!({"name": CANARY})).await.expect(201);
        let import = client
            .upload_with(
                "/imports",
                &format!("{CANARY}.csv"),
                format!("name\n{CANARY}三\n").as_bytes(),
                &[("object", "customer")],
            )
            .await
            .expect(201);
        let export = client
            .post("/exports", json!({"object": "customer", "format": "csv", "fields": ["name"]}))
            .await
            .expect(202);
        let part = json!({"object": "customer", "filter": ["name", "=", "没有"], "to": [admin.id()]});
        let handover = client.post("/handovers", json!({"parts": [part], "note": CANARY})).await.expect(202);
        let id = |answer: &Response| answer.json["id"].as_str().expect("an id").to_owned();
        Self {
            records,
            shared,
            deleted,
            file: id(&file),
            view: id(&view),
            token: id(&token),
            import: id(&import),
            export: id(&export),
            entry,
            handover: id(&handover),
            kept,
            client,
        }
    }

    /// Everything of his, to see that nothing was changed.
    pub async fn state(&self) -> Vec<Json> {
        let mut out = Vec::new();
        for made in self.records.values() {
            out.push(self.client.get(&made.path()).await.expect(200).json);
        }
        for path in ["/trash", "/views", "/tokens", "/recent", "/records/customer", "/records/task"] {
            out.push(self.client.get(path).await.expect(200).json);
        }
        out.push(json!(self.client.get(&format!("/files/{}", self.file)).await.expect(200).text));
        out.push(self.client.get(&format!("/imports/{}", self.import)).await.expect(200).json["state"].clone());
        out
    }

    /// The path with his ids in it.
    pub fn aim(&self, path: &str) -> String {
        let place = path.split('/').nth(1).unwrap_or_default();
        let object = path.split('/').nth(2).unwrap_or_default();
        let id = match place {
            "records" if object == "access_event" => self.entry.clone(),
            "records" if self.kept.contains_key(object) => self.kept[object].clone(),
            "records" => {
                self.records.get(object).map(Made::id).or_else(|| self.shared.get(object).cloned()).unwrap_or_default()
            }
            "trash" => self.deleted.id(),
            "files" => self.file.clone(),
            "views" => self.view.clone(),
            "tokens" => self.token.clone(),
            "imports" => self.import.clone(),
            "exports" => self.export.clone(),
            "handovers" => self.handover.clone(),
            "sessions" => "0123456789abcdef".to_owned(),
            "robots" | "deliveries" => self.entry.clone(),
            "users" => self.client.id().to_string(),
            _ => String::new(),
        };
        path.replace("{id}", &id)
            .replace("{object}", "customer")
            .replace("{key}", "theme")
            .replace("{user}", &self.client.id().to_string())
            .replace("{section}", "data_safety")
            .replace("{name}", "north")
            .replace("{figures}", "pools")
    }
}

fn link_kind(app: &TestApp) -> String {
    let catalogue = app.engine.catalogue();
    let kind = catalogue.object("customer_link").and_then(|object| object.field("kind")).expect("a link has a kind");
    kind.options[0].value.clone()
}

/// A body that would work, were it his.
pub(crate) fn body(method: &str, path: &str, victim: &Victim) -> Json {
    let target = path.split('/').nth(2).and_then(|object| victim.records.get(object));
    match path.rsplit('/').next().unwrap_or_default() {
        "aggregate" => json!({"measures": [{"fn": "count"}]}),
        "bulk" => {
            let object = path.split('/').nth(2).unwrap_or_default();
            let id = target.map(Made::id).or_else(|| victim.shared.get(object).cloned());
            json!({"action": "delete", "ids": [id.unwrap_or_else(|| victim.entry.clone())]})
        }
        "duplicates" => json!({"name": CANARY, "phone": "13900001111", "mobile": "13900001111", "tax_number": CANARY}),
        "recent" => json!({"object": "customer", "id": victim.records["customer"].id}),
        _ if path.starts_with("/views") => json!({"object": "customer", "name": "x"}),
        "reveal" if path.contains("exchange_rate") => json!({"field": "code"}),
        "reveal" => json!({"field": "name"}),
        "handovers" | "preview" => {
            json!({"from": victim.client.id(), "parts": [{"object": "customer", "to": [victim.client.id()]}]})
        }
        "{user}" => json!({"level": "write"}),
        "tokens" => json!({"name": "x"}),
        "exports" if path.starts_with("/audit") => json!({"format": "csv", "filter": {"object": "customer"}}),
        "exports" => json!({"object": "customer", "format": "csv", "fields": ["name", "remark"]}),
        "start" => json!({"mapping": {"object": "customer", "columns": {"name": "name"}}}),
        "fields" => json!({"name": "c_x", "type": "text", "label": {"zh": "x", "en": "x"}}),
        "session" | "password" | "setup" => {
            json!({"login": "x", "password": "x", "current": "x", "new": "x", "token": "x"})
        }
        "settings" if path.starts_with("/notifications") => json!({"kinds": {}}),
        "read" | "unread" => json!({"ids": []}),
        "settings" => json!({"min_length": 64}),
        "test" if path.starts_with("/mail") => json!({"to": "x@example.com"}),
        "set_password" => json!({"password": "not his to set"}),
        "workspaces" => json!({"name": "north", "title": "x"}),
        "{name}" => json!({"title": "x"}),
        _ if method == "PATCH" => json!({"name": "geändert", "content": "geändert", "remark": "geändert"}),
        _ => json!({}),
    }
}

pub(crate) async fn call(client: &Client, method: &str, path: &str, victim: &Victim) -> Response {
    let aimed = victim.aim(path);
    if method == "GET" && path == "/events" {
        let answer = client.request(method, &aimed).stream().await;
        return Response {
            status: answer.status().as_u16(),
            json: Json::Null,
            text: String::new(),
            bytes: Vec::new(),
            headers: answer.headers().clone(),
        };
    }
    if method == "POST" && (path == "/files" || path == "/imports" || path.ends_with("/attachments")) {
        return client.upload_with(&aimed, "x.csv", b"name\nx\n", &[("object", "customer")]).await;
    }
    match method {
        "GET" => client.get(&aimed).await,
        _ => client.request(method, &aimed).json(&body(method, path, victim)).send().await,
    }
}

/// What somebody gets who may not know of the record.
fn stranger(method: &str, path: &str) -> &'static [u16] {
    let parts: Vec<&str> = path.split('/').skip(1).collect();
    match (method, parts.as_slice()) {
        // Lines are created by whoever may change what they are lines of; this names none.
        ("POST", ["records", "price_item" | "product_attribute" | "product_component"]) => &[422],
        (_, ["records", object, rest @ ..]) if SHARED.contains(object) => match (method, rest) {
            // Nothing of a shared record is masked for him.
            ("GET", ["{id}", ..]) | ("POST", ["{id}", "reveal"]) => &[200],
            (_, ["{id}", ..]) | ("POST", []) => &[403],
            _ => &[200],
        },
        (
            _,
            ["records", _, "{id}", ..]
            | ["trash", ..]
            | ["files" | "views" | "imports" | "exports", "{id}", ..]
            | ["tokens" | "sessions", "{id}"],
        ) if path != "/trash" => &[404],
        // Creating is his right; what he may create is his own.
        ("POST", ["records", _]) => &[201, 422, 403],
        ("GET" | "POST", ["records", ..]) => &[200],
        ("POST", ["recent"]) => &[404],
        // Whose records they are he sees no more than otherwise: none of them is his to give.
        ("GET", ["users", _, "holdings"] | ["handovers"]) => &[200],
        ("POST", ["handovers"] | ["handovers", "preview"]) => &[422],
        (_, ["handovers", ..]) => &[404],
        ("POST", ["catalog", ..])
        | ("GET", ["roles"] | ["users", ..])
        | ("GET", ["notifications", "kinds"])
        | (_, ["sign-in", _, ..] | ["audit" | "workspaces" | "mail" | "robots" | "deliveries", ..]) => &[403],
        // What he is told himself.
        (_, ["notifications", ..]) => &[200],
        ("POST", ["exports"]) => &[202],
        // How the page is to behave, is for everybody; another section is not there.
        ("GET", ["settings" | "figures", _]) => &[200],
        ("PUT", ["settings", _]) => &[403],
        ("POST", ["files" | "imports" | "tokens" | "views" | "calendar-feed"]) => &[201],
        // His own; he may have made one just before.
        (_, ["calendar-feed"]) => &[200, 204, 404],
        ("GET", ["session", "totp"] | ["oidc", "identity"]) => &[200],
        // No provider is set.
        (_, ["oidc", ..]) => &[404],
        ("POST", ["session", "password"]) => &[422],
        // His own, and he gives neither a password nor a code that is right.
        ("POST", ["session", "totp", ..]) => &[409, 422],
        ("PUT", ["preferences", _]) => &[204],
        (
            "GET",
            [
                "session" | "sessions" | "sign-in" | "tokens" | "catalog" | "regions" | "openapi.json" | "search"
                | "recent" | "views" | "trash" | "events" | "imports" | "exports",
            ],
        ) => &[200],
        ("POST" | "DELETE", ["session"]) | (_, ["setup"]) => &[401, 204, 404, 400],
        _ => panic!("{method} {path} is new: say here what a stranger gets"),
    }
}

both_databases! {
    async fn nobody_gets_nothing(db) {
        let app = open(db).await;
        let victim = Victim::new(&app).await;
        let before = victim.state().await;
        for caller in [app.nobody(), app.nobody().with("cookie", "guanxi_session=forged"), app.nobody().with("authorization", "Bearer forged")] {
            for (method, path) in operations(&app).await {
                let answer = call(&caller, &method, &path, &victim).await;
                assert!(!answer.text.contains(CANARY), "{method} {path}");
                if !OPEN.contains(&(method.as_str(), path.as_str())) {
                    assert_eq!((answer.status, answer.code()), (401, if path == "/events" { "" } else { "unauthenticated" }), "{method} {path}: {}", answer.text);
                }
            }
        }
        assert_eq!(victim.state().await, before);
        for (method, path) in OPEN {
            assert!(operations(&app).await.contains(&((*method).to_owned(), (*path).to_owned())), "{method} {path} is listed as open and is not there");
        }
    }

    async fn a_stranger_gets_nothing_of_others(db) {
        let app = open(db).await;
        let victim = Victim::new(&app).await;
        let before = victim.state().await;
        // Another member of the same department, and the manager of another one.
        for (login, role, department) in [("colleague", "member", "销售部/华东"), ("boss", "manager", "市场部")] {
            let caller = app.user(login, role, department).await;
            for (method, path) in operations(&app).await {
                // What ends his own session is tried last.
                if method == "DELETE" && path == "/session" {
                    continue;
                }
                let wanted = stranger(&method, &path);
                let answer = call(&caller, &method, &path, &victim).await;
                // Managers keep the shared lists, but not users and departments.
                let object = path.split('/').nth(2).unwrap_or_default();
                let manages = role == "manager" && answer.status < 500 && (SHARED[5..].contains(&object) || object == "archive_closing");
                assert!(wanted.contains(&answer.status) || manages, "{method} {path} as {role}: {} instead of {wanted:?}: {}", answer.status, answer.text);
                assert!(!answer.text.contains(CANARY), "{method} {path} as {role} shows it: {}", answer.text);
                assert!(!answer.text.contains("777888.99"), "{method} {path} as {role} shows the amount");
                if path.ends_with("/aggregate") && method == "POST" && !SHARED.contains(&path.split('/').nth(2).unwrap_or_default()) {
                    let own = caller.list(path.split('/').nth(2).expect("an object"), &[("count", "true")]).await.json["total"].clone();
                    assert_eq!(answer.json["rows"][0]["count"], own, "{path}");
                }
                if path.ends_with("/bulk") {
                    assert_eq!(answer.json["done"], json!(0), "{path}: {}", answer.text);
                }
            }
            probes(&caller, &victim).await;
            assert_eq!(victim.state().await, before, "after {login}");
        }
    }

    /// What is masked where a duplicate is met: that there is one, and whose.
    async fn duplicates_are_masked(db) {
        let app = open(db).await;
        let victim = Victim::new(&app).await;
        let caller = app.user("colleague", "member", "销售部/华东").await;
        let met = caller.post("/records/customer", json!({"name": "别家", "mobile": "+86 139 0000 1111"})).await.expect(409);
        assert_eq!(met.json["duplicates"], json!([{"id": null, "title": null, "owner": {"id": victim.client.id(), "title": "victim"}, "fields": ["mobile"], "mode": "warn"}]));
        let met = caller.post("/records/customer", json!({"name": format!("{CANARY}有限公司")})).await.expect(409);
        assert!(!met.json["duplicates"].to_string().contains(CANARY));
    }
}

/// Queries with the caller's own words that could give something away.
async fn probes(caller: &Client, victim: &Victim) {
    for query in [CANARY, CANARY_INITIALS, "13900001111", "0000111", "金丝雀"] {
        assert_eq!(
            caller.get(&format!("/search?q={}", encoded(query))).await.expect(200).json["items"],
            json!([]),
            "{query}"
        );
    }
    let customer = victim.records["customer"].id();
    for (object, filter) in [
        ("customer", json!(["name", "contains", "金丝雀"])),
        ("customer", json!(["id", "=", customer])),
        ("customer", json!(["parent.name", "contains", "金"])),
        ("opportunity", json!(["customer", "=", customer])),
        ("opportunity", json!(["customer.remark", "contains", "金"])),
        ("contact", json!({"not": ["customer", "is_null"]})),
        ("stage_change", json!(["opportunity.amount", ">", 1])),
        ("opportunity_product", json!(["opportunity.amount", ">", 1])),
        ("task", json!(["customer.owner", "=", victim.client.id()])),
    ] {
        let answer = caller
            .list(object, &[("filter", &filter.to_string()), ("count", "true"), ("fields", "id")])
            .await
            .expect(200);
        assert_eq!((&answer.json["items"], &answer.json["total"]), (&json!([]), &json!(0)), "{object} {filter}");
        let answer = caller
            .post(&format!("/records/{object}/aggregate"), json!({"measures": [{"fn": "count"}], "filter": filter}))
            .await
            .expect(200);
        assert_eq!(answer.json["rows"], json!([{"count": 0}]), "{object} {filter}");
    }
    let schedule =
        format!("/figures/schedule?from=2026-11-01&to=2027-11-01&people={};{}", victim.client.id(), caller.id());
    assert_eq!(caller.get(&schedule).await.expect(200).json["items"], json!([]));
    // Nothing can be hung on it either.
    for (object, values) in [
        ("contact", json!({"name": "x", "customer": customer})),
        ("opportunity", json!({"name": "x", "customer": customer})),
        ("follow_up", json!({"content": "x", "customer": customer})),
        ("task", json!({"name": "x", "customer": customer})),
        ("event", json!({"title": "x", "starts_at": "2026-11-23T02:00:00Z", "customer": customer})),
        (
            "event",
            json!({"title": "x", "starts_at": "2026-11-23T02:00:00Z", "series": victim.records["event"].id, "occurrence": "2026-11-23T02:00:00Z"}),
        ),
        ("task", json!({"name": "x", "opportunity": victim.records["opportunity"].id})),
        ("customer", json!({"name": "x", "parent": customer})),
        ("opportunity_product", json!({"opportunity": victim.records["opportunity"].id, "price": 1})),
    ] {
        let answer = caller.post(&format!("/records/{object}"), values.clone()).await;
        assert_eq!(
            (answer.status, answer.errors().first().map(|(_, code)| code.as_str())),
            (422, Some("unknown_record")),
            "{object} {values}: {}",
            answer.text
        );
    }
}
