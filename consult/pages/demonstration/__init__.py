"""The demonstration: a real draft, invented people, and what they might say about it."""
