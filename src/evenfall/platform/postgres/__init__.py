"""Django's PostgreSQL, with what its compiler finds out again for every query kept."""
