//! Orders of twenty lines through the full path: drafted with their lines in one request, and put into effect by another.

use crate::{Setting, client::Client, client::Times, floors, process::Server, report::Report};
use anyhow::{Result, bail};
use futures::future::join_all;
use serde_json::{Value as Json, json};
use std::{
    fmt::Write,
    time::{Duration, Instant},
};

/// Lines of an order.
const LINES: usize = 20;
/// Those who write orders at once.
const CLIENTS: usize = 32;
/// Orders to a commit of the floor: about as many as wait for each other.
const TOGETHER: usize = 16;

/// How many orders a second take effect.
pub(crate) async fn orders(
    setting: &Setting,
    workspace: &str,
    report: &mut Report,
    server: &Server,
    token: &str,
) -> Result<()> {
    let mut client = Client::connect(server.address).await?;
    let mut products = Vec::new();
    for number in 0..LINES {
        let product = json!({"name": format!("测试产品{number}"), "price": 100 + number, "unit": "件"});
        let made = client.json("POST", "/api/v1/records/product", token, Some(product)).await?;
        products.push(made["id"].as_str().unwrap_or_default().to_owned());
    }
    let page = client.json("GET", "/api/v1/records/customer?limit=200&fields=name", token, None).await?;
    let customers: Vec<Json> =
        page["items"].as_array().into_iter().flatten().map(|customer| customer["id"].clone()).collect();
    let order = |number: usize| {
        let lines: Vec<Json> = products
            .iter()
            .enumerate()
            .map(|(place, product)| json!({"product": product, "quantity": 1 + (number + place) % 9, "price": format!("{}.35", 10 + place), "tax_rate": 13}))
            .collect();
        json!({"customer": customers[number % customers.len()], "_lines": {"order_line": lines}}).to_string()
    };
    let next = std::cell::Cell::new(0);
    let begun = Instant::now();
    let mut times = Times::default();
    let writer = async || {
        let mut client = Client::connect(server.address).await?;
        let mut times = Times::default();
        while begun.elapsed() < Duration::from_secs(setting.seconds) {
            let number = next.replace(next.get() + 1);
            let body = order(number);
            let started = Instant::now();
            let (status, answer) = client.send("POST", "/api/v1/records/sales_order", token, Some(body)).await?;
            if status != 201 {
                bail!("an order: {status} {}", String::from_utf8_lossy(&answer));
            }
            let made: Json = serde_json::from_slice(&answer)?;
            let post = format!("/api/v1/records/sales_order/{}/actions/post", made["id"].as_str().unwrap_or_default());
            let (status, answer) = client.send("POST", &post, token, Some("{}".into())).await?;
            if status != 200 {
                bail!("{post}: {status} {}", String::from_utf8_lossy(&answer));
            }
            times.add(started.elapsed());
        }
        Ok::<_, anyhow::Error>(times)
    };
    let results = join_all((0..CLIENTS).map(|_| writer())).await;
    for result in results {
        times.join(result?);
    }
    times.elapsed = begun.elapsed();
    let speed = times.per_second();
    let bare = floor(setting, workspace).await?;
    report.add(
        &format!("orders of {LINES} lines drafted and put into effect, {CLIENTS} clients, durable"),
        format!("{speed:.0}/s, p50 {:.0} ms, p99 {:.0} ms", times.quantile(0.5), times.quantile(0.99)),
        format!("{bare:.0}/s bare, {TOGETHER} orders to a commit"),
        if setting.database.is_some() { "–" } else { "300/s" },
        setting.database.is_none().then_some(speed >= 300.0),
    );
    Ok(())
}

/// Orders a second that the database itself copies, with their lines, into tables with the same indexes.
async fn floor(setting: &Setting, workspace: &str) -> Result<f64> {
    const ORDERS: usize = 480;
    let mut script = String::from(
        "DROP TABLE IF EXISTS _floor_order; DROP TABLE IF EXISTS _floor_line;
         CREATE TABLE _floor_order AS SELECT * FROM sales_order LIMIT 0;
         CREATE TABLE _floor_line AS SELECT * FROM order_line LIMIT 0;",
    );
    for (table, columns) in [
        ("_floor_order", "id"),
        ("_floor_order", "customer, date"),
        ("_floor_order", "owner, date"),
        ("_floor_order", "department, date"),
        ("_floor_order", "date"),
        ("_floor_order", "status, date"),
        ("_floor_line", "id"),
        ("_floor_line", "sales_order, line_no"),
        ("_floor_line", "quote_line"),
        ("_floor_line", "contract_line"),
        ("_floor_line", "product, customer, date"),
    ] {
        write!(script, "CREATE INDEX {table}_{} ON {table} ({columns});", columns.replace(", ", "_"))?;
    }
    floors::execute(setting, workspace, &script).await?;
    let mut script = String::new();
    for first in (0..ORDERS).step_by(TOGETHER) {
        let chosen =
            format!("(SELECT id FROM sales_order ORDER BY id LIMIT {TOGETHER} OFFSET {first}) AND deleted_at IS NULL");
        write!(
            script,
            "BEGIN; INSERT INTO _floor_order SELECT * FROM sales_order WHERE id IN {chosen};
             INSERT INTO _floor_line SELECT * FROM order_line WHERE sales_order IN {chosen}; COMMIT;"
        )?;
    }
    let begun = Instant::now();
    floors::execute(setting, workspace, &script).await?;
    let speed = ORDERS as f64 / begun.elapsed().as_secs_f64();
    floors::execute(setting, workspace, "DROP TABLE _floor_order; DROP TABLE _floor_line").await?;
    Ok(speed)
}
