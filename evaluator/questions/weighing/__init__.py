"""What the weights decide: each agency, criterion and rating, and how far they may move."""
