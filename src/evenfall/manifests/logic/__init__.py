"""Manifests as values: read from YAML, compared, written again. No database, no clock."""
