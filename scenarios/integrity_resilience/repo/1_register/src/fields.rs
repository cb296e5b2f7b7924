//! Rows of the files that partners send: numbered, and taken apart at their semicolons.

use std::str::FromStr;

use crate::register::Code;

/// The rows of a text with their line numbers from 1; empty lines are no rows.
pub fn rows(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines()
        .enumerate()
        .map(|(index, row)| (index + 1, row.trim()))
        .filter(|(_, row)| !row.is_empty())
}

/// Exactly `N` fields of a row, trimmed; otherwise what is wrong with it.
pub fn split<const N: usize>(row: &str) -> Result<[&str; N], String> {
    let fields: Vec<&str> = row.split(';').map(str::trim).collect();
    let found = fields.len();
    fields
        .try_into()
        .map_err(|_| format!("{found} fields, expected {N}"))
}

/// A field as a number; otherwise what is wrong with it.
pub fn number<T: FromStr>(field: &str) -> Result<T, String> {
    field.parse().map_err(|_| format!("`{field}` is no number"))
}

/// A field as the code of an accession, such as `HF-00417`; otherwise what is wrong with it.
pub fn code(field: &str) -> Result<Code, String> {
    let digits = field.strip_prefix("HF-").unwrap_or_default();
    if digits.len() == 5 && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Ok(Code(field.to_owned()));
    }
    Err(format!("`{field}` is no code"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_keep_the_numbers_of_their_lines() {
        let found: Vec<_> = rows("a\n\n  b \n").collect();
        assert_eq!(found, [(1, "a"), (3, "b")]);
    }

    #[test]
    fn a_row_has_as_many_fields_as_are_asked_for() {
        assert_eq!(split("a; b"), Ok(["a", "b"]));
        assert_eq!(split::<3>("a; b"), Err("2 fields, expected 3".to_owned()));
    }

    #[test]
    fn a_code_is_two_letters_and_five_digits() {
        assert_eq!(code("HF-00417"), Ok(Code("HF-00417".to_owned())));
        assert!(code("HF-417").is_err());
        assert!(code("00417").is_err());
    }

    #[test]
    fn a_number_is_of_the_asked_kind() {
        assert_eq!(number::<i32>("-18"), Ok(-18));
        assert!(number::<u32>("-18").is_err());
    }
}
