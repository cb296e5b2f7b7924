//! What came in during the day.

use crate::batch::{Batch, Stop};
use crate::register::Accession;

/// Read rows of code, species and grams.
///
/// A row with other fields, a field of another kind or no grams is not as expected.
pub fn read(text: &str) -> Result<Batch<Accession>, Stop> {
    todo!()
}
