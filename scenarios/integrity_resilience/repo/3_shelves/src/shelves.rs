//! Where in the vault the accessions lie.

use std::collections::BTreeMap;

use crate::register::Code;

/// A shelf's place: aisle and number, such as `C` and 12.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Shelf {
    pub aisle: char,
    pub number: u8,
}

/// What lies on which shelf: one accession at most.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shelves {
    places: BTreeMap<Shelf, Option<Code>>,
}

impl Shelves {
    /// Add an empty shelf.
    pub fn build(&mut self, shelf: Shelf) {
        self.places.entry(shelf).or_default();
    }

    /// Put an accession on a shelf; tells whether the shelf is there and was empty.
    pub fn place(&mut self, shelf: Shelf, code: &Code) -> bool {
        match self.places.get_mut(&shelf) {
            Some(place) if place.is_none() => {
                *place = Some(code.clone());
                true
            }
            _ => false,
        }
    }

    /// Take an accession off its shelf; tells where it lay.
    pub fn take(&mut self, code: &Code) -> Option<Shelf> {
        let (shelf, place) = self
            .places
            .iter_mut()
            .find(|(_, place)| place.as_ref() == Some(code))?;
        *place = None;
        Some(*shelf)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NORTH: Shelf = Shelf {
        aisle: 'C',
        number: 12,
    };

    #[test]
    fn a_shelf_holds_one_accession() {
        let (sedge, rush) = (Code("HF-00417".to_owned()), Code("HF-00418".to_owned()));
        let mut shelves = Shelves::default();
        assert!(!shelves.place(NORTH, &sedge));
        shelves.build(NORTH);
        assert!(shelves.place(NORTH, &sedge));
        assert!(!shelves.place(NORTH, &rush));
        assert_eq!(shelves.take(&sedge), Some(NORTH));
        assert!(shelves.place(NORTH, &rush));
    }
}
