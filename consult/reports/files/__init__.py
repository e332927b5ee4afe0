"""A report as files: its sheets, what their columns mean, and its document."""
