//! Who is asking.

use guanxi_model::Lang;
use uuid::Uuid;

/// By which door a request came; it stands in the change log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Via {
    /// The page.
    Page,
    /// A program with a token.
    Api,
    /// A calendar program.
    Calendar,
    /// An import.
    Import,
    /// A rule or a follower.
    Rule,
    /// The command line or the platform itself.
    System,
}

impl Via {
    /// The word in the change log.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Page => "page",
            Self::Api => "api",
            Self::Calendar => "calendar",
            Self::Import => "import",
            Self::Rule => "rule",
            Self::System => "system",
        }
    }
}

/// Who is asking: a user with his roles and departments, or the system for a stated reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Viewer {
    /// The user; nobody for the system.
    pub id: Option<Uuid>,
    /// His name.
    pub name: String,
    /// His login.
    pub login: String,
    /// Names of his roles.
    pub roles: Vec<String>,
    /// His departments, the primary one first.
    pub departments: Vec<Uuid>,
    /// By which door.
    pub via: Via,
    /// The language of messages.
    pub lang: Lang,
    /// The address he comes from, where that is known.
    pub address: Option<String>,
    /// The claim on an idempotency key that his request holds; what it writes notes itself there.
    pub claim: Option<Uuid>,
    /// Does he come with a token that can do less than he himself, or only for a time?
    pub restricted: bool,
    system: bool,
}

impl Viewer {
    /// A signed-in user.
    pub fn user(id: Uuid, login: &str, name: &str, roles: Vec<String>, departments: Vec<Uuid>, via: Via) -> Self {
        Self {
            id: Some(id),
            name: name.to_owned(),
            login: login.to_owned(),
            roles,
            departments,
            via,
            lang: Lang::Zh,
            address: None,
            claim: None,
            restricted: false,
            system: false,
        }
    }

    /// The system itself, allowed everything. The reason is what the log will say.
    pub fn system(reason: &str) -> Self {
        Self {
            id: None,
            name: reason.to_owned(),
            login: String::new(),
            roles: Vec::new(),
            departments: Vec::new(),
            via: Via::System,
            lang: Lang::Zh,
            address: None,
            claim: None,
            restricted: false,
            system: true,
        }
    }

    /// The same viewer coming by another door.
    #[must_use]
    pub fn through(mut self, via: Via) -> Self {
        self.via = via;
        self
    }

    /// The system acting on behalf of a user, whose name then stands in the log.
    #[must_use]
    pub fn on_behalf_of(mut self, user: Option<Uuid>) -> Self {
        self.id = user;
        self
    }

    /// The same viewer reading messages in this language.
    #[must_use]
    pub fn speaking(mut self, lang: Lang) -> Self {
        self.lang = lang;
        self
    }

    /// The same viewer coming from an address.
    #[must_use]
    pub fn from_address(mut self, address: Option<String>) -> Self {
        self.address = address;
        self
    }

    /// The same viewer in a request that holds a claim.
    #[must_use]
    pub fn claiming(mut self, claim: Option<Uuid>) -> Self {
        self.claim = claim;
        self
    }

    /// Is it the system?
    pub fn is_system(&self) -> bool {
        self.system
    }

    /// The primary department.
    pub fn department(&self) -> Option<Uuid> {
        self.departments.first().copied()
    }
}
