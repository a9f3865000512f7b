//! How the files of other programs lead to the valet: planned in their own text, so that everything else
//! stays byte for byte, and put in place.
//!
//! Nothing here goes online or knows a secret. Which servers there are it is told, and whether the person
//! agrees is asked elsewhere.

mod entry;
mod item;
mod job;
mod json;
mod place;
mod plan;
mod record;
mod shown;
mod splice;
mod table;
mod toml;
mod trouble;
mod yaml;
mod yaml_tree;

pub use job::{
    Change, Job, Left, Scene, Standing, Wanted, carry_out, job, program, shown_path, standing, still_stands,
};
pub use place::{Found, look, mark, put, take_away};
pub use plan::{Led, Plan, Server, led, plan, to_paste, without};
pub use record::Records;
pub use shown::Lines;
pub use splice::{Splice, made, undone};
pub use table::{Spot, is_here, spots};
pub use trouble::Trouble;
