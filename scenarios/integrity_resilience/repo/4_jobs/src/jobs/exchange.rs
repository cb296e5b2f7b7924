//! Copies of what partner banks keep of ours.

use crate::batch::{Batch, Stop};
use crate::register::{Accession, Register};

/// A partner bank that sends its list.
pub struct Partner<'a> {
    pub name: &'a str,
    pub ours: &'a Register,
}

impl Partner<'_> {
    /// Copies of accessions from the partner's list of rows with code, species and grams.
    ///
    /// A row that cannot be read, a code that is not ours or another species is not as expected.
    pub fn copies(&self, list: &str) -> Result<Batch<Accession>, Stop> {
        todo!()
    }
}
