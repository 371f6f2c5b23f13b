"""What a run costs: CPU seconds for each further megabyte, and peak memory, one worker.

    make bench                 a simulated dump where ../shared/eval is at hand, else copies of the sample dump
    make bench DUMP=folder     the .txt files of a folder

Two runs, over a quarter of the dump and over all of it, tell what a further megabyte costs from what starting costs.
Where ../shared/eval is at hand, its short script of a few lines runs over the same files, to compare with. Below stands
what comes of web pages, beside other tools (bench_web.py).
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

import bench_web

ROOT = Path(__file__).resolve().parent.parent
EVAL = ROOT.parent / "shared" / "eval"
COPIES = 20
SIZE = ("--issues", "80", "--webs", "120", "--wraps", "40")


class Cost(NamedTuple):
    """What a command took."""

    seconds: float  # of CPU
    peak: float  # megabytes


def cost(command: list[str | Path]) -> Cost:
    """Run a command to its end."""
    with subprocess.Popen(list(map(str, command)), stdout=subprocess.DEVNULL, cwd=ROOT) as process:
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{command[0]} failed")
    return Cost(used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def copied(files: list[Path], folder: Path, times: int) -> float:
    """Put files into a folder under names that make no pages of one issue of them; returns megabytes."""
    folder.mkdir()
    size = 0
    for i in range(times):
        for file in files:
            data = file.read_bytes()
            (folder / f"{i}_{file.stem}x.txt").write_bytes(data)
            size += len(data)
    return size / 1e6


def find_dump(given: str | None, temporary: Path) -> tuple[str, list[Path], int]:
    """What the dump is, its files, and how often each is taken."""
    if given:
        return given, sorted(Path(given).rglob("*.txt")), 1
    if EVAL.is_dir():
        sim = temporary / "sim"
        subprocess.run(
            [sys.executable, EVAL / "simulate.py", EVAL / "corpus" / "dev_rmrb.jsonl", sim, *SIZE],
            check=True,
            stdout=subprocess.DEVNULL,
        )
        return "a simulated dump", sorted((sim / "raw").glob("*.txt")), 1
    return f"the sample dump, {COPIES} times", sorted((ROOT / "seeds").glob("*.txt")), COPIES


def main() -> None:
    """Measure and print a table."""
    with tempfile.TemporaryDirectory() as name:
        temporary = Path(name)
        what, files, times = find_dump(sys.argv[1] if len(sys.argv) > 1 and sys.argv[1] else None, temporary)
        if not files:
            sys.exit(f"{what}: no .txt files")
        small, large = temporary / "small", temporary / "large"
        part = (files[::4], times) if times == 1 else (files, max(1, times // 4))
        sizes = copied(part[0], small, part[1]), copied(files, large, times)
        print(f"{what}: {len(files) * times} documents, {sizes[1]:.1f} MB\n")
        print(f"{'':<12}{'CPU s a further MB':>20}{'MB a CPU second':>18}{'CPU s in all':>14}{'peak MB':>10}")
        for name in ("newsreflow", "naive.py"):
            found = []
            for folder in (small, large):
                if name == "newsreflow":
                    out = temporary / f"out-{folder.name}"
                    found.append(cost([sys.executable, "-m", "pipeline.cli", "run", folder, "-o", out, "--quiet"]))
                elif EVAL.is_dir():
                    found.append(cost([sys.executable, EVAL / "naive.py", folder]))
            if found:
                more = (found[1].seconds - found[0].seconds) / (sizes[1] - sizes[0])
                print(f"{name:<12}{more:>20.2f}{1 / more:>18.2f}{found[1].seconds:>14.1f}{found[1].peak:>10.0f}")
    print()
    bench_web.main()


if __name__ == "__main__":
    main()
