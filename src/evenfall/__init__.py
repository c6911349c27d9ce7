"""Evenfall: one self-hosted system for the whole life of a failure."""

__version__ = "0.1.0"
