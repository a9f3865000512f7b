//! Listeners: one for each host, port and certificate in use, open while a sign-in may come back to it.

use super::endpoint::{Endpoint, ListenerKey, Port, Wanted};
use super::{receive, tls};
use crate::config::RedirectHost;
use crate::outcome;
use crate::valet::Valet;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use std::collections::HashMap;
use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::{Arc, Weak};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Mutex, Semaphore};
use tokio::task::JoinHandle;
use tokio::time::Instant;
use tokio_rustls::TlsAcceptor;
use wire::Problem;

/// How long a listener stays after a sign-in was begun there: longer than a sign-in is waited for, so that one that comes too
/// late is told so.
const LINGER: Duration = Duration::from_mins(30);
/// How long a browser may take to shake hands and to ask.
const PATIENCE: Duration = Duration::from_secs(10);
/// How many browsers may be connected to one listener at a time.
const CONNECTIONS: usize = 64;
const MAX_HEAD: usize = 16 << 10;
/// How often another free port is tried, when the one found for IPv4 is taken for IPv6.
const TRIES: usize = 8;

/// The listeners that are open.
#[derive(Default)]
pub(crate) struct Callbacks {
    open: Mutex<HashMap<ListenerKey, Listener>>,
}

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

impl Callbacks {
    /// Opens the listener that `wanted` needs, or shares one that is open.
    pub(crate) async fn open(&self, valet: &Arc<Valet>, wanted: &Wanted) -> Result<Endpoint, Problem> {
        let mut open = self.open.lock().await;
        let shared = open.iter_mut().find(|(key, listener)| fits(key, listener, wanted));
        if let Some((key, listener)) = shared {
            listener.used = Instant::now();
            let endpoint = Endpoint { listener: key.clone(), ..wanted.at(key.port) };
            valet.book().expect_at(&endpoint);
            return Ok(endpoint);
        }
        let acceptor = match &wanted.tls {
            Some(tls) => Some(tls::acceptor(valet, tls).await?),
            None => None,
        };
        let (sockets, port) = bind(wanted).map_err(|error| cannot_listen(wanted, &error))?;
        let endpoint = wanted.at(port);
        valet.book().expect_at(&endpoint);
        let key = endpoint.listener.clone();
        let mut tasks: Vec<JoinHandle<()>> = Vec::new();
        for socket in sockets {
            let door = Door { valet: Arc::downgrade(valet), key: key.clone(), acceptor: acceptor.clone() };
            tasks.push(valet.runtime.spawn(accept(socket, door)));
        }
        tasks.push(valet.runtime.spawn(close_when_idle(Arc::downgrade(valet), key.clone())));
        open.insert(key, Listener { any_port: wanted.port == Port::Any, used: Instant::now(), tasks });
        Ok(endpoint)
    }
}

fn fits(key: &ListenerKey, listener: &Listener, wanted: &Wanted) -> bool {
    let port_fits = match wanted.port {
        Port::Exactly(port) => key.port == port,
        Port::Any => listener.any_port,
    };
    // Who listens at `localhost` listens at `127.0.0.1`.
    let host_fits = key.host == wanted.host || key.host == RedirectHost::Localhost;
    port_fits && host_fits && key.tls == wanted.tls
}

fn bind(wanted: &Wanted) -> io::Result<(Vec<TcpListener>, u16)> {
    match wanted.port {
        Port::Exactly(port) => bind_at(wanted.host, port),
        Port::Any => bind_any(wanted.host),
    }
}

fn bind_any(host: RedirectHost) -> io::Result<(Vec<TcpListener>, u16)> {
    let mut last = io::Error::other("no port is free");
    for _ in 0..TRIES {
        match bind_at(host, 0) {
            Ok(bound) => return Ok(bound),
            Err(error) => last = error,
        }
    }
    Err(last)
}

/// `127.0.0.1` listens there only. `localhost` may mean either family to a browser, so it listens in both, on one port; on a
/// machine without IPv6 in one.
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
    let socket = std::net::TcpListener::bind(address)?;
    socket.set_nonblocking(true)?;
    TcpListener::from_std(socket)
}

fn cannot_listen(wanted: &Wanted, error: &io::Error) -> Problem {
    match wanted.port {
        Port::Exactly(port) if error.kind() == io::ErrorKind::AddrInUse => outcome::failed(
            "port_in_use",
            format!("port {port}, to which the browser would come back, is used by another program"),
            format!(
                "End that program (`ss -ltnp 'sport = :{port}'` names it), or set another `oauth.callbackPort`."
            ),
        ),
        Port::Exactly(_) | Port::Any => outcome::failed(
            "cannot_listen",
            format!("no port could be opened for the browser to come back to ({error})"),
            "Check that programs may listen on this machine, or set another `oauth.callbackPort`.",
        ),
    }
}

/// What a connection needs to know.
#[derive(Clone)]
struct Door {
    valet: Weak<Valet>,
    key: ListenerKey,
    acceptor: Option<TlsAcceptor>,
}

async fn accept(socket: TcpListener, door: Door) {
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    loop {
        let Ok(place) = Arc::clone(&places).acquire_owned().await else { return };
        let Ok((stream, _)) = socket.accept().await else {
            tokio::time::sleep(Duration::from_millis(100)).await;
            continue;
        };
        let door = door.clone();
        tokio::spawn(async move {
            let _place = place;
            shake_hands(stream, door).await;
        });
    }
}

async fn shake_hands(stream: TcpStream, door: Door) {
    let Some(acceptor) = door.acceptor.clone() else { return serve(stream, door).await };
    if let Ok(Ok(stream)) = tokio::time::timeout(PATIENCE, acceptor.accept(stream)).await {
        serve(stream, door).await;
    }
}

/// One request a connection. The task outlives its listener, so that an answer is always sent whole.
async fn serve(stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static, door: Door) {
    let Some(valet) = door.valet.upgrade() else { return };
    let service = service_fn(move |request| {
        let (valet, key) = (Arc::clone(&valet), door.key.clone());
        async move { Ok::<_, std::convert::Infallible>(receive::answer(&valet, &key, request).await) }
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

async fn close_when_idle(valet: Weak<Valet>, key: ListenerKey) {
    let mut until = Instant::now() + LINGER;
    loop {
        tokio::time::sleep_until(until).await;
        let Some(valet) = valet.upgrade() else { return };
        let mut open = valet.callbacks.open.lock().await;
        let Some(listener) = open.get(&key) else { return };
        until = listener.used + LINGER;
        if until <= Instant::now() {
            open.remove(&key);
            return;
        }
    }
}
