"""Decisions of post-mortems: pure functions over plain values."""
