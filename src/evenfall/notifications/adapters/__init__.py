"""Channels that notifications itself provides to the slices."""

from evenfall.notifications.adapters.provider_channel import ProviderChannel

__all__ = ["ProviderChannel"]
