"""The writes of manifests."""

from evenfall.manifests.actions.applying import apply, plan, release
from evenfall.manifests.actions.carrying_out import Plan, Wish

__all__ = ["Plan", "Wish", "apply", "plan", "release"]
