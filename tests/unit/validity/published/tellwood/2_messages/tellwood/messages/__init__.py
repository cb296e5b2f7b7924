"""One module for each kind of message."""
