"""`python -m config.up`: the whole platform on one machine, in the foreground, until Ctrl-C."""

import argparse
import os
import sys
from pathlib import Path

OLDEST_PYTHON = (3, 11)
if sys.version_info < OLDEST_PYTHON:
    sys.exit(f"Python 3.11 or newer is needed, and this is {sys.version.split()[0]}.")

try:
    from config.embedded import EmbeddedError
    from config.embedded.processes import in_one_sentence
    from config.supervisor import Supervisor
except ImportError as error:
    sys.exit(
        f"Something is not installed ({error}): run "
        "`.venv/bin/pip install --require-hashes -r requirements.txt`, or `make up`."
    )


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m config.up", description=__doc__)
    parser.add_argument(
        "--port",
        type=int,
        default=os.environ.get("PORT") or 8000,
        help="where the pages are served (default: PORT, or 8000)",
    )
    parser.add_argument("--empty", action="store_true", help="start without the demonstration")
    parser.add_argument(
        "--local", metavar="DIR", type=Path, help="keep data, logs and keys here, not in .local"
    )
    arguments = parser.parse_args()
    if arguments.local:
        os.environ["CONSULT_LOCAL"] = str(arguments.local.resolve())
    try:
        Supervisor(port=arguments.port, demonstration=not arguments.empty).run()
    except EmbeddedError as error:
        sys.stderr.write(f"{error}\n")
    except OSError as error:
        sys.stderr.write(f"{in_one_sentence(error)}\n")
    else:
        return 0
    return 1


if __name__ == "__main__":
    sys.exit(main())
