"""Decisions of foresight: plain values in, plain values out."""
