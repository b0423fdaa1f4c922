//! The search centre: Chinese, pinyin, initials, phones, numbers, mail; within the scope.

use crate::open;
use guanxi_testkit::both_databases;
use serde_json::json;

both_databases! {
    async fn found_by_whatever_one_remembers(db) {
        let app = open(db).await;
        let admin = app.admin().await;
        admin.create("customer", json!({"name": "重庆长江机械有限公司", "phone": "023-6789 0123", "tax_number": "91500000MA5U4X2T1K"})).await;
        admin.create("customer", json!({"name": "深圳市华为技术有限公司", "email": "sales@huawei.example"})).await;
        let customer = admin.create("customer", json!({"name": "Acme GmbH & Co. KG", "mobile": "+86 138-1234-5678"})).await;
        admin.create("contact", json!({"name": "张三", "customer": customer.id, "wechat": "zs_2026"})).await;
        admin.create("contact", json!({"name": "曾国藩", "customer": customer.id})).await;
        admin.create("product", json!({"name": "GTX Pro", "code": "P-0815"})).await;
        admin.create("follow_up", json!({"content": "客户说明年三月再谈预算", "customer": customer.id})).await;
        let number = customer.json["number"].as_str().expect("a number").to_owned();
        for (query, title) in [
            ("重庆", "重庆长江机械有限公司"),
            ("chongqing", "重庆长江机械有限公司"),
            ("CHONGQING", "重庆长江机械有限公司"),
            ("cqcj", "重庆长江机械有限公司"),
            ("长江机械", "重庆长江机械有限公司"),
            ("changjiang", "重庆长江机械有限公司"),
            ("江机", "重庆长江机械有限公司"),
            ("MA5U4X", "重庆长江机械有限公司"),
            ("6789", "重庆长江机械有限公司"),
            ("67890123", "重庆长江机械有限公司"),
            ("huawei", "深圳市华为技术有限公司"),
            ("华为", "深圳市华为技术有限公司"),
            ("sales@huawei", "深圳市华为技术有限公司"),
            ("zhangsan", "张三"),
            ("zs", "张三"),
            ("张三", "张三"),
            ("zengguofan", "曾国藩"),
            ("zgf", "曾国藩"),
            ("曾", "曾国藩"),
            ("13812345678", "Acme GmbH & Co. KG"),
            ("5678", "Acme GmbH & Co. KG"),
            ("138 1234", "Acme GmbH & Co. KG"),
            ("acme", "Acme GmbH & Co. KG"),
            ("cm", "Acme GmbH & Co. KG"),
            ("gmbh", "Acme GmbH & Co. KG"),
            (&number, "Acme GmbH & Co. KG"),
            ("gtx", "GTX Pro"),
            ("0815", "GTX Pro"),
            ("预算", "客户说明年三月再谈预算"),
        ] {
            let found = admin.search(query).await;
            assert!(found.contains(&title.to_owned()), "{query}: {found:?}");
        }
        for query in ["上海", "xyzzy", "zhangsi", "9999", "cengguofan1"] {
            assert_eq!(admin.search(query).await, Vec::<String>::new(), "{query}");
        }
        let hit = admin.get("/search?q=13812345678&object=customer").await.expect(200);
        assert_eq!((&hit.json["items"][0]["matched"], &hit.json["items"][0]["object"]), (&json!("mobile"), &json!("customer")));
        assert_eq!(admin.get("/search?q=zgf&object=customer").await.json["items"], json!([]));
        assert_eq!(admin.get("/search?q=zs&object=nothing").await.status, 404);
    }

    /// The whole name before its beginning before its middle; the title before other fields.
    async fn the_best_comes_first(db) {
        let app = open(db).await;
        let admin = app.admin().await;
        for name in ["北京东方红科技", "东方红", "东方红科技", "红东方"] {
            admin.create("customer", json!({"name": name})).await;
        }
        admin.create("customer", json!({"name": "西方", "tags": ["东方红"], "tax_number": "东方红"})).await;
        let found = admin.search("东方红").await;
        assert_eq!(found[0], "东方红", "{found:?}");
        let place = |title: &str| found.iter().position(|known| known == title);
        assert!(place("东方红科技") < place("北京东方红科技") && place("北京东方红科技").is_some(), "{found:?}");
        assert!(!found.contains(&"红东方".to_owned()));
    }

    /// What a record is found by follows its changes, with the same transaction.
    async fn tokens_follow_the_record(db) {
        let app = open(db).await;
        let admin = app.admin().await;
        let made = admin.create("customer", json!({"name": "旧名字", "phone": "010-5555"})).await;
        admin.patch(&made.path(), json!({"name": "新招牌"})).await.expect(200);
        assert_eq!((admin.search("旧名").await.len(), admin.search("招牌").await.len(), admin.search("xinzhaopai").await.len()), (0, 1, 1));
        assert_eq!(admin.search("5555").await, ["新招牌"], "other fields keep their tokens");
        admin.delete(&made.path()).await.expect(204);
        assert!(admin.search("招牌").await.is_empty());
        admin.post(&format!("/trash/customer/{}/restore", made.id), json!({})).await.expect(200);
        assert_eq!(admin.search("招牌").await, ["新招牌"]);
    }
}
