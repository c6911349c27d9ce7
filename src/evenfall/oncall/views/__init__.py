"""The pages of on-call: parse, authorise, one action or query, render."""
