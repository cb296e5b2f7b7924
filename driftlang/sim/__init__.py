"""Simulated models behind the gateway: a provider of the real protocol, with a known law of breaking."""
