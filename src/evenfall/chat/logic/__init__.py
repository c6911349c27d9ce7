"""Pure decisions of chat."""
