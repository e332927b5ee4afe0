"""Finished documents and sheets: one description, written in several formats."""
