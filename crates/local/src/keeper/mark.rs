//! The mark that a program and all that it starts have in their environment, however far they fork away: by
//! it they are found where the valet and a keeper were killed together.

use super::{group, tree};

/// The variable that it is in.
pub(crate) const MARK: &str = "MCP_VALET_PROGRAM";

/// By what the programs of one run of one valet are known.
#[derive(Debug, Clone)]
pub(crate) struct Mark {
    /// The same in each run of the valet.
    valet: String,
    run: String,
}

impl Mark {
    /// For one more run of the valet of this name, of which one runs at a time.
    pub(crate) fn of(valet: &str) -> Self {
        Self { valet: valet.to_owned(), run: format!("{:016x}", rand::random::<u64>()) }
    }

    /// For one program.
    pub(crate) fn of_program(&self) -> String {
        format!("{}-{}-{:032x}", self.valet, self.run, rand::random::<u128>())
    }

    /// Ends what an earlier run of the valet left behind.
    pub(crate) fn end_left_behind(&self) {
        group::end_left();
        let (ours, now) = (format!("{MARK}={}-", self.valet), format!("{MARK}={}-{}-", self.valet, self.run));
        tree::sweep(|pid| {
            tree::has(pid, |variable| {
                variable.starts_with(ours.as_bytes()) && !variable.starts_with(now.as_bytes())
            }) && !tree::is_above_us(pid)
        });
    }
}
