"""What packages ask for, and what of it can be served: facts, filters, terms, eligibility."""
