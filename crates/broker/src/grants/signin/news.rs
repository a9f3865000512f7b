//! What whoever waits for a sign-in in the browser should know meanwhile.

use crate::valet::Valet;
use config::redirect::ListenerKey;
use problems::Untaken;
use state::attempt::Attempt;
use state::server::Server;
use state::waiting::Waiting;
use wire::Problem;

/// Nobody has come back for a while: says what helps where the page shows an error, if anything is known to.
pub(super) fn not_back_yet(valet: &Valet, name: &str, number: u64) {
    let helps = |server: &Server, waiting: &Waiting| {
        let first = waiting.back.number == number && waiting.news.is_none();
        first.then(|| remedy(valet, server, waiting)).flatten()
    };
    valet.change(|book| {
        let Some(server) = book.servers.get_mut(name) else { return };
        let news = server.attempt.waiting().and_then(|waiting| helps(server, waiting));
        if let (Attempt::Waiting(waiting), Some(news)) = (&mut server.attempt, news) {
            waiting.news = Some(news);
        }
    });
}

/// What came to an address where sign-ins wait, and was not taken: whoever waits there is told, and goes on
/// waiting. It may be anybody's doing, so that nothing of its own is said.
pub(crate) fn not_taken(valet: &Valet, key: &ListenerKey, path: &str, what: Untaken) {
    let told = {
        let mut book = valet.book();
        let tell = |server: &mut Server| {
            let Attempt::Waiting(waiting) = &mut server.attempt else { return false };
            let news = Some(problems::callback_refused(&server.name, what));
            let is_there = waiting.endpoint.listener == *key && waiting.endpoint.path == path;
            let is_new = is_there && waiting.news != news;
            if is_new {
                waiting.news = news;
            }
            is_new
        };
        book.servers.values_mut().map(tell).filter(|told| *told).count()
    };
    if told > 0 {
        valet.publish();
    }
}

/// The page may have shown that the issuer does not know our client: one that was registered is registered
/// anew by whoever starts again, and one made by hand is the person's to look at.
fn remedy(valet: &Valet, server: &Server, waiting: &Waiting) -> Option<Problem> {
    let back = &waiting.back;
    if server.config.oauth.client_id.is_some() {
        return Some(problems::not_back_from_own_client(&server.name, waiting.pending.redirect_uri()));
    }
    let registered = server.registered_at.contains(&back.parts.issuer);
    let anew = registered && valet.sign_ins.could_forget(&back.ways.issuer, &back.by, valet.clock.now());
    anew.then(|| problems::not_back_yet(&server.name))
}
