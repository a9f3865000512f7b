//! The valet's files: where they are, read when they are plain, replaced whole or not at all.

pub mod draft;
pub mod paths;
pub mod regular;
