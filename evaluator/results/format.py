"""The number of the format in which results are kept."""

FORMAT = 5
"""Of the files of a run, its study among them, and of what the commands print as JSON; a new one
for every change that a reader of the old one would not understand."""
