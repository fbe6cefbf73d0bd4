"""Rows over the columns in exact numbers: each as it is read, in blocks as solvers take them."""
