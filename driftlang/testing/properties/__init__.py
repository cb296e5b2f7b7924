"""Ready properties: plain functions that raise `PropertyFailed` where something does not hold."""
