"""The pages of objectives: parse, authorise, one action or query, render."""
