"""Runs on more than one machine, by Dask: the same plan, journal and results."""
