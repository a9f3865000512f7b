//! Listeners: one for each host, port and certificate in use, open while a sign-in may come back to it.

use super::{receive, tls};
use crate::valet::Valet;
use crate::valet::come_back::ComeBack;
use config::RedirectHost;
use config::redirect::{ListenerKey, Port, RedirectEndpoint, WantedRedirect};
use futures_util::future::BoxFuture;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use seats::{Seat, Seats};
use state::server::Server;
use std::collections::HashMap;
use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::{Arc, Weak};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::Mutex;
use tokio::task::JoinHandle;
use tokio::time::Instant;
use tokio_rustls::TlsAcceptor;
use wire::{Problem, Reason};
use words::say;

/// How long a listener stays after the last sign-in that would come back there, so that one that comes too
/// late is told so.
const LINGER: Duration = Duration::from_mins(5);
/// How often it is looked whether one is still waited for.
const LOOK: Duration = Duration::from_secs(15);
/// How long a listener counts as waited at because it was asked for: the sign-in is being prepared.
const PREPARING: Duration = Duration::from_mins(1);
/// Listeners at a time.
const LISTENERS: usize = 16;
/// Listeners at a time at which nothing is waited for any more.
const LINGERING: usize = 4;
/// How long a browser may take to shake hands and to ask.
const PATIENCE: Duration = Duration::from_secs(10);
/// Connections of browsers at a time, to all listeners. Whoever has said nothing for longest makes room for
/// the next.
const CONNECTIONS: usize = 256;
/// Connections that wait to be accepted. What is more is tried again by the browser's side, a second later.
const BACKLOG: u32 = 1024;
const MAX_HEAD: usize = 16 << 10;
/// How often another free port is tried, when the one found for IPv4 is taken for IPv6.
const TRIES: usize = 8;

/// The listeners that are open.
pub(crate) struct Callbacks {
    open: Arc<Mutex<Open>>,
    seats: Arc<Seats>,
}

impl Default for Callbacks {
    fn default() -> Self {
        Self { open: Arc::default(), seats: Seats::of_one_room(CONNECTIONS) }
    }
}

type Open = HashMap<ListenerKey, Listener>;

struct Listener {
    /// Whether the port was ours to choose: then others who want any port share it.
    any_port: bool,
    used: Instant,
    tasks: Vec<JoinHandle<()>>,
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.tasks.iter().for_each(JoinHandle::abort);
    }
}

impl ComeBack for Callbacks {
    fn open<'a>(
        &'a self,
        valet: &'a Arc<Valet>,
        wanted: &'a WantedRedirect,
    ) -> BoxFuture<'a, Result<RedirectEndpoint, Problem>> {
        Box::pin(self.listen(valet, wanted))
    }
}

impl Callbacks {
    async fn listen(&self, valet: &Arc<Valet>, wanted: &WantedRedirect) -> Result<RedirectEndpoint, Problem> {
        let mut open = self.open.lock().await;
        let shared = open.iter_mut().find(|(key, listener)| fits(key, listener, wanted));
        if let Some((key, listener)) = shared {
            listener.used = Instant::now();
            let endpoint = RedirectEndpoint { listener: key.clone(), ..wanted.at(key.port) };
            valet.book().expect_at(&endpoint);
            return Ok(endpoint);
        }
        let acceptor = match &wanted.tls {
            Some(tls) => Some(tls::acceptor(valet, tls).await?),
            None => None,
        };
        make_room(&mut open, |key| is_awaited(valet, key))?;
        let (sockets, port) = bind(wanted).map_err(|error| cannot_listen(wanted, &error))?;
        let endpoint = wanted.at(port);
        valet.book().expect_at(&endpoint);
        let key = endpoint.listener.clone();
        let mut tasks: Vec<JoinHandle<()>> = Vec::new();
        for socket in sockets {
            let door = Door {
                valet: Arc::downgrade(valet),
                key: key.clone(),
                acceptor: acceptor.clone(),
                seats: Arc::clone(&self.seats),
            };
            tasks.push(valet.runtime.spawn(accept(socket, door)));
        }
        tasks.push(valet.runtime.spawn(close_when_idle(
            Arc::downgrade(valet),
            Arc::downgrade(&self.open),
            key.clone(),
        )));
        open.insert(key, Listener { any_port: wanted.port == Port::Any, used: Instant::now(), tasks });
        Ok(endpoint)
    }
}

/// Whether a sign-in that is under way comes back to this listener.
fn is_awaited(valet: &Valet, key: &ListenerKey) -> bool {
    let awaited = |server: &Server| server.attempt.waiting().is_some_and(|one| one.endpoint.listener == *key);
    valet.book().servers.values().any(awaited)
}

/// Closes what only lingers, oldest first, as far as there is more of it than may be.
fn make_room(
    open: &mut HashMap<ListenerKey, Listener>,
    is_awaited: impl Fn(&ListenerKey) -> bool,
) -> Result<(), Problem> {
    let mut lingering: Vec<(Instant, ListenerKey)> = open
        .iter()
        .filter(|(key, listener)| listener.used.elapsed() >= PREPARING && !is_awaited(key))
        .map(|(key, listener)| (listener.used, key.clone()))
        .collect();
    lingering.sort_by_key(|(used, _)| *used);
    let spare = lingering.len().saturating_sub(LINGERING - 1);
    let needed = (open.len() + 1).saturating_sub(LISTENERS);
    for (_, key) in lingering.into_iter().take(spare.max(needed)) {
        open.remove(&key);
    }
    if open.len() < LISTENERS { Ok(()) } else { Err(problems::too_many_listening(LISTENERS)) }
}

fn fits(key: &ListenerKey, listener: &Listener, wanted: &WantedRedirect) -> bool {
    let port_fits = match wanted.port {
        Port::Exactly(port) => key.port == port,
        Port::Any => listener.any_port,
    };
    // Who listens at `localhost` listens at `127.0.0.1`.
    let host_fits = key.host == wanted.host || key.host == RedirectHost::Localhost;
    port_fits && host_fits && key.tls == wanted.tls
}

fn bind(wanted: &WantedRedirect) -> io::Result<(Vec<TcpListener>, u16)> {
    match wanted.port {
        Port::Exactly(port) => bind_at(wanted.host, port),
        Port::Any => bind_any(wanted.host),
    }
}

fn bind_any(host: RedirectHost) -> io::Result<(Vec<TcpListener>, u16)> {
    let mut last = io::Error::other(say!(problem_no_port));
    for _ in 0..TRIES {
        match bind_at(host, 0) {
            Ok(bound) => return Ok(bound),
            Err(error) => last = error,
        }
    }
    Err(last)
}

/// `127.0.0.1` listens there only. `localhost` may mean either family to a browser, so it listens in both, on
/// one port; on a machine without IPv6 in one.
fn bind_at(host: RedirectHost, port: u16) -> io::Result<(Vec<TcpListener>, u16)> {
    let v4 = listen((Ipv4Addr::LOCALHOST, port).into())?;
    let port = v4.local_addr()?.port();
    if host == RedirectHost::Ipv4 {
        return Ok((vec![v4], port));
    }
    match listen((Ipv6Addr::LOCALHOST, port).into()) {
        Ok(v6) => Ok((vec![v4, v6], port)),
        Err(error) if error.kind() == io::ErrorKind::AddrInUse => Err(error),
        Err(_) => Ok((vec![v4], port)),
    }
}

fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

fn cannot_listen(wanted: &WantedRedirect, error: &io::Error) -> Problem {
    match wanted.port {
        Port::Exactly(port) if error.kind() == io::ErrorKind::AddrInUse => problems::failed(
            Reason::PortInUse,
            say!(problem_port_used, port = port.to_string()),
            say!(
                problem_port_used_advice,
                command = plain::command("ss -ltnp", &[&format!("sport = :{port}")])
            ),
        ),
        Port::Exactly(_) | Port::Any => problems::failed(
            Reason::CannotListen,
            say!(problem_no_port_opened, error = error.to_string()),
            say!(problem_no_port_opened_advice),
        ),
    }
}

/// What a connection needs to know.
#[derive(Clone)]
struct Door {
    valet: Weak<Valet>,
    key: ListenerKey,
    acceptor: Option<TlsAcceptor>,
    seats: Arc<Seats>,
}

async fn accept(socket: TcpListener, door: Door) {
    loop {
        door.seats.vacancy().await;
        let Ok((stream, _)) = socket.accept().await else {
            // Out of file descriptors: somebody has to give one back.
            door.seats.give_up_one();
            tokio::time::sleep(Duration::from_millis(20)).await;
            continue;
        };
        let (door, taking) = (door.clone(), door.seats.take());
        tokio::spawn(async move {
            tokio::select! {
                () = shake_hands(stream, door, &taking.0) => {}
                _ = taking.0.asked_to_end(None) => {}
            }
        });
    }
}

async fn shake_hands(stream: TcpStream, door: Door, seat: &Arc<Seat>) {
    let Some(acceptor) = door.acceptor.clone() else { return serve(stream, door, seat).await };
    if let Ok(Ok(stream)) = tokio::time::timeout(PATIENCE, acceptor.accept(stream)).await {
        serve(stream, door, seat).await;
    }
}

/// One request a connection. The task outlives its listener, so that an answer is always sent whole.
async fn serve(stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static, door: Door, seat: &Arc<Seat>) {
    let Some(valet) = door.valet.upgrade() else { return };
    let service = service_fn(move |request| {
        let (valet, key, seat) = (Arc::clone(&valet), door.key.clone(), Arc::clone(seat));
        async move { Ok::<_, std::convert::Infallible>(receive::answer(&valet, &key, &seat, request).await) }
    });
    let served = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(PATIENCE)
        .max_buf_size(MAX_HEAD)
        .keep_alive(false)
        .serve_connection(TokioIo::new(stream), service)
        .await;
    if let Err(error) = served {
        tracing::debug!(%error, "a connection to the callback server broke off");
    }
}

async fn close_when_idle(valet: Weak<Valet>, open: Weak<Mutex<Open>>, key: ListenerKey) {
    loop {
        tokio::time::sleep(LOOK).await;
        let (Some(valet), Some(open)) = (valet.upgrade(), open.upgrade()) else { return };
        let mut open = open.lock().await;
        let Some(listener) = open.get_mut(&key) else { return };
        if is_awaited(&valet, &key) {
            listener.used = Instant::now();
        }
        if listener.used.elapsed() >= LINGER {
            open.remove(&key);
            return;
        }
    }
}
