//! Whose the other end of a connection over the loopback interface is: proc_net_tcp(5).

use std::fmt::Write;
use std::io::{self, BufRead, BufReader, Read};
use std::net::{IpAddr, SocketAddr};

/// Of the table of all connections, so much is read at most.
const LONGEST: u64 = 64 << 20;
/// Columns of a row: own address, the other's, state, and the user some columns on.
const LOCAL: usize = 1;
const REMOTE: usize = 2;
const USER: usize = 7;

/// The user whose socket is at `theirs`, connected to `ours`; nothing where there is no such connection on
/// this machine.
///
/// # Errors
/// The table cannot be read.
pub fn owner_of(theirs: SocketAddr, ours: SocketAddr) -> io::Result<Option<u32>> {
    match (theirs, ours) {
        (SocketAddr::V4(_), SocketAddr::V4(_)) => match row_of("/proc/net/tcp", theirs, ours)? {
            // A socket of both families that is connected by the older one stands with the newer.
            None => row_of("/proc/net/tcp6", mapped(theirs), mapped(ours)),
            found => Ok(found),
        },
        _ => row_of("/proc/net/tcp6", theirs, ours),
    }
}

/// The same address as IPv6 has it (RFC 4291 §2.5.5.2).
fn mapped(address: SocketAddr) -> SocketAddr {
    let ip = match address.ip() {
        IpAddr::V4(v4) => v4.to_ipv6_mapped(),
        IpAddr::V6(v6) => v6,
    };
    SocketAddr::new(ip.into(), address.port())
}

fn row_of(table: &str, theirs: SocketAddr, ours: SocketAddr) -> io::Result<Option<u32>> {
    let (theirs, ours) = (written(theirs), written(ours));
    let table = match std::fs::File::open(table) {
        // A kernel without IPv6.
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        opened => BufReader::new(opened?.take(LONGEST)),
    };
    for row in table.lines() {
        let row = row?;
        let columns: Vec<&str> = row.split_ascii_whitespace().collect();
        if columns.get(LOCAL) == Some(&theirs.as_str()) && columns.get(REMOTE) == Some(&ours.as_str()) {
            return Ok(columns.get(USER).and_then(|user| user.parse().ok()));
        }
    }
    Ok(None)
}

/// An address as the table has it: words of the machine's order, in hexadecimal digits.
fn written(address: SocketAddr) -> String {
    let mut text = String::new();
    let mut word = |bytes: [u8; 4]| {
        let _ = write!(text, "{:08X}", u32::from_ne_bytes(bytes));
    };
    match address.ip() {
        IpAddr::V4(v4) => word(v4.octets()),
        IpAddr::V6(v6) => {
            for chunk in v6.octets().as_chunks::<4>().0 {
                word(*chunk);
            }
        }
    }
    let _ = write!(text, ":{:04X}", address.port());
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use rustix::process::getuid;
    use std::net::{TcpListener, TcpStream};

    #[test]
    fn a_client_of_both_families_is_its_users_as_well() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let ours = listener.local_addr().unwrap();
        let Ok(_client) = TcpStream::connect(mapped(ours)) else { return };
        let (_served, theirs) = listener.accept().unwrap();
        assert_eq!(owner_of(theirs, ours).unwrap(), Some(getuid().as_raw()));
    }

    #[test]
    fn a_connection_from_this_machine_is_its_users() {
        for host in ["127.0.0.1:0", "[::1]:0"] {
            let Ok(listener) = TcpListener::bind(host) else { continue };
            let ours = listener.local_addr().unwrap();
            let client = TcpStream::connect(ours).unwrap();
            let (_served, theirs) = listener.accept().unwrap();
            assert_eq!(theirs, client.local_addr().unwrap());
            assert_eq!(owner_of(theirs, ours).unwrap(), Some(getuid().as_raw()));
            assert_eq!(owner_of(ours, theirs).unwrap(), Some(getuid().as_raw()), "our end is ours as well");
            let nobody = SocketAddr::new(theirs.ip(), 1);
            assert_eq!(owner_of(nobody, ours).unwrap(), None);
        }
    }
}
