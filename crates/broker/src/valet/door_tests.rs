use super::*;
use provider::{Answered, Client, Proof, RedirectUri};

const NOW: i64 = 1_000;

fn open(config: &str) -> Open {
    Open::new(serde_json::from_str(config).unwrap())
}

fn here() -> Open {
    open(r#"{"listen": "127.0.0.1:8790"}"#)
}

fn waiting(number: u64, client: &str) -> Arc<Waiting> {
    let redirect = RedirectUri::parse("http://127.0.0.1:1/cb").unwrap();
    let client = Client {
        id: client.to_owned(),
        name: "A client".to_owned(),
        host: None,
        redirect_uris: vec![redirect.clone()],
        proof: Proof::Public,
        usual_scopes: Scopes::of(&[SCOPE]),
        refreshes: true,
        since: NOW,
        management: None,
    };
    let asked = Asked {
        client: Arc::new(client),
        redirect,
        state: None,
        challenge: String::new(),
        resource: "http://127.0.0.1:8790/mcp/a".to_owned(),
        scopes: Scopes::of(&[SCOPE]),
    };
    let meant = Meant { name: "a".to_owned(), id: "1".to_owned() };
    let web = Web::new(number, Timestamp::UNIX_EPOCH, meant, &asked, true);
    Arc::new(Waiting { asked, web, stage: watch::Sender::new(Stage::Asking) })
}

/// What a browser sends that was shown this.
fn sent(shown: &Shown) -> http::HeaderMap {
    let pair = shown.cookie.split(';').next().unwrap();
    [(http::header::COOKIE, pair.parse().unwrap())].into_iter().collect()
}

#[test]
fn a_yes_whose_browser_does_not_come_back_leaves_room_for_others() {
    let mut open = here();
    let all: Vec<_> = (0..8).map(|number| waiting(number, &number.to_string())).collect();
    let shown: Vec<_> = all.iter().map(|waiting| open.expect(waiting, NOW)).collect();
    assert!(!open.has_room("another", 0));
    open.withdraw(&all[0].web);
    assert!(open.has_room("another", 0) && *all[0].web.over().borrow());
    assert!(matches!(open.waiting.answer(&shown[0].csrf, &sent(&shown[0]), NOW), Answered::Over));
    // Who has the code is let in, whenever that is looked at.
    assert!(open.code(&all[1], NOW).is_some());
    open.withdraw(&all[1].web);
    assert!(all[1].web.is_in() && !*all[1].web.over().borrow());
}

#[test]
fn requests_that_were_refused_push_out_none_that_waits() {
    let mut open = here();
    let first = waiting(0, "first");
    let shown = open.expect(&first, NOW);
    for number in 1..100 {
        let other = waiting(number, "other");
        open.expect(&other, NOW);
        open.dismiss(&other.web);
    }
    assert!(open.waiting.look(&shown.csrf, &sent(&shown), NOW).is_some());
}

#[test]
fn one_client_does_not_take_all_the_room() {
    let mut open = here();
    for number in 0..3 {
        assert!(open.has_room("one", 0));
        open.expect(&waiting(number, "one"), NOW);
    }
    assert!(!open.has_room("one", 0) && open.has_room("another", 0));
}

#[test]
fn by_an_address_from_outside_loopback_is_no_place_of_this_machine() {
    let loopback = RedirectUri::parse("http://127.0.0.1:1/cb").unwrap();
    let outside = r#"{"listen": "127.0.0.1:8790", "externalUrl": "https://valet.example.com"}"#;
    assert!(here().profile.redirects.admit(&loopback));
    assert!(!open(outside).profile.redirects.admit(&loopback));
}
