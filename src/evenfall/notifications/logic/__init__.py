"""Pure decisions of notifications: no Django, no clock, no network."""
