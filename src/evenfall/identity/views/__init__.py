"""The pages of identity: parse, authorise, one action or query, render."""
