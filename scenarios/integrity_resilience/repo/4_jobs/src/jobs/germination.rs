//! How many seeds of a sample came up.

use std::collections::BTreeMap;

use crate::batch::{Batch, Stop};
use crate::register::Code;

/// The share of a sample that came up, in percent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rate {
    pub code: Code,
    pub percent: u32,
}

/// Rates of the counts, which stand in the order of the lines of the counter's file.
///
/// A code of which nothing was sown, or more seedlings than seeds, is not as expected.
pub fn rates(sown: &BTreeMap<Code, u32>, counts: &[(Code, u32)]) -> Result<Batch<Rate>, Stop> {
    todo!()
}
