-- clients
CREATE TABLE client (
  id INTEGER PRIMARY KEY,
  host TEXT DEFAULT '
-- no comment
'
);

CREATE VIEW hosts AS SELECT host FROM client;
