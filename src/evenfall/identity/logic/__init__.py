"""Decisions of identity: pure functions, no database, no clock."""
