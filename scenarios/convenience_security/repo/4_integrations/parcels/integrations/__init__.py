"""One module for each partner; nothing else in the package speaks to the outside."""
