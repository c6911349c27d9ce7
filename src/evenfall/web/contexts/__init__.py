"""What each page of web needs, gathered from the domains below as plain values."""
