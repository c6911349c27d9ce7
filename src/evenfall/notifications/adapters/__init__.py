"""Channels that notifications itself provides to the slices."""

from evenfall.notifications.adapters.provider_channel import ProviderChannel
from evenfall.notifications.adapters.sealing import Subscription, sealed, subscription_of

__all__ = ["ProviderChannel", "Subscription", "sealed", "subscription_of"]
