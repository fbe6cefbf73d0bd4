"""`report.html` and what a notebook shows."""
