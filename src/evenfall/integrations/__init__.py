"""Integrations: one folder for each outside system, none knows of another.

A slice implements a port of a domain below it. To add one, copy a folder.
"""
