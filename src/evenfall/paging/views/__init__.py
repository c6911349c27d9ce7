"""The pages of paging: parse, authorise, one action or query, render."""
