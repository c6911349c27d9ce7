"""Decisions of monitors: pure functions of what was seen and of `now`."""
