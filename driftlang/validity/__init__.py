"""Whether what a file declares is a valid experiment: rules of the design, and proofs by doing."""
