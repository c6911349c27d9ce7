"""How values look to a reader: pure, no Django. Times, words of state, the map of pages."""
