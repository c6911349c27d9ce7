"""Decisions of triage as pure functions: business time, clocks, priority, score, what fits."""
