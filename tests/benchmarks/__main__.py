"""`python -m tests.benchmarks comments`: measure, and print one table; 1 where it falls short."""

import argparse
import importlib
import sys

from config.embedded import EmbeddedError
from tests.benchmarks.ground import prepare_ground
from tests.benchmarks.registry import BENCHMARKS
from tests.benchmarks.table import Row, printed


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("what", choices=sorted(BENCHMARKS))
    parser.add_argument("modules", nargs="*", help="only these, as in `thread_pages`")
    arguments = parser.parse_args()
    try:
        ground = prepare_ground()
    except EmbeddedError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    rows: list[Row] = []
    for name in BENCHMARKS[arguments.what]:
        if not arguments.modules or name.rpartition(".")[2] in arguments.modules:
            sys.stderr.write(f"Measuring {name} …\n")
            # Models can be imported once the ground is there.
            for row in importlib.import_module(name).measure(ground):
                sys.stderr.write(f"  {'  '.join(row.cells)}\n")
                rows.append(row)
    sys.stdout.write(f"\n{printed(rows)}\n")
    return int(any(row.holds is False for row in rows))


if __name__ == "__main__":
    sys.exit(main())
