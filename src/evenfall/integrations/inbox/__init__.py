"""The inbox: the channel that always works, because it is the product itself."""
