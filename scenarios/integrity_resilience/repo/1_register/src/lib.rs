//! The register of the seed bank at Hollow Fen.

pub mod fields;
pub mod register;
