"""Judges: models that read what a step did, blind, and say whether the constraint was kept and whether on purpose."""
