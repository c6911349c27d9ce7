"""Named reads of rollouts. Import this module, not its parts."""
