"""Dull functions that put rows into the database, one module for each domain."""
