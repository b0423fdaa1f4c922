//! `guanxi workspace`: the workspaces there are. What is done here a server beside it notices within seconds.

use crate::{
    failure::{Failure, Outcome},
    settings::{Common, Settings, language},
    workspace::{self, say_link},
};
use clap::{Args, Subcommand};
use guanxi_engine::{
    CardChange, Workspaces,
    workspaces::{Beginning, check_name, check_title},
};
use guanxi_model::Lang;
use std::process::ExitCode;

/// Manage workspaces (帐套): each has its own data, users and settings
#[derive(Args)]
pub(crate) struct Workspace {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// List them
    List(All),
    /// Make one
    Add(Add),
    /// Change what one is called
    Rename(Rename),
    /// Close one: nobody can sign in, nothing is lost
    Archive(One),
    /// Open an archived one again
    Restore(One),
    /// Make a demo anew; everything in it goes
    Reset(One),
}

#[derive(Args)]
struct All {
    #[command(flatten)]
    common: Common,
}

#[derive(Args)]
struct One {
    #[command(flatten)]
    common: Common,

    /// Its name
    name: String,
}

#[derive(Args)]
struct Add {
    #[command(flatten)]
    one: One,

    /// What the company is called; the name when left out
    #[arg(long)]
    title: Option<String>,

    /// Fill it with the demo company
    #[arg(long)]
    demo: bool,

    /// Offer it on the sign-in page
    #[arg(long)]
    listed: bool,
}

#[derive(Args)]
struct Rename {
    #[command(flatten)]
    one: One,

    /// What it is called from now on
    title: String,
}

/// The workspaces, and the settings they were found with.
fn find(common: &Common) -> Result<(Workspaces, Settings), Failure> {
    let settings = Settings::read(common, None)?;
    Ok((workspace::all(common, &settings)?, settings))
}

fn said(zh: String, en: String) -> Outcome {
    match language() {
        Lang::Zh => println!("{zh}"),
        Lang::En => println!("{en}"),
    }
    Ok(ExitCode::SUCCESS)
}

impl Workspace {
    pub async fn run(self) -> Outcome {
        match self.command {
            Command::List(all) => all.run().await,
            Command::Add(add) => add.run().await,
            Command::Rename(rename) => {
                let title = Some(check_title(&rename.title)?);
                rename.one.change(CardChange { title, ..CardChange::default() }).await
            }
            Command::Archive(one) => one.change(CardChange { archived: Some(true), ..CardChange::default() }).await,
            Command::Restore(one) => one.change(CardChange { archived: Some(false), ..CardChange::default() }).await,
            Command::Reset(one) => one.reset().await,
        }
    }
}

impl All {
    async fn run(self) -> Outcome {
        let (workspaces, _) = find(&self.common)?;
        for name in workspaces.names().await? {
            let engine = workspaces.open(&name).await?;
            let card = engine.card();
            engine.close().await;
            let demo = if card.demo { "demo" } else { "" };
            let archived = if card.archived.is_some() { "archived" } else { "" };
            println!("{name}\t{}\t{demo}\t{archived}", card.title);
        }
        Ok(ExitCode::SUCCESS)
    }
}

impl One {
    /// The workspaces, if this one is among them.
    async fn found(&self) -> Result<(Workspaces, Settings), Failure> {
        let (workspaces, settings) = find(&self.common)?;
        if !workspaces.names().await?.contains(&self.name) {
            return Err(Failure::new(
                format!("没有帐套“{}”", self.name),
                format!("there is no workspace “{}”", self.name),
            ));
        }
        Ok((workspaces, settings))
    }

    async fn change(self, change: CardChange) -> Outcome {
        let (workspaces, settings) = self.found().await?;
        if change.archived == Some(true) && self.name == settings.workspace {
            return Err(Failure::new("主帐套不能归档", "the home workspace cannot be archived"));
        }
        let engine = workspaces.open(&self.name).await?;
        let changed = engine.change_card(&change).await;
        engine.close().await;
        changed?;
        said(format!("帐套“{}”已修改", self.name), format!("workspace “{}” changed", self.name))
    }

    async fn reset(self) -> Outcome {
        let (workspaces, _) = self.found().await?;
        let engine = workspaces.open(&self.name).await?;
        let card = engine.card();
        engine.close().await;
        if !card.demo {
            return Err(Failure::new("只有演示帐套可以重置", "only a demo can be made anew"));
        }
        let card = CardChange { title: Some(card.title), listed: Some(card.listed), archived: None };
        let beginning = Beginning { card, demo: true, password: None };
        let (building, _) = workspaces.build(&self.name, &beginning).await?;
        if let Err(error) = workspaces.finish(&building, true).await {
            workspaces.discard(&building).await;
            return Err(error.into());
        }
        said(format!("演示帐套“{}”已重置", self.name), format!("demo “{}” made anew", self.name))
    }
}

impl Add {
    async fn run(self) -> Outcome {
        let Self { one, title, demo, listed } = self;
        let (workspaces, settings) = find(&one.common)?;
        check_name(&one.name)?;
        let title = check_title(title.as_deref().unwrap_or(&one.name))?;
        let card = CardChange { title: Some(title), listed: Some(listed), archived: None };
        let beginning = Beginning { card, demo, password: workspace::password() };
        let (building, token) = workspaces.build(&one.name, &beginning).await?;
        if let Err(error) = workspaces.finish(&building, false).await {
            workspaces.discard(&building).await;
            return Err(error.into());
        }
        if let Some(token) = token {
            say_link(&settings.listen, &token, Some(&one.name));
        }
        said(format!("帐套“{}”已建立", one.name), format!("workspace “{}” made", one.name))
    }
}
