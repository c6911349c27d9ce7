"""Asks for what people say about rollouts."""
