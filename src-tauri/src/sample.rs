//! What a view is without anything in it, for tests to fill.

use broker::wire::{
    AccessLevel, AttemptState, ConsentState, CredentialKind, Form, GrantState, Server, ServerState, VaultKind,
};
use broker::{About, AgentsPolicy, Choice, Lasts, LockPolicy, Places, Question, View, Wish};

/// A server in this state, with nothing else known of it.
pub(crate) fn server(name: &str, state: ServerState) -> Server {
    Server {
        look_alike: None,
        name: name.to_owned(),
        url: format!("https://{name}.example/mcp"),
        state,
        grant: GrantState::None,
        attempt: AttemptState::None,
        declined: false,
        declined_for_good: false,
        consent: ConsentState::None,
        agents: Vec::new(),
        account: None,
        folders: Vec::new(),
        issuer: None,
        client_id: None,
        issuers: Vec::new(),
        resource: None,
        other_resource: None,
        redirect_uri: None,
        own_redirect_uri: None,
        client_page: None,
        device: None,
        scopes_wanted: Vec::new(),
        scopes_configured: None,
        scopes_granted: Vec::new(),
        expires_at: None,
        renews: false,
        unattended: false,
        last_used: None,
        added_by: None,
        credential: CredentialKind::SignIn,
        keys: Vec::new(),
        headers: Vec::new(),
        program: None,
        key_page: None,
        offers_sign_in: false,
        problem: None,
    }
}

/// These servers and nothing else.
pub(crate) fn view(servers: Vec<Server>) -> View {
    View {
        servers,
        wanted: Vec::new(),
        programs: Vec::new(),
        forwards: Vec::new(),
        web_clients: Vec::new(),
        asleep: Vec::new(),
        answers: Vec::new(),
        questions: Vec::new(),
        more_questions: 0,
        vault: VaultKind::Keychain,
        agents: AgentsPolicy::Ask,
        rules: broker::wire::ClassRules::EVERYTHING,
        start_at_login: None,
        icon_shown: None,
        places: Places::default(),
        lock: LockPolicy::default(),
        activity: 0,
        locked: None,
        locked_by: None,
        wanted_while_locked: None,
        trouble: None,
        vault_notices: Vec::new(),
        notices: Vec::new(),
        deeds: Vec::new(),
        revoked_all: None,
    }
}

fn wish(server: &str) -> Wish {
    let (server, host, form) = (server.to_owned(), "mcp.example".to_owned(), Form::Token);
    Wish {
        server,
        host,
        account: None,
        folder: None,
        resource: None,
        form,
        scopes: None,
        lives: None,
        before: None,
    }
}

/// A question of this agent about this server.
pub(crate) fn question(id: u64, agent: &str, server: &str) -> Question {
    let about = About::Use {
        agent: agent.to_owned(),
        icon: None,
        executable: "/usr/bin/agent".to_owned(),
        by: None,
        servers: vec![wish(server)],
        longest: Lasts::Always,
        suggested: Choice { reach: AccessLevel::Everything, lasts: Lasts::ForNow },
    };
    Question { id, about }
}
