"""`python -m mixwell`."""

from __future__ import annotations

import argparse
import logging
import os
import sys
from collections.abc import Sequence

from mixwell.client import Client
from mixwell.errors import MixwellError
from mixwell.outage import Patience
from mixwell.tail import tail

_URL = "http://127.0.0.1:8080"
_EXAMPLES = """\
examples:
  python -m mixwell tail pretrain                     until the run is finished, or Ctrl-C
  python -m mixwell tail pretrain --once              where it stands, and no more
  python -m mixwell tail pretrain | tee mixture.log   a line for each change
  MIXWELL_URL=http://mixwell:8080 python -m mixwell tail pretrain
"""


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m mixwell",
        description="Looks at runs of a Mixwell server.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    command = commands.add_parser(
        "tail",
        help="the proportions of a run, live",
        description="Shows the proportions of a run as they change: a picture on a terminal, lines "
        "elsewhere. A server that restarts is waited for.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    command.add_argument("run", metavar="RUN", help="its name")
    command.add_argument(
        "--url",
        default=os.environ.get("MIXWELL_URL", _URL),
        help="the server, or unix:/path of its socket (default: $MIXWELL_URL, else " + _URL + ")",
    )
    command.add_argument("--once", action="store_true", help="show where it stands, and end")
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit status: 0, or 1 for a refusal."""
    options = _parser().parse_args(arguments)
    logging.basicConfig(format="%(message)s")
    try:
        patience = Patience(server=0.0) if options.once else Patience()
        tail(Client(options.url, options.run, patience=patience), sys.stdout, once=options.once)
    except (MixwellError, ValueError) as e:
        print(f"mixwell: {e}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # for the flush at exit
        return 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
