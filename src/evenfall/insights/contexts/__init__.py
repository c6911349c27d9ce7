"""What pages of measurements show: figures as people read them, and charts."""
