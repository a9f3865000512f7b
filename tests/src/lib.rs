//! What the tests stand on: the real programs, real servers that others wrote, a real keychain, a real
//! browser, and one hostile server. Every fixture ends what it started when it is dropped, and when the test
//! is killed.
//!
//! Nothing here waits for time to pass: [`until`] polls for a condition and gives up at a deadline. The one
//! exception is whoever types: they have read what they answer.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a fixture that cannot stand up fails its test")]

mod agent;
pub mod attacker;
pub mod audit;
mod bare;
mod browser;
mod coded;
mod company;
pub mod container;
mod curl;
mod cut;
pub mod desk;
mod desktop;
pub mod emulation;
mod etcd;
pub mod far;
pub mod fleet;
mod flood;
mod folder;
pub mod foreign;
pub mod front;
mod heavy;
mod home;
mod instructions;
mod internet;
mod keyboard;
mod keychain;
pub mod keyed;
pub mod killed;
mod listening;
pub mod locking;
mod logind;
mod made_up;
mod memory;
pub mod moved;
mod node;
mod packer;
pub mod planted;
mod process;
mod programs;
pub mod proposals;
mod rogue;
mod screen;
mod signer;
mod socket;
pub mod stdio;
pub mod still;
pub mod stored;
pub mod stuck;
mod terminal;
pub mod tools;
mod until;
mod valet;
pub mod vscode;
pub mod ways;
pub mod web;
pub mod who;
pub mod wire;
mod world;

pub use agent::{Agent, this_program};
pub use bare::{BareClient, text};
pub use browser::Browser;
pub use coded::Coding;
pub use company::Company;
pub use curl::{HttpResponse, curl};
pub use cut::Network;
pub use desktop::{Desktop, Display, Look, free_port};
pub use etcd::Etcd;
pub use flood::Flood;
pub use folder::files_in;
pub use heavy::{dose, figure};
pub use home::{CommandOutput, Home};
pub use instructions::{can_count, instructions};
pub use internet::Internet;
pub use keyboard::{Editor, Key};
pub use keychain::Keychain;
pub use listening::listening_ports;
pub use logind::{Forged, Locker, Logind};
pub use made_up::MadeUp;
pub use memory::copies_in_memory;
pub use node::{
    DpopServer, ExampleServer, McpServer, OidcProvider, Relay, SessionServer, StdioClient, TokenFormat,
    client_on_socket, older_client_on_socket, stdio_server,
};
pub use packer::{Packer, well};
pub use process::Process;
pub use programs::{Demo, openssl, program};
pub use rogue::{Feed, Gate, Recorded, Reply, Rogue, Streams};
pub use screen::{Area, Picture, Screen};
pub use signer::{Signer, seconds_from_now};
pub use socket::{Crowd, RawClient};
pub use terminal::Terminal;
pub use until::{until, until_within};
pub use valet::{Valet, children, memory_of};
pub use world::World;
