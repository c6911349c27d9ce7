"""The pages of incidents: parse, authorise, one action or query, render."""
