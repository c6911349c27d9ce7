"""The pages of foresight: parse, authorise, one call, render."""
