"""Looks through files of strangers in a process of its own: `python -m accounts.inspecting pdf`.

No Django, no database, no network: bytes in, a flaw or none out. Whatever a parser does with
hostile bytes, it does with little memory, little time, and no way to write a file.
"""
