"""Foreign files, as people have them -> a study's own files, each conversion on record."""
