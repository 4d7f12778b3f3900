"""The model against the live system, and scenarios of load, into docs/validation.md.

    python -m benchmarks.load_validation            # validation, then the four shorter scenarios
    python -m benchmarks.load_validation --soak     # soak_10min as well
    python -m benchmarks.load_validation --quick    # the validation coarsely, no scenario

Each is a run of `poligon load`, whose reports stay in reports/out/. What they found is written
between the marks of the document, with the latest five validations in a table and a drawing, and
pictures of the reports if there is a Chromium. To be run on a machine that has nothing else to do.
"""

import argparse
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

from benchmarks.validation_runs import drawn, kept_with, run_of, tabled

_ROOT: Final = Path(__file__).parents[1]
_DOCUMENT: Final = _ROOT / "docs/validation.md"
_PICTURES: Final = _ROOT / "docs/pictures"
_RUNS: Final = _ROOT / "docs/validation-runs.json"
_OUT: Final = _ROOT / "reports/out"
_VALIDATED: Final = "peak_hour"
_SCENARIOS: Final = ("peak_hour", "tax_peak_compressed", "outage_under_load", "stress")
_SOAK: Final = "soak_10min"
_BROWSERS: Final = ("chromium", "chromium-browser", "google-chrome")


def main() -> int:
    """Run, write, and return 1 if a tolerance or an objective was missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--quick", action="store_true", help="coarse, without scenarios")
    parser.add_argument("--soak", action="store_true", help=f"{_SOAK} as well")
    options = parser.parse_args()
    codes = [_validated(options.quick)]
    if not options.quick:
        names = [*_SCENARIOS, *([_SOAK] if options.soak else [])]
        codes += [_poligon(f"scenarios/{name}.yaml", "--check", "--lang", "en") for name in names]
        _put("loads", _loads([*_SCENARIOS, _SOAK]))
    return max(codes)


def _validated(quick: bool) -> int:
    words = ["--validate", "--lang", "en", *(["--quick"] if quick else [])]
    code = _poligon(f"scenarios/{_VALIDATED}.yaml", *words)
    folder = _OUT / f"{_VALIDATED}-validation"
    if code > 1:
        return code
    _put("validation", (folder / "validation.md").read_text(encoding="utf-8").strip())
    found = json.loads((folder / "validation.json").read_text(encoding="utf-8"))
    runs = kept_with(run_of(found), _RUNS)
    _put("runs", tabled(runs))
    (_PICTURES / "validation-runs.svg").write_text(drawn(runs), encoding="utf-8")
    _picture(folder / "validation.html", _PICTURES / "validation.png", 5200)
    return code


def _loads(names: list[str]) -> str:
    heads = ["scenario", "requests", "good", "shed", "wrong", "p50", "p95", "saturation"]
    heads += ["recovery (live, s of the wall)", "memory of the server", "conservation"]
    lines = [f"| {' | '.join(heads)} |", f"| {' | '.join(['---'] * len(heads))} |"]
    for name in names:
        path = _OUT / f"{name}-load" / "load.json"
        if not path.is_file():
            continue
        found = json.loads(path.read_text(encoding="utf-8"))
        count = {
            key: sum(each[key] for each in found["operations"])
            for key in ("requests", "ok", "refused", "shed", "failed")
        }
        latency, memory = found["latency"], found["server"]["memory_mb"]
        reached = found["saturation"]
        saturation = f"not reached, {reached['most_good']:.0f}/s carried"
        if reached["why"] is not None:
            saturation = f"{reached['why']} from {reached['offered']:.0f}/s offered, "
            saturation += f"{reached['most_good']:.0f}/s carried"
        cells = [
            f"`{name}`",
            f"{count['requests']:,}",
            f"{count['ok'] + count['refused']:,}",
            f"{count['shed']:,}",
            f"{count['failed']:,}",
            f"{1e3 * (latency['p50'] or 0):.0f} ms",
            f"{1e3 * (latency['p95'] or 0):.0f} ms",
            saturation,
            ", ".join(map(_recovery, found["faults"])) or "—",
            f"{memory[0]:.0f} → {memory[-1]:.0f} MB" if memory else "—",
            "holds" if all(each["passed"] for each in found["checks"]) else "broken",
        ]
        lines.append(f"| {' | '.join(cells)} |")
        _picture(_OUT / f"{name}-load" / "load.html", _PICTURES / f"load-{name}.png", 1300)
    return "\n".join(lines)


def _recovery(fault: dict[str, Any]) -> str:
    recovered_s = fault["recovered_s"]
    return f"{fault['id']} {'never' if recovered_s is None else f'{recovered_s:.1f}'}"


def _poligon(*words: str) -> int:
    command = [sys.executable, "-m", "poligon", "load", *words]
    return subprocess.run(command, cwd=_ROOT, check=False).returncode


def _put(mark: str, content: str) -> None:
    """Between `<!-- mark -->` and `<!-- /mark -->` of the document."""
    text = _DOCUMENT.read_text(encoding="utf-8")
    begin, end = f"<!-- {mark} -->\n", f"<!-- /{mark} -->"
    before, _, rest = text.partition(begin)
    _, _, after = rest.partition(end)
    _DOCUMENT.write_text(f"{before}{begin}{content}\n{end}{after}", encoding="utf-8")


def _picture(page: Path, picture: Path, height: int) -> None:
    browser = next(filter(None, map(shutil.which, _BROWSERS)), None)
    if browser is None or not page.is_file():
        return
    subprocess.run(
        [
            browser, "--headless", "--no-sandbox", "--disable-gpu", f"--screenshot={picture}",
            f"--window-size=1180,{height}", page.as_uri(),
        ],
        capture_output=True,
        check=False,
    )  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
