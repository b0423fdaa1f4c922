//! Dealers in levels, and agreements.

use crate::open;
use futures::future::join_all;
use guanxi_testkit::{Client, Made, both_databases};
use serde_json::{Value as Json, json};

async fn dealer(client: &Client, name: &str, above: Option<&Made>) -> Made {
    client.create("dealer", json!({"name": name, "parent": above.map(|above| above.id)})).await
}

async fn level(client: &Client, dealer: &Made) -> Json {
    client.get(&dealer.path()).await.expect(200).json["level"].clone()
}

fn named(field: &str, code: &str) -> Vec<(String, String)> {
    vec![(field.to_owned(), code.to_owned())]
}

both_databases! {
    async fn dealers_stand_in_levels(db) {
        let app = open(db).await;
        let zhang = app.user("zhang", "member", "销售部").await;
        let mut chain = vec![dealer(&zhang, "一号", None).await];
        for name in ["二号", "三号", "四号", "五号"] {
            let next = dealer(&zhang, name, chain.last()).await;
            chain.push(next);
        }
        for (place, one) in chain.iter().enumerate() {
            assert_eq!(level(&zhang, one).await, json!((place + 1).to_string()));
        }
        let sixth = zhang.post("/records/dealer", json!({"name": "六号", "parent": chain[4].id})).await;
        assert_eq!(sixth.errors(), named("parent", "too_deep"));
        // Who goes elsewhere takes along whom he supplies.
        let other = dealer(&zhang, "直供", None).await;
        zhang.patch(&chain[3].path(), json!({"parent": other.id})).await.expect(200);
        assert_eq!((level(&zhang, &chain[3]).await, level(&zhang, &chain[4]).await), (json!("2"), json!("3")));
        zhang.patch(&chain[3].path(), json!({"parent": null})).await.expect(200);
        assert_eq!((level(&zhang, &chain[3]).await, level(&zhang, &chain[4]).await), (json!("1"), json!("2")));
        // Nothing moves when somebody below would stand too deep.
        let fourth = dealer(&zhang, "四号乙", Some(&chain[2])).await;
        let refused = zhang.patch(&chain[3].path(), json!({"parent": fourth.id})).await;
        assert_eq!(refused.status, 422, "{}", refused.text);
        assert_eq!((level(&zhang, &chain[3]).await, level(&zhang, &chain[4]).await), (json!("1"), json!("2")));
        // No circles, nobody above himself, and no level that somebody types.
        for (above, code) in [(chain[0].id, "own_parent"), (chain[2].id, "circle")] {
            let answer = zhang.patch(&chain[0].path(), json!({"parent": above})).await;
            assert_eq!((answer.status, answer.errors()), (422, named("parent", code)), "{}", answer.text);
        }
        assert_eq!(zhang.patch(&other.path(), json!({"level": "5"})).await.errors(), named("level", "read_only"));
        let twice = zhang.post("/records/dealer?allow_duplicate=true", json!({"name": "一号"})).await;
        assert_eq!(twice.errors(), named("name", "not_unique"));
        // Many at once below one that moves.
        let (to, from) = (dealer(&zhang, "上家", Some(&other)).await, dealer(&zhang, "下家", None).await);
        let names: Vec<String> = (0..6).map(|number| format!("末端{number}")).collect();
        let place = from.path();
        let (moved, made) = futures::join!(
            zhang.patch(&place, json!({"parent": to.id})),
            join_all(names.iter().map(|name| dealer(&zhang, name, Some(&from)))),
        );
        moved.expect(200);
        for one in &made {
            assert_eq!(level(&zhang, one).await, json!("4"), "three above it");
        }
    }

    async fn deals_and_customers_come_through_dealers(db) {
        let app = open(db).await;
        let (zhang, li) = (app.user("zhang", "member", "销售部").await, app.user("li", "member", "客服部").await);
        let shop = dealer(&zhang, "华东总代", None).await;
        let friend = zhang.create("partner", json!({"name": "集成商甲", "kind": "integrator"})).await;
        let customer = zhang.create("customer", json!({"name": "海象科技", "dealer": shop.id})).await;
        zhang.create("opportunity", json!({"name": "一期", "customer": customer.id, "dealer": shop.id, "partner": friend.id, "amount": 5})).await;
        let through = json!(["dealer", "=", shop.id]);
        assert_eq!(zhang.matching("opportunity", &through).await, ["一期"]);
        assert_eq!(zhang.matching("customer", &through).await, ["海象科技"]);
        // Nobody puts somebody's dealer on a record who may not see him.
        assert_eq!(li.post("/records/customer", json!({"name": "x", "dealer": shop.id})).await.errors(), named("dealer", "unknown_record"));
        assert_eq!(li.get(&friend.path()).await.status, 404);
        for object in ["dealer", "partner", "supplier"] {
            let wrong = json!({"name": "反了", "agreed_from": "2026-12-02", "agreed_until": "2026-12-01"});
            assert_eq!(zhang.post(&format!("/records/{object}"), wrong).await.errors(), named("agreed_until", "ends_before_start"));
        }
        assert_eq!(zhang.post("/records/supplier", json!({"name": "慢", "lead_days": -1})).await.errors(), named("lead_days", "out_of_range"));
    }
}
