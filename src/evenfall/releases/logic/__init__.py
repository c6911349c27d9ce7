"""Decisions about releases: pure functions of facts and `now`."""
