"""Pure decisions of rollouts: frozen values and `now` in, an action with its reason out."""
