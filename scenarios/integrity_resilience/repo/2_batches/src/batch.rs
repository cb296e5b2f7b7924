//! What comes of a job: a batch of rows for the store, or the line at which it stopped.

use std::fmt;

/// A line that is not in the batch, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Left {
    line: usize,
    why: String,
}

/// Rows for the store, in order, beside the lines that were left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch<T> {
    rows: Vec<T>,
    left: Vec<Left>,
}

impl<T> Batch<T> {
    /// A batch without rows.
    #[must_use]
    pub fn new() -> Self {
        Self {
            rows: Vec::new(),
            left: Vec::new(),
        }
    }

    /// Add a row.
    pub fn put(&mut self, row: T) {
        self.rows.push(row);
    }

    /// Note a line that has no row; it is listed in the morning.
    pub fn leave(&mut self, line: usize, why: impl Into<String>) {
        let why = why.into();
        self.left.push(Left { line, why });
    }

    /// The rows, in order.
    #[must_use]
    pub fn rows(&self) -> &[T] {
        &self.rows
    }

    /// The lines without a row, in order.
    #[must_use]
    pub fn left(&self) -> &[Left] {
        &self.left
    }
}

impl<T> Default for Batch<T> {
    fn default() -> Self {
        Self::new()
    }
}

/// The line at which a job stopped, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stop {
    line: usize,
    why: String,
}

impl Stop {
    /// A job stopped at this line; its file is listed in the morning.
    pub fn at(line: usize, why: impl Into<String>) -> Self {
        let why = why.into();
        Self { line, why }
    }
}

impl fmt::Display for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.why)
    }
}

impl fmt::Display for Left {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.why)
    }
}

impl std::error::Error for Stop {}
