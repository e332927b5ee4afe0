"""What must be fast, measured: `make bench WHAT=comments` prints one table.

A benchmark is no test: pytest collects none of this. Each module that `registry` names has a
function `measure(ground)` that yields rows of the table; `ground` is a site of its own with its
PostgreSQL and Valkey, `talk` fills it, `visiting` asks it.
"""
