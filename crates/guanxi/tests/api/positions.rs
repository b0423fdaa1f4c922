//! Positions: what somebody is in the company. Administrators keep them, everybody reads them.

use crate::{open, sign_in::problem};
use guanxi_testkit::both_databases;
use serde_json::json;

both_databases! {
    async fn administrators_keep_positions(db) {
        let app = open(db).await;
        let (admin, member) = (app.admin().await, app.user("zhang", "member", "").await);
        let manager = admin.create("position", json!({"name": "销售经理", "code": "GW-01", "sort_order": 2})).await;
        let head = admin.create("position", json!({"name": "总经理", "sort_order": 1})).await;
        member.post("/records/position", json!({"name": "董事长"})).await.expect(403);
        member.patch(&manager.path(), json!({"name": "董事长"})).await.expect(403);
        let leader = app.user("boss", "manager", "").await;
        leader.post("/records/position", json!({"name": "董事长"})).await.expect(403);
        for (taken, field) in [(json!({"name": "销售经理"}), "name"), (json!({"name": "另一个", "code": "GW-01"}), "code")] {
            assert_eq!(admin.post("/records/position", taken).await.errors(), [(field.to_owned(), "not_unique".to_owned())]);
        }
        let listed = member.list("position", &[("sort", "sort_order")]).await.expect(200);
        assert_eq!(listed.each("name"), ["总经理", "销售经理"], "in their own order");
        let found = member.get("/search?q=xsjl&object=position").await.expect(200);
        assert_eq!(found.each("title"), ["销售经理"]);

        let zhang = format!("/records/user/{}", member.id());
        let shown = admin.patch(&zhang, json!({"position": manager.id})).await.expect(200);
        assert_eq!(shown.json["position"], json!({"id": manager.id, "title": "销售经理"}));
        assert_eq!(admin.patch(&zhang, json!({"position": "销售经理"})).await.status, 422, "a position is named by its id");
        assert_eq!(member.matching("user", &json!(["position", "=", manager.id])).await.len(), 1);
        assert_eq!(member.matching("user", &json!(["position.name", "starts_with", "销售"])).await.len(), 1);
        // Renamed, it is what he is, and what his history says.
        admin.patch(&manager.path(), json!({"name": "区域经理"})).await.expect(200);
        let history = member.get(&format!("{zhang}/history")).await.expect(200);
        assert_eq!(history.json["items"][0]["changes"][0], json!({"field": "position", "before": null, "after": {"id": manager.id, "title": "区域经理"}}));
        // One that is not active is given to nobody any more; who has it keeps it.
        admin.patch(&manager.path(), json!({"active": false})).await.expect(200);
        let boss = format!("/records/user/{}", leader.id());
        let refused = admin.patch(&boss, json!({"position": manager.id})).await;
        assert_eq!(refused.errors(), [("position".to_owned(), "inactive".to_owned())]);
        admin.patch(&zhang, json!({"mobile": "13800138000"})).await.expect(200);
        admin.patch(&boss, json!({"position": head.id})).await.expect(200);
        // It may be thrown away, but not for good while somebody has it.
        admin.delete(&manager.path()).await.expect(204);
        let purged = admin.delete(&format!("/trash/position/{}", manager.id)).await;
        assert_eq!(problem(&purged), (409, "in_use"));
    }
}
