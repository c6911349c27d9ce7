"""What can be done with rollouts. Import this module, not its parts."""
