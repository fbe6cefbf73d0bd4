"""Each agency by itself, whom it objects to, and where two of them part."""
