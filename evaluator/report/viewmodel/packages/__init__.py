"""The ranked portfolio, and how sure each place in it is."""
