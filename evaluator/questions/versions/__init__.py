"""Several studies set against each other: what changed, and what is safest over all of them."""
