"""The rule of decision: what is tied, how packages are ordered, which are designated."""
