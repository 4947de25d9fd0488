"""The commands behind `./mixwell bench`."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from . import machine, table
from .contenders import names
from .processes import Children
from .results import Results
from .serving import Comparison, say
from .setting import FOLDER, FULL, QUICK, SHAPES

_BUSY_SHARE = 0.5


def main() -> None:
    if sys.platform != "linux":
        sys.exit("mixwell: bench reads /proc, which only Linux has.")
    FOLDER.mkdir(parents=True, exist_ok=True)
    command, *rest = sys.argv[1:] or ["serving"]
    try:
        {"serving": serving}[command](rest)
    except KeyboardInterrupt:
        sys.exit(130)


def serving(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="mixwell bench", description="The serving comparison.")
    parser.add_argument(
        "--json", metavar="FILE", help="all samples as JSON into FILE; - prints them"
    )
    parser.add_argument("--quick", action="store_true", help="2 short rounds instead of 7")
    parser.add_argument("--only", metavar="NAME,...", help="some of: " + ", ".join(names()))
    options = parser.parse_args(arguments)
    chosen = set(options.only.split(",")) if options.only else set(names())
    if not chosen <= set(names()):
        parser.error(f"--only knows {', '.join(names())}")
    about = machine.describe()
    if about["loadAverage"] > _BUSY_SHARE * about["cores"]:
        print(
            f"the machine is busy (load average {about['loadAverage']}): figures will be worse",
            file=sys.stderr,
        )
    times = QUICK if options.quick else FULL
    results = Results()
    with Children() as children:
        Comparison(times, chosen, children, results).run()
    about["loadAverageAfter"] = machine.load()
    say("")
    if options.json != "-":
        print(table.report(results, about, times.rounds))
    if options.json:
        _write(options.json, about, results)


def _write(target: str, about: dict[str, Any], results: Results) -> None:
    summaries = [results.summary(name, shape.name) for shape in SHAPES for name in names()]
    everything = {
        "machine": about,
        "summary": [summary for summary in summaries if summary],
        "notRun": results.not_run,
        "starts": results.starts,
        "requestsPerSecond": results.loads,
        "runs": results.runs,
    }
    text = json.dumps(everything, indent=1)
    if target == "-":
        print(text)
    else:
        Path(target).write_text(text + "\n")


if __name__ == "__main__":
    main()
