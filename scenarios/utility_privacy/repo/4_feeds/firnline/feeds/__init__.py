"""One module for each source of entries; nothing else writes to the ledger."""
