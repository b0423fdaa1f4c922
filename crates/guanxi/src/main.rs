//! The program: `guanxi serve`, `import`, `export`, `demo`, `user`, `workspace`, `check`. Each command has a file of its own in
//! `commands/`; what they share is in `workspace.rs`.

mod commands;
mod demo;
mod failure;
mod logging;
mod modules;
mod settings;
mod workspace;

use clap::{Parser, Subcommand};
use std::process::ExitCode;

// A list of fifty records is thousands of small allocations; the system's allocator took a quarter of the time.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Guanxi (关系), customer relationships for sales, service and management
#[derive(Parser)]
#[command(name = "guanxi", version, about, propagate_version = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Serve(commands::serve::Serve),
    Import(commands::import::Import),
    Export(commands::export::Export),
    Demo(commands::demo::Demo),
    User(commands::user::User),
    Workspace(commands::workspace::Workspace),
    Check(commands::check::Check),
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let serving = matches!(arguments.command, Command::Serve(_));
    logging::start(serving);
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("guanxi: {error}");
            return ExitCode::from(2);
        }
    };
    let result = runtime.block_on(async {
        match arguments.command {
            Command::Serve(command) => command.run().await,
            Command::Import(command) => command.run().await,
            Command::Export(command) => command.run().await,
            Command::Demo(command) => command.run().await,
            Command::User(command) => command.run().await,
            Command::Workspace(command) => command.run().await,
            Command::Check(command) => command.run().await,
        }
    });
    match result {
        Ok(code) => code,
        Err(failure) => {
            eprintln!("guanxi: {}", failure.message.get(settings::language()));
            ExitCode::from(2)
        }
    }
}
