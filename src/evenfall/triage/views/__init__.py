"""The pages of triage: parse, authorise, one action or query, render."""
