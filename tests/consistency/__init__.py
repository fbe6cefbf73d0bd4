"""What every medium tells of a run, held against a second implementation.

`python -m tests.consistency` makes random studies, runs the command line on each, recomputes the
study from its files without a line of the engine, and compares. Nothing here may import
`evaluator`.
"""
