"""How numbers, names and amounts are said: what every page shares."""
