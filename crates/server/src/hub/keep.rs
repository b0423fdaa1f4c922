//! Keeping workspaces: opening what lies there, closing what was archived, making new ones, making the demo anew.

use super::{Hub, Open, Room, Work};
use guanxi_engine::{
    AggregateRequest, Card, CardChange, Engine, Error, Viewer,
    workspaces::{self, Beginning, Building},
};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// How often a server looks what others have made, closed or made anew.
const LOOK: Duration = Duration::from_secs(2);
/// What could not be opened is tried again after this.
const RETRY: Duration = Duration::from_secs(30);

/// A workspace that was opened.
struct Known {
    name: String,
    engine: Engine,
    /// Archived.
    closed: bool,
    /// Which one was opened under the name.
    instance: String,
}

/// A workspace that somebody wants.
#[derive(Debug, Clone)]
pub(crate) struct NewWorkspace {
    pub name: String,
    pub title: String,
    pub demo: bool,
    pub listed: bool,
}

fn busy() -> Error {
    Error::conflict("workspace_busy", "该帐套正在建立，请稍候", "the workspace is being made; wait a moment")
}

impl Hub {
    /// Opens the other workspaces, and keeps in step with what others make of them.
    pub fn start(&self) {
        if let Some(home) = self.engine(&self.0.options.home) {
            home.start_followers();
        }
        let hub = self.clone();
        tokio::spawn(async move {
            let mut stop = hub.0.stop.subscribe();
            loop {
                hub.look().await;
                tokio::select! {
                    _ = stop.wait_for(|stop| *stop) => return,
                    () = tokio::time::sleep(LOOK) => {}
                }
            }
        });
    }

    /// Ends open streams, so that the server can stop.
    pub fn stop(&self) {
        self.0.stop.send_replace(true);
        for room in self.0.rooms.read().unwrap_or_else(std::sync::PoisonError::into_inner).values() {
            if let Room::Open(open) = room {
                open.app.stop();
            }
        }
    }

    /// Closes all; what was accepted is written first.
    pub async fn close(&self) {
        let _changing = self.0.changing.lock().await;
        let rooms = std::mem::take(&mut *self.0.rooms.write().unwrap_or_else(std::sync::PoisonError::into_inner));
        for room in rooms.into_values() {
            leave(room).await;
        }
    }

    /// Sees what is there by now.
    pub async fn look(&self) {
        let _changing = self.0.changing.lock().await;
        if *self.0.stop.borrow() {
            return;
        }
        let names = match self.0.options.workspaces.names().await {
            Ok(names) => names,
            Err(error) => {
                tracing::warn!(%error, "cannot see which workspaces there are");
                return;
            }
        };
        for name in &names {
            if self.wants_opening(name) {
                self.admit(name).await;
            }
        }
        for Known { name, engine, closed, instance } in self.known() {
            if !names.contains(&name) {
                self.shut(&name).await;
                continue;
            }
            match self.look_at(&name, &engine).await {
                // Made anew under the same name, or closed, or opened again, by another process.
                Ok(card) if closed != self.is_closed(&name, &card) || card.instance != instance => {
                    self.shut(&name).await;
                    self.admit(&name).await;
                }
                Ok(_) => {}
                Err(error) => tracing::warn!(workspace = %name, %error, "cannot look at a workspace"),
            }
        }
    }

    /// What a workspace says of itself, and which one it is by now.
    async fn look_at(&self, name: &str, engine: &Engine) -> Result<Card, Error> {
        let card = engine.look_at_card().await?;
        let there = self.0.options.workspaces.location(name).instance().await?;
        Ok(Card { instance: there.unwrap_or(card.instance), ..card })
    }

    fn is_closed(&self, name: &str, card: &Card) -> bool {
        card.archived.is_some() && name != self.0.options.home
    }

    fn wants_opening(&self, name: &str) -> bool {
        match self.0.rooms.read().unwrap_or_else(std::sync::PoisonError::into_inner).get(name) {
            None => true,
            Some(Room::Failed(_, at)) => at.elapsed() >= RETRY,
            Some(_) => false,
        }
    }

    fn known(&self) -> Vec<Known> {
        let rooms = self.0.rooms.read().unwrap_or_else(std::sync::PoisonError::into_inner);
        let known = |(name, room): (&String, &Room)| {
            let (engine, closed, instance) = match room {
                Room::Open(open) => (&open.app.engine, false, &open.instance),
                Room::Closed(engine, instance) => (engine, true, instance),
                Room::Failed(..) => return None,
            };
            Some(Known { name: name.clone(), engine: engine.clone(), closed, instance: instance.clone() })
        };
        rooms.iter().filter_map(known).collect()
    }

    fn known_as(&self, name: &str) -> Option<Known> {
        self.known().into_iter().find(|known| known.name == name)
    }

    /// Opens a workspace that is there.
    async fn admit(&self, name: &str) {
        let room = match self.0.options.workspaces.open(name).await {
            Ok(engine) => {
                let card = engine.card();
                if self.is_closed(name, &card) {
                    Room::Closed(engine, card.instance)
                } else {
                    engine.start_followers();
                    Room::Open(Box::new(self.furnish(engine)))
                }
            }
            Err(error) => {
                tracing::error!(workspace = name, %error, "a workspace cannot be opened");
                Room::Failed(error.to_string(), Instant::now())
            }
        };
        self.put(name, room);
    }

    /// Closes a workspace: its streams end, its followers stop, what was accepted is written.
    async fn shut(&self, name: &str) {
        let room = self.0.rooms.write().unwrap_or_else(std::sync::PoisonError::into_inner).remove(name);
        if let Some(room) = room {
            leave(room).await;
        }
    }

    fn begin(&self, name: &str) -> Result<(), Error> {
        let mut works = self.0.works.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if matches!(works.get(name), Some(Work::Busy)) {
            return Err(busy());
        }
        works.insert(name.to_owned(), Work::Busy);
        Ok(())
    }

    fn end(&self, name: &str, result: Result<(), Error>) {
        let mut works = self.0.works.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        match result {
            Ok(()) => works.remove(name),
            Err(error) => {
                tracing::error!(workspace = name, %error, "a workspace could not be made");
                works.insert(name.to_owned(), Work::Failed(error.to_string()))
            }
        };
    }

    /// Makes a workspace. A plain one is there when this answers, with the token of a link by which its first administrator
    /// sets his password; a demo is filled first, and there when it is whole.
    pub(crate) async fn create(&self, wanted: NewWorkspace) -> Result<Option<String>, Error> {
        workspaces::check_name(&wanted.name)?;
        let title = workspaces::check_title(&wanted.title)?;
        let taken = || Error::invalid("name", "taken", "已有同名帐套", "there is a workspace of this name");
        if self.0.options.workspaces.is_taken(&wanted.name).await? {
            return Err(taken());
        }
        self.begin(&wanted.name)?;
        let card = CardChange { title: Some(title), listed: Some(wanted.listed), archived: None };
        let beginning = Beginning { card, demo: wanted.demo, password: None };
        if wanted.demo {
            let hub = self.clone();
            tokio::spawn(async move {
                let made = hub.build(&wanted.name, &beginning, false).await.map(|_| ());
                hub.end(&wanted.name, made);
            });
            return Ok(None);
        }
        // It goes on when nobody waits for the answer any more.
        let (hub, name) = (self.clone(), wanted.name.clone());
        let made = tokio::spawn(async move { hub.build(&name, &beginning, false).await }).await;
        let made = made.unwrap_or_else(|_| Err(busy()));
        self.0.works.lock().unwrap_or_else(std::sync::PoisonError::into_inner).remove(&wanted.name);
        made
    }

    /// Makes a demo anew. Everybody works on in the former one until the new one is whole.
    pub(crate) fn reset(&self, name: &str) -> Result<(), Error> {
        let card = self.engine(name).ok_or(Error::NotFound)?.card();
        if !card.demo {
            return Err(Error::conflict("not_a_demo", "只有演示帐套可以重置", "only a demo can be made anew"));
        }
        self.begin(name)?;
        let (hub, name) = (self.clone(), name.to_owned());
        tokio::spawn(async move {
            let card = CardChange { title: Some(card.title), listed: Some(card.listed), archived: None };
            let beginning = Beginning { card, demo: true, password: None };
            let made = hub.build(&name, &beginning, true).await.map(|_| ());
            hub.end(&name, made);
        });
        Ok(())
    }

    async fn build(&self, name: &str, beginning: &Beginning, replace: bool) -> Result<Option<String>, Error> {
        let workspaces = &self.0.options.workspaces;
        let (building, token) = workspaces.build(name, beginning).await?;
        if let Err(error) = self.place(&building, replace).await {
            workspaces.discard(&building).await;
            return Err(error);
        }
        Ok(token)
    }

    async fn place(&self, building: &Building, replace: bool) -> Result<(), Error> {
        let _changing = self.0.changing.lock().await;
        if replace {
            self.shut(&building.name).await;
        }
        let placed = self.0.options.workspaces.finish(building, replace).await;
        if placed.is_ok() || replace {
            self.admit(&building.name).await;
        }
        placed
    }

    /// Changes what a workspace is called, whether it is offered, whether it is open.
    pub(crate) async fn change(&self, name: &str, change: CardChange) -> Result<(), Error> {
        let Known { engine, .. } = self.known_as(name).ok_or(Error::NotFound)?;
        if change.archived == Some(true) && name == self.0.options.home {
            return Err(Error::conflict("home_workspace", "主帐套不能归档", "the home workspace cannot be archived"));
        }
        let title = change.title.as_deref().map(workspaces::check_title).transpose()?;
        let archives = change.archived.is_some();
        engine.change_card(&CardChange { title, ..change }).await?;
        if archives {
            let _changing = self.0.changing.lock().await;
            self.shut(name).await;
            self.admit(name).await;
        }
        Ok(())
    }

    /// A new link for the first administrator of a workspace in which nobody can sign in as one.
    pub(crate) async fn invite(&self, name: &str) -> Result<String, Error> {
        self.engine(name).ok_or(Error::NotFound)?.invite_administrator().await
    }

    /// Those that are offered to who has not signed in.
    pub(crate) fn listed(&self) -> Vec<(String, Card)> {
        let mut listed: Vec<(String, Card)> = self
            .known()
            .into_iter()
            .filter(|known| !known.closed)
            .map(|known| (known.name, known.engine.card()))
            .filter(|(_, card)| card.listed)
            .collect();
        listed.sort_by(|one, other| (&one.1.title, &one.0).cmp(&(&other.1.title, &other.0)));
        listed
    }

    /// Every workspace, as the server's administrator sees it.
    pub(crate) async fn describe(&self, address: impl Fn(&str) -> Option<String>) -> Vec<Value> {
        let mut items = Vec::new();
        for name in self.names() {
            items.push(self.item(&name, address(&name)).await);
        }
        items
    }

    fn names(&self) -> Vec<String> {
        let rooms = self.0.rooms.read().unwrap_or_else(std::sync::PoisonError::into_inner);
        let works = self.0.works.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let mut names: Vec<String> = rooms.keys().chain(works.keys()).cloned().collect();
        names.sort_by_key(|name| (*name != self.0.options.home, name.clone()));
        names.dedup();
        names
    }

    /// One workspace, as the server's administrator sees it: nothing of what is in it but how much.
    pub(crate) async fn item(&self, name: &str, address: Option<String>) -> Value {
        let known = self.known_as(name);
        let card = known.as_ref().map(|known| known.engine.card()).unwrap_or_default();
        let (mut state, mut problem) = match &known {
            Some(known) if known.closed => ("archived", None),
            Some(_) => ("open", None),
            None => ("failed", self.failure(name)),
        };
        match self.0.works.lock().unwrap_or_else(std::sync::PoisonError::into_inner).get(name) {
            Some(Work::Busy) => state = "busy",
            Some(Work::Failed(text)) => problem = Some(text.clone()),
            None => {}
        }
        let users = match &known {
            Some(known) => active_users(&known.engine).await.ok(),
            None => None,
        };
        json!({
            "name": name, "title": card.title, "home": name == self.0.options.home, "demo": card.demo,
            "archived": state == "archived", "listed": card.listed, "address": address, "created_at": card.created_at,
            "users": users, "bytes": self.0.options.workspaces.location(name).bytes().await.ok().filter(|_| known.is_some()),
            "state": state, "problem": problem,
        })
    }

    fn failure(&self, name: &str) -> Option<String> {
        match self.0.rooms.read().unwrap_or_else(std::sync::PoisonError::into_inner).get(name) {
            Some(Room::Failed(text, _)) => Some(text.clone()),
            _ => None,
        }
    }
}

async fn active_users(engine: &Engine) -> Result<Value, Error> {
    let request = json!({"filter": ["active", "=", true], "measures": [{"fn": "count"}]});
    let request: AggregateRequest = serde_json::from_value(request).map_err(|_| Error::NotFound)?;
    let rows = engine.aggregate(&Viewer::system("workspaces"), "user", &request).await?;
    Ok(rows.first().and_then(|row| row.get("count").cloned()).unwrap_or_default())
}

async fn leave(room: Room) {
    match room {
        Room::Open(open) => {
            let Open { app, .. } = *open;
            app.stop();
            app.engine.close().await;
        }
        Room::Closed(engine, _) => engine.close().await,
        Room::Failed(..) => {}
    }
}
