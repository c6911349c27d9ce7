"""Decisions of the ledger: pure, time is an argument."""
