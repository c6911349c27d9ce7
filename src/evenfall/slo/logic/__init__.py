"""Pure: counts and rules in, a picture of the budget out; no I/O."""
