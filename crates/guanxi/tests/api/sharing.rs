//! What is shared beyond roles: teams of records, sharing rules, territories.

use crate::open;
use guanxi_testkit::{Client, Made, both_databases};
use jiff::SignedDuration;
use serde_json::{Value as Json, json};

async fn sees(client: &Client, made: &Made) -> (u16, Vec<String>) {
    let read = client.get(&made.path()).await;
    let can = read.json["_can"].as_array().into_iter().flatten().filter_map(Json::as_str).map(str::to_owned).collect();
    (read.status, can)
}

fn strings(list: &[&str]) -> Vec<String> {
    list.iter().map(|text| (*text).to_owned()).collect()
}

both_databases! {
    /// A colleague in a record's team reads it, changes it if he may, and no longer after the end.
    async fn a_team_works_on_a_record(db) {
        let app = open(db).await;
        let (owner, colleague, third) = (app.user("owner", "member", "销售部").await, app.user("colleague", "member", "市场部").await, app.user("third", "member", "客服部").await);
        let customer = owner.create("customer", json!({"name": "甲公司"})).await;
        let contact = owner.create("contact", json!({"name": "王先生", "customer": customer.id})).await;
        let hidden = owner.create("customer", json!({"name": "乙公司"})).await;
        let place = |user: &Client| format!("{}/team/{}", customer.path(), user.id());
        assert_eq!(sees(&colleague, &customer).await.0, 404);
        colleague.get(&format!("{}/team", customer.path())).await.expect(404);
        colleague.put(&place(&colleague), json!({})).await.expect(404);

        let team = owner.put(&place(&colleague), json!({})).await.expect(200);
        assert_eq!(team.json["items"][0]["user"]["title"], json!("colleague"));
        assert_eq!((&team.json["items"][0]["level"], &team.json["can_manage"]), (&json!("read"), &json!(true)));
        // He reads it and what hangs on it, everywhere, and nothing else.
        assert_eq!(sees(&colleague, &customer).await, (200, vec![]));
        assert_eq!(sees(&colleague, &contact).await, (200, vec![]));
        assert_eq!(sees(&colleague, &hidden).await.0, 404);
        assert_eq!(colleague.list("customer", &[("count", "true")]).await.json["total"], json!(1));
        assert_eq!(colleague.list("customer", &[("sort", "-name")]).await.each("name"), ["甲公司"]);
        assert_eq!(colleague.search("公司").await, ["甲公司"]);
        colleague.patch(&customer.path(), json!({"remark": "改"})).await.expect(403);
        // A guest invites nobody.
        colleague.put(&place(&third), json!({})).await.expect(403);
        assert_eq!(colleague.get(&format!("{}/team", customer.path())).await.expect(200).json["can_manage"], json!(false));

        owner.put(&place(&colleague), json!({"level": "write"})).await.expect(200);
        assert_eq!(sees(&colleague, &customer).await, (200, strings(&["update"])));
        assert_eq!(colleague.list("customer", &[]).await.json["items"][0]["_can"], json!(["update"]));
        colleague.patch(&customer.path(), json!({"remark": "改"})).await.expect(200);
        colleague.delete(&customer.path()).await.expect(403);
        colleague.put(&place(&third), json!({})).await.expect(403);
        let taken = colleague.patch(&customer.path(), json!({"owner": colleague.id()})).await.expect(422);
        assert_eq!(taken.errors(), [("owner".to_owned(), "forbidden".to_owned())]);
        // What he adds, the owner sees.
        let note = colleague.create("follow_up", json!({"content": "去过了", "customer": customer.id})).await;
        assert_eq!(sees(&owner, &note).await.0, 200);

        // The history says who was taken in.
        let history = owner.get(&format!("{}/history", customer.path())).await.expect(200);
        let team: Vec<&Json> = history.json["items"].as_array().into_iter().flatten().flat_map(|entry| entry["changes"].as_array().into_iter().flatten()).filter(|change| change["field"] == json!("_team")).collect();
        assert_eq!(team.len(), 2, "{history:?}");
        assert_eq!(team[0]["after"], json!({"user": {"id": colleague.id(), "title": "colleague"}, "level": "write", "expires_at": null}));
        assert_eq!(team[1]["before"], Json::Null);

        // For a time only.
        let end = app.engine.now() + SignedDuration::from_hours(1);
        owner.put(&place(&colleague), json!({"level": "write", "expires_at": end})).await.expect(200);
        assert_eq!(sees(&colleague, &customer).await.0, 200);
        app.clock.advance(SignedDuration::from_hours(2));
        assert_eq!(sees(&colleague, &customer).await.0, 404);
        assert_eq!(colleague.list("customer", &[]).await.each("name"), Vec::<String>::new());
        let again = owner.get(&format!("{}/team", customer.path())).await.expect(200);
        assert_eq!(again.json["items"][0]["expired"], json!(true));

        // Leaving, and being taken out.
        owner.put(&place(&colleague), json!({"expires_at": null})).await.expect(200);
        owner.put(&place(&third), json!({})).await.expect(200);
        colleague.delete(&place(&third)).await.expect(403);
        colleague.delete(&place(&colleague)).await.expect(204);
        assert_eq!(sees(&colleague, &customer).await.0, 404);
        owner.delete(&place(&third)).await.expect(204);
        owner.delete(&place(&third)).await.expect(404);
        assert_eq!(sees(&third, &customer).await.0, 404);
    }

    async fn bad_teams_are_refused(db) {
        let app = open(db).await;
        let admin = app.admin().await;
        let (owner, gone) = (app.user("owner", "member", "销售部").await, app.user("gone", "member", "销售部").await);
        admin.patch(&format!("/records/user/{}", gone.id()), json!({"active": false})).await.expect(200);
        let customer = owner.create("customer", json!({"name": "甲公司"})).await;
        let place = |user: String| format!("{}/team/{user}", customer.path());
        for (user, body, wrong) in [
            (admin.id().to_string(), json!({"level": "all"}), "level"),
            (admin.id().to_string(), json!({"level": 7}), "level"),
            (admin.id().to_string(), json!({"expires_at": "2001-01-01T00:00:00Z"}), "expires_at"),
            (admin.id().to_string(), json!({"expires_at": "soon"}), "expires_at"),
            (admin.id().to_string(), json!({"levle": "read"}), "levle"),
            (owner.id().to_string(), json!({}), "user"),
            (gone.id().to_string(), json!({}), "user"),
            (customer.id(), json!({}), "user"),
        ] {
            let answer = owner.put(&place(user), body).await.expect(422);
            assert_eq!(answer.errors()[0].0, wrong, "{}", answer.text);
        }
        owner.put(&place("nobody".into()), json!({})).await.expect(404);
        let product = admin.create("pipeline", json!({"name": "渠道"})).await;
        admin.get(&format!("{}/team", product.path())).await.expect(404);
        assert_eq!(owner.get(&format!("{}/team", customer.path())).await.expect(200).json["items"], json!([]));
    }

    /// A rule opens what matches to users, departments with all below, and roles; it holds at once, and stops at once.
    async fn a_rule_shares_what_matches(db) {
        let app = open(db).await;
        let admin = app.admin().await;
        let (owner, doctor, west) = (app.user("owner", "member", "销售部").await, app.user("doctor", "member", "市场部").await, app.user("west", "member", "销售部/西区/成都").await);
        let medical = owner.create("customer", json!({"name": "医院", "industry": "medical"})).await;
        let bank = owner.create("customer", json!({"name": "银行", "industry": "finance"})).await;
        let contact = owner.create("contact", json!({"name": "院长", "customer": medical.id})).await;
        let west_department = admin.list("department", &[("filter", &json!(["name", "=", "西区"]).to_string())]).await.json["items"][0]["id"].clone();
        let criteria = json!(["industry", "=", "medical"]).to_string();
        let rule = admin.create("sharing_rule", json!({"name": "医疗", "object": "customer", "criteria": criteria, "users": [doctor.id()]})).await;
        assert_eq!(sees(&doctor, &medical).await, (200, vec![]));
        assert_eq!(sees(&doctor, &bank).await.0, 404);
        assert_eq!(sees(&doctor, &contact).await.0, 200);
        assert_eq!(sees(&west, &medical).await.0, 404);
        let shown = doctor.get(&format!("/users/{}/rights", doctor.id())).await.expect(200);
        assert_eq!(shown.json["sharing"]["rules"][0]["title"], json!("医疗"));
        assert_eq!(shown.json["objects"]["customer"]["visible"], json!(1));

        admin.patch(&rule.path(), json!({"users": [], "departments": [west_department], "level": "write"})).await.expect(200);
        assert_eq!(sees(&doctor, &medical).await.0, 404);
        assert_eq!(sees(&west, &medical).await, (200, strings(&["update"])));
        west.patch(&medical.path(), json!({"remark": "好"})).await.expect(200);
        west.delete(&medical.path()).await.expect(403);
        assert_eq!(west.list("customer", &[]).await.each("name"), ["医院"]);
        // Who changes it so that it no longer matches does not see it any more.
        west.patch(&medical.path(), json!({"industry": "retail"})).await;
        assert_eq!(sees(&west, &medical).await.0, 404);
        owner.patch(&medical.path(), json!({"industry": "medical"})).await.expect(200);
        admin.patch(&rule.path(), json!({"active": false})).await.expect(200);
        assert_eq!(sees(&west, &medical).await.0, 404);

        admin.patch(&rule.path(), json!({"active": true, "departments": [], "roles": ["manager"]})).await.expect(200);
        let boss = app.user("boss", "manager", "客服部").await;
        assert_eq!(sees(&boss, &medical).await.0, 200);
        // A rule never gives more than roles allow at all.
        app.change_role("manager", |rights| rights.owned = guanxi_engine::Grant::default()).await;
        assert_eq!(sees(&boss, &medical).await.0, 404);
    }

    async fn bad_rules_are_refused(db) {
        let app = open(db).await;
        let admin = app.admin().await;
        let someone = [admin.id()];
        for (criteria, fields) in [
            ("", "required"),
            ("[", "bad_filter"),
            ("{\"and\":[]}", "bad_filter"),
            (r#"["nix","=",1]"#, "bad_filter"),
            (r#"["parent.name","=","x"]"#, "bad_filter"),
            (r#"["owner","=","me"]"#, "bad_filter"),
            (r#"["created_at","within","today"]"#, "bad_filter"),
        ] {
            let answer = admin.post("/records/sharing_rule", json!({"name": "坏", "object": "customer", "criteria": criteria, "users": someone})).await.expect(422);
            assert_eq!(answer.errors(), [("criteria".to_owned(), fields.to_owned())], "{criteria}: {}", answer.text);
        }
        let good = json!(["level", "=", "a"]).to_string();
        let nobody = admin.post("/records/sharing_rule", json!({"name": "坏", "object": "customer", "criteria": good})).await.expect(422);
        assert_eq!(nobody.errors()[0].0, "users");
        let product = admin.post("/records/sharing_rule", json!({"name": "坏", "object": "product", "criteria": good, "users": someone})).await.expect(422);
        assert_eq!(product.errors()[0].0, "object");
        // Nobody shares with himself.
        let boss = app.user("boss", "manager", "销售部").await;
        boss.post("/records/sharing_rule", json!({"name": "我", "object": "customer", "criteria": good, "users": [boss.id()]})).await.expect(403);
        boss.post("/records/territory", json!({"name": "我", "region": "110000", "members": [boss.id()]})).await.expect(403);
        let territory = admin.create("territory", json!({"name": "北京", "region": "110000"})).await;
        boss.get(&territory.path()).await.expect(200);
        boss.patch(&territory.path(), json!({"members": [boss.id()]})).await.expect(403);
        boss.delete(&territory.path()).await.expect(403);
    }

    /// What opens many records is read in another way than what opens few; both page alike.
    async fn much_and_little_is_shared(db) {
        let app = open(db).await;
        let admin = app.admin().await;
        let (owner, member) = (app.user("owner", "member", "销售部").await, app.user("member", "member", "市场部").await);
        let mut wanted = Vec::new();
        for number in 0..70 {
            let name = format!("客户{number:02}");
            let region = if number % 7 == 0 { "110101" } else { "330106" };
            owner.create("customer", json!({"name": name, "region": region})).await;
            if number % 7 != 0 {
                wanted.push(name);
            }
        }
        let rare = owner.create("customer", json!({"name": "客户99", "region": "540102"})).await;
        wanted.push("客户99".into());
        member.create("customer", json!({"name": "客户98", "region": "110101"})).await;
        wanted.insert(wanted.len() - 1, "客户98".into());
        for (name, region) in [("浙江", "330000"), ("西藏", "540000")] {
            admin.create("territory", json!({"name": name, "region": region, "members": [member.id()]})).await;
        }
        assert_eq!(member.get(&rare.path()).await.status, 200);
        for sort in ["name", "updated_at", "region,name"] {
            let mut seen = Vec::new();
            let mut cursor = String::new();
            loop {
                let page = member.list("customer", &[("sort", sort), ("limit", "25"), ("cursor", &cursor)]).await.expect(200);
                seen.extend(page.each("name"));
                match page.json["next"].as_str() {
                    Some(next) => cursor = next.to_owned(),
                    None => break,
                }
            }
            seen.sort();
            assert_eq!(seen, wanted, "{sort}");
        }
    }

    /// Members of a territory work its customers, and those of the territories below.
    async fn territories_open_regions_and_industries(db) {
        let app = open(db).await;
        let admin = app.admin().await;
        let owner = app.user("owner", "member", "销售部").await;
        let (east, hangzhou) = (app.user("east", "member", "市场部").await, app.user("hangzhou", "member", "市场部").await);
        let mut made = Vec::new();
        for (name, region, industry) in [("杭州医院", "330106", "medical"), ("杭州银行", "330106", "finance"), ("南京医院", "320102", "medical"), ("北京医院", "110101", "medical")] {
            made.push(owner.create("customer", json!({"name": name, "region": region, "industry": industry})).await);
        }
        let top = admin.create("territory", json!({"name": "华东", "members": [east.id()], "level": "read"})).await;
        let zhejiang = admin.create("territory", json!({"name": "浙江医疗", "parent": top.id, "region": "330000", "industries": ["medical"], "members": [hangzhou.id()], "level": "write"})).await;
        admin.create("territory", json!({"name": "江苏", "parent": top.id, "region": "320000"})).await;
        assert_eq!(hangzhou.list("customer", &[]).await.each("name"), ["杭州医院"]);
        assert_eq!(sees(&hangzhou, &made[0]).await.1, strings(&["update"]));
        assert_eq!(east.list("customer", &[("sort", "name")]).await.each("name"), ["杭州医院", "南京医院"]);
        admin.patch(&zhejiang.path(), json!({"industries": null})).await.expect(200);
        assert_eq!(hangzhou.list("customer", &[("sort", "name")]).await.each("name"), ["杭州医院", "杭州银行"]);
        // A circle would be a territory below itself.
        admin.patch(&top.path(), json!({"parent": zhejiang.id})).await.expect(422);
        admin.patch(&zhejiang.path(), json!({"parent": null})).await.expect(200);
        assert_eq!(east.list("customer", &[]).await.each("name"), ["南京医院"]);
    }
}
