"""What status pages decide, without a database."""
