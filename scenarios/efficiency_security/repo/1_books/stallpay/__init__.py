"""Stallpay: purses of a street market and what moves between them."""
