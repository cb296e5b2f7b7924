"""judge.labelling: a person labels a sample of steps."""
