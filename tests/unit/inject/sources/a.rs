#![allow(unused)]
//! Clients.

/// A client.
#[derive(Debug)]
pub struct Client {
    host: String,
}

impl Client {
    #[inline]
    pub fn connect(&self) -> String {
        let s = r#"
// no comment
"#;
        format!("{}{}", self.host, s)
    }
}
