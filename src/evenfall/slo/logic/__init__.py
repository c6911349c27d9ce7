"""Decisions about objectives: pure functions, no database, no clock."""
