"""Packages that come one by one: whether a late one is worth its room, and what to hold back."""
