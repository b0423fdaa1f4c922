//! `guanxi import`: a file into a workspace, by a mapping.

use crate::{
    failure::{Failure, Outcome},
    settings::{Common, language},
    workspace,
};
use clap::Args;
use guanxi_engine::{
    Via, Viewer,
    transfer::{Control, Imported, Mapping, Summary},
};
use guanxi_model::Lang;
use std::{
    io::{IsTerminal, Write},
    path::PathBuf,
    process::ExitCode,
    sync::Arc,
    time::{Duration, Instant},
};

/// Import a CSV or XLSX file (also .gz)
#[derive(Args)]
pub(crate) struct Import {
    #[command(flatten)]
    common: Common,

    /// The mapping: which column becomes which field (docs/import.md)
    #[arg(long, value_name = "MAP.toml")]
    map: PathBuf,

    /// Do everything except writing
    #[arg(long)]
    dry_run: bool,

    /// Print the result as one line of JSON
    #[arg(long)]
    json: bool,

    /// The file
    file: PathBuf,
}

impl Import {
    pub async fn run(self) -> Outcome {
        let text = std::fs::read_to_string(&self.map).map_err(|error| Failure::file(&self.map, &error))?;
        let mapping = Mapping::from_toml(&text, &self.map.display().to_string())?;
        // Before a workspace is made for a file that is not there.
        std::fs::metadata(&self.file).map_err(|error| Failure::file(&self.file, &error))?;
        let workspace = workspace::open(&self.common).await?;
        let lang = language();
        let viewer = Viewer::system("import").through(Via::Import).speaking(lang);
        let control = Arc::new(Control::default());
        let stop = control.clone();
        tokio::spawn(async move {
            if tokio::signal::ctrl_c().await.is_ok() {
                stop.cancel();
            }
        });
        let mut meter = Meter::new(lang);
        let result = workspace
            .engine
            .import_file(&viewer, &mapping, &self.file, self.dry_run, control, &mut |summary| meter.show(summary))
            .await;
        meter.clear();
        workspace.engine.close().await;
        let imported = result?;
        self.tell(&imported, lang)
    }

    fn tell(&self, imported: &Imported, lang: Lang) -> Outcome {
        for refused in &imported.first_errors {
            match lang {
                Lang::Zh => eprintln!("第 {} 行：{}", refused.line, refused.reason.zh),
                Lang::En => eprintln!("line {}: {}", refused.line, refused.reason.en),
            }
        }
        let more = imported.summary.failed.saturating_sub(imported.first_errors.len() as u64);
        if let (true, Some(file)) = (imported.summary.failed > 0, &imported.summary.errors_file) {
            match lang {
                Lang::Zh => eprintln!(
                    "{}被拒绝的行见 {file}",
                    if more > 0 { format!("还有 {more} 行。") } else { String::new() }
                ),
                Lang::En => eprintln!(
                    "{}the refused rows are in {file}",
                    if more > 0 { format!("{more} more; ") } else { String::new() }
                ),
            }
        }
        if let Some(message) = &imported.message {
            eprintln!("guanxi: {}", message.get(lang));
        }
        if imported.state == "cancelled" {
            match lang {
                Lang::Zh => eprintln!("已取消；已写入的批次可在“导入记录”中继续或撤销（编号 {}）", imported.id),
                Lang::En => eprintln!("cancelled; what was written can be resumed or undone (import {})", imported.id),
            }
        }
        let line = line(&imported.summary, self.dry_run, lang);
        if self.json {
            eprintln!("{line}");
            let json = serde_json::to_string(&imported.summary)
                .map_err(|error| Failure::new(error.to_string(), error.to_string()))?;
            println!("{json}");
        } else {
            println!("{line}");
        }
        Ok(match imported.state {
            "done" if imported.summary.failed == 0 => ExitCode::SUCCESS,
            "done" => ExitCode::from(1),
            "cancelled" => ExitCode::from(1),
            _ => ExitCode::from(2),
        })
    }
}

/// The result in one line.
fn line(summary: &Summary, dry_run: bool, lang: Lang) -> String {
    let Summary { read, created, updated, unchanged, failed, created_by_lookup, .. } = summary;
    match lang {
        Lang::Zh => {
            let trial = if dry_run { "试运行（未写入）：" } else { "" };
            format!(
                "{trial}读取 {read} 行：新建 {created}，更新 {updated}，未变 {unchanged}，失败 {failed}；关联新建 {created_by_lookup} 条"
            )
        }
        Lang::En => {
            let trial = if dry_run { "dry run, nothing written: " } else { "" };
            format!(
                "{trial}{read} rows read: {created} created, {updated} updated, {unchanged} unchanged, {failed} failed; {created_by_lookup} created by lookup"
            )
        }
    }
}

/// How far it is, on a terminal.
struct Meter {
    lang: Lang,
    begun: Instant,
    shown: Option<Instant>,
    terminal: bool,
}

impl Meter {
    fn new(lang: Lang) -> Self {
        Self { lang, begun: Instant::now(), shown: None, terminal: std::io::stderr().is_terminal() }
    }

    fn show(&mut self, summary: &Summary) {
        if !self.terminal || self.shown.is_some_and(|at| at.elapsed() < Duration::from_millis(200)) {
            return;
        }
        self.shown = Some(Instant::now());
        let speed = summary.read as f64 / self.begun.elapsed().as_secs_f64().max(0.001);
        let text = match self.lang {
            Lang::Zh => format!("已读取 {} 行，失败 {}（每秒 {speed:.0} 行）", summary.read, summary.failed),
            Lang::En => format!("{} rows, {} failed ({speed:.0} rows/s)", summary.read, summary.failed),
        };
        eprint!("\r\x1b[K{text}");
        let _ = std::io::stderr().flush();
    }

    fn clear(&self) {
        if self.shown.is_some() {
            eprint!("\r\x1b[K");
        }
    }
}
