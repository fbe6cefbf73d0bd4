"""A study -> the program: exact rows of limits and rules, and their arrays."""
