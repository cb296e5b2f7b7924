"""The numbers behind a mountain resort."""
