"""Whether amounts keep every limit: recomputed from the study in exact rationals."""
