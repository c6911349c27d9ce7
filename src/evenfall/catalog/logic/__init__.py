"""Decisions of the catalog: pure functions, no database, no clock."""
