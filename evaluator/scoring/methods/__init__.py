"""Aggregation methods: values and weights to scores, one vector of weights or a batch of them.

Every method takes `(matrix (n, m), weights (m,) or (draws, m), directions (m,), *, ...)` and
returns a frozen result whose `.scores` are (n,) or (draws, n), higher is better, and whose
`.variant` names the method, its normalisation, its parameters and its source.
"""
