"""Web's own pages and the files a browser asks for by a fixed name."""
