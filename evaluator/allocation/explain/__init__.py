"""Why each request got what it got: slack, prices, conflicts, tables."""
