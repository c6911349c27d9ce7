"""The pages of notifications: parse, authorise, one action or query, render."""
