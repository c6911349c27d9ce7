"""The pages of measurements: parse, authorise, one query, render."""
