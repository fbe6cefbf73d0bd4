"""The program -> a point: solvers, checked by our own arithmetic; files for other solvers."""
