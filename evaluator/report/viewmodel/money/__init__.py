"""Who gets what of which tool, what bounds it, and who is to do what before it moves."""
