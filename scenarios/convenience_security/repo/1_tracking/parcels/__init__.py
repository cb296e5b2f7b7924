"""Parcelway: parcels, their scans, and the systems they depend on."""
