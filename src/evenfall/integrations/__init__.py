"""Outside systems, one folder each; copy a folder to add one.

A slice implements the ports of the domains below and registers itself when `register_all` imports
it. Slices know nothing of each other.
"""
