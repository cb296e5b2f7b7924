//! Accessions that change their shelf.

use crate::batch::{Batch, Stop};
use crate::register::Code;
use crate::shelves::{Shelf, Shelves};

/// An accession's way from one shelf to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Move {
    pub code: Code,
    pub from: Shelf,
    pub to: Shelf,
}

/// Play the wishes, which are in the order of their lines, on a copy of the shelves.
///
/// A wish for what lies on no shelf, or for a shelf that is not free, is not as expected;
/// the accession then lies where it lay.
pub fn play(shelves: &Shelves, wishes: &[(Code, Shelf)]) -> Result<Batch<Move>, Stop> {
    todo!()
}
