"""What is timed, against what, in one run: ratios, never a verdict on absolute times."""
