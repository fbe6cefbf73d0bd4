"""Small faults are planted in the rooms that decide, and the tests must see them."""
