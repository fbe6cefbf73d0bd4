"""Runs on disk: their folders, files and tables, and which there are."""
