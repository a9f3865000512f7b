//! How the files of other programs lead to the valet: planned in their own text, so that everything else
//! stays byte for byte, and put in place.
//!
//! Nothing here goes online, and no secret is kept or shown: where one was there is a hole. Which servers
//! there are it is told, and whether the person agrees is asked elsewhere.

mod carry;
mod check;
mod entry;
mod escapes;
#[cfg(any(test, feature = "fuzz"))]
pub mod fuzz;
mod hole;
mod item;
mod job;
mod json;
mod lost;
mod moves;
mod origin;
mod outline;
mod place;
mod plan;
mod record;
mod shown;
mod splice;
mod table;
mod taken_over;
mod toml;
mod trouble;
mod yaml;
mod yaml_tree;

pub use carry::{carry_out, follow, still_stands};
pub use escapes::Escapes;
pub use hole::{Hole, Spelling, can_have_holes};
pub use job::{Aim, Change, Job, Left, Scene, Standing, Wanted, job, program, shown_path, standing};
pub use lost::{Lost, forget};
pub use origin::{Origin, Placed};
pub use place::{Found, look, mark, put, take_away};
pub use plan::{At, Led, Plan, Server, led, plan, to_paste, without};
pub use record::Records;
pub use shown::Lines;
pub use splice::{Splice, made, undone};
pub use table::{Spot, is_here, lists, spots};
pub use taken_over::{Moved, Taken, TakenOver, take_over};
pub use trouble::Trouble;
