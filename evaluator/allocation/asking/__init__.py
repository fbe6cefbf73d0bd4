"""Further questions: what more buys, what it takes, frontiers, robust sets, late packages."""
