"""Diagnostics: one type, the catalogue of ids, renderers; and failures of the outside world."""
