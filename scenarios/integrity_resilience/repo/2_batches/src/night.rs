//! The end of a job: its batch goes to the store, and a note of it into the morning's list.

use crate::batch::{Batch, Stop};

/// Where rows are kept.
pub trait Store<T> {
    /// Keep all rows, in order.
    fn write(&mut self, rows: &[T]);
}

impl<T: Clone> Store<T> for Vec<T> {
    fn write(&mut self, rows: &[T]) {
        self.extend_from_slice(rows);
    }
}

/// Hand what came of a job to the store, and return its note for the morning.
pub fn settle<T>(job: &str, came: Result<Batch<T>, Stop>, store: &mut impl Store<T>) -> String {
    match came {
        Ok(batch) => {
            store.write(batch.rows());
            let mut note = format!("{job}: {} rows", batch.rows().len());
            for left in batch.left() {
                note += &format!("\n  {left}");
            }
            note
        }
        Err(stop) => format!("{job}: no rows\n  {stop}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_batch_is_written_and_its_other_lines_are_listed() {
        let mut batch = Batch::new();
        batch.put("sedge");
        batch.leave(2, "no name");
        let mut store = Vec::new();
        assert_eq!(
            settle("moves", Ok(batch), &mut store),
            "moves: 1 rows\n  line 2: no name"
        );
        assert_eq!(store, ["sedge"]);
    }

    #[test]
    fn a_job_that_stopped_writes_no_rows_and_its_line_is_listed() {
        let mut store: Vec<&str> = Vec::new();
        let came = Err(Stop::at(2, "no name"));
        assert_eq!(
            settle("moves", came, &mut store),
            "moves: no rows\n  line 2: no name"
        );
        assert!(store.is_empty());
    }
}
