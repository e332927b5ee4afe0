"""Files of every kind that a draft comes in, as the lines that `consult.document.reading` takes.

No Django, but for `files`: a file is read by `python -m consult.document.sources`, in a process of
its own with little time and memory. Whatever a parser does with hostile bytes, it does there.
"""
