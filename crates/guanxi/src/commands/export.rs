//! `guanxi export`: the records of an object as CSV or XLSX.

use crate::{
    failure::{Failure, Outcome},
    settings::{Common, language},
    workspace,
};
use clap::{Args, ValueEnum};
use guanxi_engine::{
    Viewer,
    transfer::{Control, ExportRequest, Format},
};
use guanxi_model::Lang;
use std::{path::PathBuf, process::ExitCode};

/// Export the records of an object
#[derive(Args)]
pub(crate) struct Export {
    #[command(flatten)]
    common: Common,

    /// Object, for example customer
    object: String,

    /// Where to; .xlsx makes a workbook, anything else CSV
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,

    /// Format, where the file's name does not say it
    #[arg(long)]
    format: Option<Shape>,

    /// Fields in order, with commas; all when left out
    #[arg(long, value_name = "NAME,…")]
    fields: Option<String>,

    /// Filter in the API's JSON, for example '["status","in",["won"]]'
    #[arg(long, value_name = "JSON")]
    filter: Option<String>,

    /// Sort order, for example -amount,name
    #[arg(long, allow_hyphen_values = true)]
    sort: Option<String>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Shape {
    Csv,
    Xlsx,
}

impl Export {
    pub async fn run(self) -> Outcome {
        let filter = match &self.filter {
            None => None,
            Some(text) => Some(serde_json::from_str(text).map_err(|error| {
                Failure::new(format!("--filter 不是有效的 JSON：{error}"), format!("--filter is not JSON: {error}"))
            })?),
        };
        let by_name = self.output.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("xlsx"));
        let format = match self.format {
            Some(Shape::Xlsx) => Format::Xlsx,
            Some(Shape::Csv) => Format::Csv,
            None if by_name => Format::Xlsx,
            None => Format::Csv,
        };
        let workspace = workspace::open(&self.common).await?;
        let lang = language();
        let viewer = Viewer::system("export").speaking(lang);
        let object = self.object.clone();
        let request =
            ExportRequest { object: self.object, format, fields: self.fields.map(Into::into), filter, sort: self.sort };
        let result =
            workspace.engine.export_file(&viewer, &request, &self.output, &Control::default(), &mut |_| {}).await;
        workspace.engine.close().await;
        let rows = match result {
            Err(guanxi_engine::Error::NotFound) => {
                return Err(Failure::new(format!("没有对象“{object}”"), format!("there is no object “{object}”")));
            }
            result => result?,
        };
        match lang {
            Lang::Zh => println!("导出 {rows} 行到 {}", self.output.display()),
            Lang::En => println!("{rows} rows exported to {}", self.output.display()),
        }
        Ok(ExitCode::SUCCESS)
    }
}
