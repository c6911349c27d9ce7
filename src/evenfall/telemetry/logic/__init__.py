"""Decisions about measurements, without I/O."""
