//! `guanxi serve`: the server.

use crate::{
    failure::{Failure, Outcome},
    settings::{Common, Settings, language},
    workspace::{self, shown_address},
};
use clap::Args;
use guanxi_model::Lang;
use guanxi_server::{Hub, HubOptions};
use std::process::ExitCode;
use tokio::net::TcpListener;

/// Serve the page and the API
#[derive(Args)]
pub(crate) struct Serve {
    #[command(flatten)]
    common: Common,

    /// Address and port [env: GUANXI_LISTEN] [default: 127.0.0.1:8080]
    #[arg(long, value_name = "ADDRESS:PORT")]
    listen: Option<String>,
}

impl Serve {
    pub async fn run(self) -> Outcome {
        let settings = Settings::read(&self.common, self.listen.as_deref())?;
        let hub = Hub::open(HubOptions {
            workspaces: workspace::all(&self.common, &settings)?,
            home: settings.workspace.clone(),
            domain: settings.domain()?,
            proxies: settings.proxies()?,
        })
        .await?;
        if let Some(home) = hub.engine(&settings.workspace) {
            workspace::administrator(&home, &settings).await?;
        }
        let listen = &settings.listen;
        let failed = |error: std::io::Error| {
            Failure::new(format!("无法监听 {listen}：{error}"), format!("cannot listen on {listen}: {error}"))
        };
        let listener = TcpListener::bind(listen).await.map_err(failed)?;
        let address = listener.local_addr().map_or_else(|_| listen.clone(), |address| address.to_string());
        hub.start();
        match language() {
            Lang::Zh => eprintln!("关系已启动：http://{}", shown_address(&address)),
            Lang::En => eprintln!("Guanxi is ready: http://{}", shown_address(&address)),
        }
        tracing::info!(%address, workspace = settings.workspace, "serving");
        let served = guanxi_server::serve(hub.clone(), listener, stopped()).await;
        // Requests have ended; what was accepted is written before the process goes.
        hub.close().await;
        served.map_err(|error| Failure::new(format!("服务停止：{error}"), format!("the server stopped: {error}")))?;
        Ok(ExitCode::SUCCESS)
    }
}

/// Waits for Ctrl-C or the system's request to stop.
async fn stopped() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    let _ = tokio::signal::ctrl_c().await;
}
