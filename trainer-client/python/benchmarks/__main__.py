"""The commands behind `./mixwell bench`."""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

from . import corpus, flat, machine, table
from .contenders import names
from .environment import Environment, Installed
from .processes import Children, ProcessFailed
from .results import Results
from .server import serving
from .serving import Comparison
from .setting import FOLDER, FULL, QUICK, SHAPES, SMALLEST, Size

_BUSY_SHARE = 0.5


def main() -> None:
    if sys.platform != "linux":
        sys.exit("mixwell: bench reads /proc, which only Linux has.")
    FOLDER.mkdir(parents=True, exist_ok=True)
    command, *rest = sys.argv[1:] or ["serving"]
    if command not in COMMANDS:
        sys.exit(f"mixwell: there is no benchmark {command}; there are {', '.join(COMMANDS)}.")
    try:
        COMMANDS[command](rest)
    except (ProcessFailed, RuntimeError, subprocess.CalledProcessError) as e:
        sys.exit(f"mixwell: {e}")
    except KeyboardInterrupt:
        sys.exit(130)


def compare(arguments: list[str]) -> None:
    parser = _parser("", "Serving, compared with nginx and other loaders on the same tokens.")
    parser.add_argument("--quick", action="store_true", help="2 short rounds instead of 7")
    parser.add_argument("--only", metavar="NAME,...", help="some of: " + ", ".join(names()))
    options = parser.parse_args(arguments)
    chosen = set(options.only.split(",")) if options.only else set(names())
    if not chosen <= set(names()):
        parser.error(f"--only knows {', '.join(names())}")
    about = machine.describe()
    if about["loadAverage"] > _BUSY_SHARE * about["cores"]:
        print(f"mixwell: the machine is busy: load {about['loadAverage']}", file=sys.stderr)
    size, environment = _extent(options)
    size = QUICK if options.quick and size == FULL else size
    results = Results()
    with Children() as children:
        Comparison(size, environment, chosen, children, results).run()
    about["loadAverageAfter"] = machine.load()
    report = table.report(results, about, size.times.rounds)
    _publish(options.json, report, {"machine": about, **_everything(results)})


def _everything(results: Results) -> dict[str, Any]:
    summaries = [results.summary(name, shape.name) for shape in SHAPES for name in names()]
    return {
        "summary": [summary for summary in summaries if summary],
        "notRun": results.not_run,
        "starts": results.starts,
        "requestsPerSecond": results.loads,
        "runs": results.runs,
    }


def stay_flat(arguments: list[str]) -> None:
    parser = _parser("flat", "Whether server and client hold more the longer they run.")
    parser.add_argument("--pulls", type=int, help="default: 1,000,000")
    options = parser.parse_args(arguments)
    if options.pulls is not None and options.pulls < flat.LEAST_PULLS:
        parser.error(f"--pulls is at least {flat.LEAST_PULLS}")
    size, environment = _extent(options)
    size = replace(size, pulls=options.pulls or size.pulls)
    about = machine.describe()
    with Children() as children:
        taken = flat.samples(size, environment, children)
    is_judged = size.pulls >= flat.JUDGED_PULLS
    grew = flat.growth(taken) if is_judged else []
    lines = [f"grew: {line}" for line in grew] or ["flat: nothing grew after the first 5 %"]
    if not is_judged:
        lines = [f"not judged: whether anything grows shows after {flat.JUDGED_PULLS:,} pulls"]
    report = "\n\n".join([table.about(about), flat.report(taken), *lines])
    _publish(options.json, report, {"machine": about, "grew": grew, "samples": taken})
    sys.exit(1 if grew else 0)


def parse(arguments: list[str]) -> None:
    parser = _parser("parse", "What a batch costs in Python once it is there.")
    options = parser.parse_args(arguments)
    size, environment = _extent(options)
    about = machine.describe()
    why = environment.install("numpy")
    if why:
        sys.exit(f"mixwell: {why}")
    without = environment.install("torch")
    with Children() as children, serving(corpus.index(size), children) as server:
        counts = [str(size.calls), str(size.repeats)]
        command = [str(environment.python), "-m", "benchmarks.parse", server.url, *counts]
        measured = children.answer(command, FOLDER / "worker.log", environment.path())
    report = "\n\n".join([table.about(about), table.parse(measured)])
    if without:
        report += f"\n\nnot run: torch: {without}"
    _publish(options.json, report, {"machine": about, "shapes": measured})


def _parser(name: str, what: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=f"mixwell bench {name}".rstrip(), description=what)
    parser.add_argument(
        "--json", metavar="FILE", help="all samples as JSON into FILE; - prints them"
    )
    parser.add_argument(
        "--smallest",
        action="store_true",
        help="an instant on few tokens, with what is installed: whether it works, no measurement",
    )
    return parser


def _extent(options: argparse.Namespace) -> tuple[Size, Environment]:
    """How much is measured, and in which environment."""
    if not options.smallest:
        return FULL, Environment()
    shutil.rmtree(SMALLEST.folder, ignore_errors=True)
    SMALLEST.folder.mkdir(parents=True)
    return SMALLEST, Installed()


COMMANDS = {"serving": compare, "flat": stay_flat, "parse": parse}


def _publish(target: str | None, report: str, everything: dict[str, Any]) -> None:
    if target == "-":
        print(json.dumps(everything, indent=1))
        return
    print(report)
    if target:
        Path(target).write_text(json.dumps(everything, indent=1) + "\n")


if __name__ == "__main__":
    main()
