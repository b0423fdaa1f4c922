//! `guanxi user`: people who may sign in.

use crate::{
    failure::{Failure, Outcome},
    settings::{Common, language},
    workspace,
};
use clap::{Args, Subcommand};
use guanxi_engine::{Viewer, auth::NewUser};
use guanxi_model::Lang;
use std::{io::BufRead, process::ExitCode};

/// Manage users
#[derive(Args)]
pub(crate) struct User {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Add(Add),
}

/// Add a user
#[derive(Args)]
struct Add {
    #[command(flatten)]
    common: Common,

    /// What the user signs in with
    #[arg(long)]
    login: String,

    /// The user's name; the login when left out
    #[arg(long, default_value = "")]
    name: String,

    /// member, manager or administrator; may be given several times
    #[arg(long = "role", value_name = "ROLE")]
    roles: Vec<String>,

    /// A path such as 销售部/华东; departments that are missing are made
    #[arg(long, value_name = "PATH")]
    department: Option<String>,

    /// Read the password from standard input
    #[arg(long)]
    password_stdin: bool,
}

impl User {
    pub async fn run(self) -> Outcome {
        match self.command {
            Command::Add(add) => add.run().await,
        }
    }
}

impl Add {
    async fn run(self) -> Outcome {
        let password = if self.password_stdin {
            let mut line = String::new();
            std::io::stdin().lock().read_line(&mut line).map_err(|error| {
                Failure::new(format!("无法读取密码：{error}"), format!("cannot read the password: {error}"))
            })?;
            Some(line.trim_end_matches(['\r', '\n']).to_owned())
        } else {
            None
        };
        let without_password = password.is_none();
        let workspace = workspace::open(&self.common).await?;
        let user = NewUser {
            login: self.login.clone(),
            name: self.name,
            roles: self.roles,
            department_path: self.department,
            password,
            ..NewUser::default()
        };
        let result = workspace.engine.add_user(&Viewer::system("user add"), user).await;
        workspace.engine.close().await;
        let id = result?;
        let login = &self.login;
        match (language(), without_password) {
            (Lang::Zh, false) => println!("已添加用户 {login}（{id}）"),
            (Lang::En, false) => println!("user {login} added ({id})"),
            (Lang::Zh, true) => println!("已添加用户 {login}（{id}）；管理员设置密码后才能登录"),
            (Lang::En, true) => {
                println!("user {login} added ({id}); an administrator has to set a password before the first sign-in")
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}
