"""What became of packages over the runs on record, and which change did it."""
