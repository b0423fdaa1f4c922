//! `guanxi check`: are the definitions sound, do tables, search index and change log agree, and is the log what was sealed?

use crate::{
    failure::{Failure, Outcome},
    settings::{Common, language},
    workspace,
};
use clap::Args;
use guanxi_engine::Engine;
use guanxi_model::{Kind, Lang};
use guanxi_store::{Dialect, Sql};
use std::process::ExitCode;

/// Check definitions and data
#[derive(Args)]
pub(crate) struct Check {
    #[command(flatten)]
    common: Common,
}

impl Check {
    pub async fn run(self) -> Outcome {
        // Opening loads and checks every definition.
        let workspace = workspace::open(&self.common).await?;
        let result = look(&workspace.engine).await;
        workspace.engine.close().await;
        result
    }
}

async fn count(engine: &Engine, sql: Sql) -> Result<i64, Failure> {
    let mut sql = sql;
    sql.returning([Kind::Int]);
    let rows = engine.database().read(sql).await?;
    Ok(rows.first().and_then(|row| row[0].as_int()).unwrap_or_default())
}

/// Counts records without reading them, and reads the whole change log, a stretch at a time.
async fn look(engine: &Engine) -> Outcome {
    let catalogue = engine.catalogue();
    let lang = language();
    let mut problems = 0;
    let mut total = 0;
    for object in catalogue.objects.values() {
        let table = &object.name;
        let mut sql = engine.database().sql();
        sql.push("SELECT COUNT(*) FROM ").ident(table);
        let records = count(engine, sql).await?;
        total += records;
        let mut unlogged = engine.database().sql();
        unlogged
            .push("SELECT COUNT(*) FROM ")
            .ident(table)
            .push(" t WHERE NOT EXISTS (SELECT 1 FROM _changes c WHERE c.object = ");
        unlogged.bind(table.as_str()).push(" AND c.record = t.id)");
        let unlogged = count(engine, unlogged).await?;
        let unindexed = match engine.database().dialect() {
            Dialect::Sqlite => {
                let mut sql = engine.database().sql();
                let index = format!("{table}__search");
                sql.push("SELECT COUNT(*) FROM ")
                    .ident(table)
                    .push(" t WHERE t.rid NOT IN (SELECT rowid FROM ")
                    .ident(&index)
                    .push(")");
                count(engine, sql).await?
            }
            // The tokens are a column of the row itself and cannot be apart from it.
            Dialect::Postgres => 0,
        };
        for (number, zh, en) in [
            (unlogged, "没有变更记录", "without a change-log entry"),
            (unindexed, "不在搜索索引中", "missing from the search index"),
        ] {
            if number > 0 {
                problems += 1;
                match lang {
                    Lang::Zh => println!("{table}：{number} 条{zh}"),
                    Lang::En => println!("{table}: {number} records {en}"),
                }
            }
        }
    }
    let sealed = engine
        .verify_seals(&mut |finding| {
            problems += 1;
            println!("{}", finding.message().get(lang));
        })
        .await?;
    match lang {
        Lang::Zh => println!("封存：{} 次，{} 条变更，{} 条尚未封存", sealed.seals, sealed.rows, sealed.unsealed),
        Lang::En => {
            println!("seals: {}, over {} changes; {} not sealed yet", sealed.seals, sealed.rows, sealed.unsealed)
        }
    }
    let objects = catalogue.objects.len();
    match (lang, problems) {
        (Lang::Zh, 0) => println!("正常：{objects} 个对象，{total} 条记录"),
        (Lang::En, 0) => println!("sound: {objects} objects, {total} records"),
        (Lang::Zh, _) => println!("发现 {problems} 处问题（{objects} 个对象，{total} 条记录）"),
        (Lang::En, _) => println!("{problems} problems found ({objects} objects, {total} records)"),
    }
    Ok(if problems == 0 { ExitCode::SUCCESS } else { ExitCode::from(1) })
}
