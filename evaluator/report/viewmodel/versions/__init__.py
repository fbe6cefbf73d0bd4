"""Versions of a study side by side: what was changed, who moves, what is safe over all of them."""
