"""Commands of Django that Evenfall changes."""
