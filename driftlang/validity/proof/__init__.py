"""Proofs: the tests that stand in the language itself, run through the code that scores runs."""
