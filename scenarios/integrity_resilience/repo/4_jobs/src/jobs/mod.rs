//! The jobs of a night, each on its own.

pub mod accessions;
pub mod exchange;
pub mod freezers;
pub mod germination;
pub mod moves;
pub mod withdrawals;
