//! What the valet costs beside its peers, as one table: `make bench` writes it to `docs/measured/speed.md`.
//!
//! Absolute times say more about the machine than about the program. So whatever is compared runs in the
//! same minutes: each round measures all of a row, one after the other, and a ratio is one of medians of the
//! rounds. Names of rows, or parts of names, as arguments leave the others out.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a program for developers, which may stop at the first surprise"
)]

mod command_line;
mod growth;
mod hand_out;
mod memory;
mod peers;
mod refresh;
mod socket;
mod start;
#[path = "../shared/table.rs"]
#[expect(dead_code, reason = "one table for several programs")]
mod table;

use table::Table;

fn main() {
    let mut table = Table::new("Speed");
    hand_out::measure(&mut table);
    command_line::measure(&mut table);
    start::measure(&mut table);
    memory::measure(&mut table);
    refresh::measure(&mut table);
    growth::measure(&mut table);
    table.keep("speed.md");
}
