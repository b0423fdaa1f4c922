//! Files: who may put, read and remove them goes by the record.

use crate::open;
use guanxi_testkit::both_databases;
use serde_json::json;

both_databases! {
    async fn files_go_by_their_record(db) {
        let app = open(db).await;
        let (zhang, li) = (app.user("zhang", "member", "销售部").await, app.user("li", "member", "销售部").await);
        let boss = app.user("boss", "manager", "销售部").await;
        let customer = zhang.create("customer", json!({"name": "甲"})).await;
        let path = format!("{}/attachments", customer.path());
        let kept = zhang.upload(&path, "报价 2026.pdf", b"%PDF-1.4 secret").await.expect(201);
        let file = format!("/files/{}", kept.json["id"].as_str().expect("an id"));
        assert_eq!((&kept.json["name"], &kept.json["size"], &kept.json["type"]), (&json!("报价 2026.pdf"), &json!(15), &json!("application/pdf")));
        let listed = zhang.get(&path).await.expect(200);
        assert_eq!(listed.json["items"][0]["created_by"], json!({"id": zhang.id(), "title": "zhang"}));
        let got = zhang.get(&file).await.expect(200);
        assert_eq!((got.text.as_str(), got.header("content-type"), got.header("cache-control")), ("%PDF-1.4 secret", "application/pdf", "private, no-store"));
        assert_eq!(got.header("content-disposition"), "inline; filename*=UTF-8''%E6%8A%A5%E4%BB%B7%202026.pdf");
        for answer in [li.get(&file).await, li.delete(&file).await, li.get(&path).await, li.upload(&path, "x", b"x").await] {
            assert_eq!((answer.status, answer.code()), (404, "not_found"), "{}", answer.text);
        }
        assert_eq!(boss.get(&file).await.status, 200, "whoever reads the record reads its files");
        // A page of somebody's own is never shown in place.
        let html = zhang.upload(&path, "x.html", b"<script>alert(1)</script>").await.expect(201);
        let got = zhang.get(&format!("/files/{}", html.json["id"].as_str().expect("an id"))).await.expect(200);
        assert!(got.header("content-disposition").starts_with("attachment") && got.header("x-content-type-options") == "nosniff");
        boss.delete(&file).await.expect(204);
        assert_eq!(zhang.get(&file).await.status, 404);
        assert_eq!(zhang.get(&path).await.json["items"].as_array().map(Vec::len), Some(1));
        // Not every object takes files, and none takes one while it lies in the bin.
        let admin = app.admin().await;
        let pipeline = admin.list("pipeline", &[]).await.each("id")[0].clone();
        assert_eq!(admin.upload(&format!("/records/pipeline/{pipeline}/attachments"), "x", b"x").await.code(), "no_attachments");
        zhang.delete(&customer.path()).await.expect(204);
        assert_eq!(zhang.upload(&path, "x", b"x").await.status, 404);
    }

    /// A file for a file field is its uploader's until a record has it, and then that record's.
    async fn a_file_belongs_to_one_record(db) {
        let app = open(db).await;
        let admin = app.admin().await;
        let zhang = app.user("zhang", "member", "销售部").await;
        let picture = admin.upload("/files", "a.png", b"\x89PNG").await.expect(201).json["id"].clone();
        let path = format!("/files/{}", picture.as_str().expect("an id"));
        assert_eq!((admin.get(&path).await.status, zhang.get(&path).await.status), (200, 404));
        let product = admin.create("product", json!({"name": "货", "image": picture})).await;
        assert_eq!(product.json["image"], json!({"id": picture, "title": "a.png", "size": 4, "type": "image/png"}));
        assert_eq!(zhang.get(&path).await.status, 200, "everybody reads products");
        let stolen = admin.post("/records/product", json!({"name": "andere", "image": picture})).await;
        assert_eq!((stolen.status, stolen.errors()), (422, vec![("image".to_owned(), "unknown_file".to_owned())]));
        let his = zhang.upload("/files", "b.png", b"x").await.expect(201).json["id"].clone();
        assert_eq!(admin.post("/records/product", json!({"name": "dritte", "image": his})).await.status, 422, "what another uploaded");
    }

    /// Browsers ask for compressed answers; what is streamed from disk arrives whole all the same.
    async fn a_file_survives_compression(db) {
        let app = open(db).await;
        let admin = app.admin().await;
        let customer = admin.create("customer", json!({"name": "甲"})).await;
        let text = "客户,电话\n".repeat(20_000);
        let kept = admin.upload(&format!("{}/attachments", customer.path()), "电话.csv", text.as_bytes()).await.expect(201);
        let path = format!("/files/{}", kept.json["id"].as_str().expect("an id"));
        let got = admin.request("GET", &path).header("accept-encoding", "gzip").send().await.expect(200);
        assert_eq!((got.header("content-encoding"), got.header("content-length")), ("gzip", ""));
        let mut unpacked = String::new();
        std::io::Read::read_to_string(&mut flate2::read::GzDecoder::new(got.bytes.as_slice()), &mut unpacked).expect("gzip");
        assert_eq!(unpacked, text);
    }
}
