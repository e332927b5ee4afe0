"""Finished documents: one description, written as ODT, DOCX and PDF."""
