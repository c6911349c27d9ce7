"""The pages of status pages: those that readers open, and those that look after them."""
