"""The pages of runbooks: parse, authorise, one action or query, render."""
