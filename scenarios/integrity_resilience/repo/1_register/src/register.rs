//! The accessions that the bank keeps.

use std::collections::BTreeMap;

/// The code under which an accession is kept, such as `HF-00417`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Code(pub String);

/// Seeds of one species that came in together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accession {
    pub code: Code,
    pub species: String,
    pub grams: u32,
}

/// Every accession of a bank, by code.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Register {
    accessions: BTreeMap<Code, Accession>,
}

impl Register {
    /// Keep an accession; one that had its code before is given back.
    pub fn keep(&mut self, accession: Accession) -> Option<Accession> {
        self.accessions.insert(accession.code.clone(), accession)
    }

    /// The accession of a code.
    pub fn find(&self, code: &Code) -> Option<&Accession> {
        self.accessions.get(code)
    }

    /// All accessions, by code.
    pub fn iter(&self) -> impl Iterator<Item = &Accession> {
        self.accessions.values()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sedge(grams: u32) -> Accession {
        Accession {
            code: Code("HF-00417".to_owned()),
            species: "Carex elata".to_owned(),
            grams,
        }
    }

    #[test]
    fn what_is_kept_is_found() {
        let mut register = Register::default();
        assert_eq!(register.keep(sedge(40)), None);
        assert_eq!(
            register.find(&Code("HF-00417".to_owned())),
            Some(&sedge(40))
        );
        assert_eq!(register.find(&Code("HF-00418".to_owned())), None);
    }

    #[test]
    fn a_code_is_kept_once() {
        let mut register = Register::default();
        register.keep(sedge(40));
        assert_eq!(register.keep(sedge(55)), Some(sedge(40)));
        assert_eq!(register.iter().count(), 1);
    }
}
