"""The pages of the ledger: parse, authorise, one action or query, render."""
