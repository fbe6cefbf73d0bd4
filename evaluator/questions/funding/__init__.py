"""What more, less or other money buys, what it would take, and what a decision by name costs."""
