"""Explanations of diagnostics, by what they are about."""
