"""The pure part of paging: frozen values and `now` in, a decision with a named reason out."""
