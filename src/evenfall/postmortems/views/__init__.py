"""The pages of post-mortems: parse, authorise, one action or query, render."""
