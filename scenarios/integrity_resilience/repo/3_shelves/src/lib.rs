//! The register of the seed bank at Hollow Fen, and the jobs that keep it up to date at night.

pub mod batch;
pub mod fields;
pub mod night;
pub mod register;
pub mod shelves;
