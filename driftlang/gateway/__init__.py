"""The one model endpoint that agents can see: forwards, bounds, counts and records every call."""
