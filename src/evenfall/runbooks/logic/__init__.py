"""What can be decided about runbooks without asking anybody."""
