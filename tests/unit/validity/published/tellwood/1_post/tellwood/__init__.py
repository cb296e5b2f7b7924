"""What a group practice writes to its patients."""
