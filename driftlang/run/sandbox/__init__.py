"""The sandbox that agents run in: what it shows, how it is started, reached, bounded and tried."""
