"""Measurements: pure, time is an argument. A figure without records is None, never zero."""
