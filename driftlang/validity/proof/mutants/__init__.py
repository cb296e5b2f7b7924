"""Mutants: what else an agent may make of a reference solution, each kind in a place of its own."""
