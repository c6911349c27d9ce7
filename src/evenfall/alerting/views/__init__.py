"""The pages of alerting: parse, authorise, one action or query, render."""
