//! Temporary: serves a workspace for the page's development.
use guanxi_engine::*;
use std::sync::Arc;
#[tokio::main]
async fn main() {
    let mut args = std::env::args().skip(1);
    let data = std::path::PathBuf::from(args.next().unwrap());
    let listen = args.next().unwrap();
    std::fs::create_dir_all(&data).unwrap();
    tracing_subscriber::fmt::init();
    let engine = Engine::open(Options {
        location: match args.next() { Some(url) => guanxi_store::Location::Schema { url, schema: "guanxi_default".into(), connections: 20 }, None => guanxi_store::Location::File(data.join("guanxi.db")) },
        folder: data.clone(), name: "default".into(),
        modules: vec![guanxi_customer::module(), guanxi_sales::module(), guanxi_office::module()],
        clock: Arc::new(SystemClock), time_zone: "Asia/Shanghai".into(),
    }).await.unwrap_or_else(|e| panic!("{}", e));
    let t = engine.ensure_administrator(Some("guanxi-admin")).await.unwrap();
    println!("{t:?}");
    engine.start_followers();
    let listener = tokio::net::TcpListener::bind(listen).await.unwrap();
    guanxi_server::serve(guanxi_server::App::new(engine.clone()), listener, async { tokio::signal::ctrl_c().await.unwrap() }).await.unwrap();
    engine.close().await;
}
