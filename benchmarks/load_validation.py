"""The model against the live system, and scenarios of load, into docs/validation.md.

    python -m benchmarks.load_validation            # validation, then the four shorter scenarios
    python -m benchmarks.load_validation --soak     # soak_10min as well
    python -m benchmarks.load_validation --quick    # the validation coarsely, no scenario

Each is a run of `poligon load`, whose reports stay in reports/out/. What they found is written
between the marks of the document, the latest five validations with a line each, and pictures of
them if there is a Chromium. To be run on a machine that has nothing else to do.
"""

import argparse
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

_ROOT: Final = Path(__file__).parents[1]
_DOCUMENT: Final = _ROOT / "docs/validation.md"
_PICTURES: Final = _ROOT / "docs/pictures"
_OUT: Final = _ROOT / "reports/out"
_VALIDATED: Final = "peak_hour"
_SCENARIOS: Final = ("peak_hour", "tax_peak_compressed", "outage_under_load", "stress")
_SOAK: Final = "soak_10min"
_KEPT: Final = 5  # lines of earlier validations
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
        _put("loads", _loads(names))
    return max(codes)


def _validated(quick: bool) -> int:
    words = ["--validate", "--lang", "en", *(["--quick"] if quick else [])]
    code = _poligon(f"scenarios/{_VALIDATED}.yaml", *words)
    folder = _OUT / f"{_VALIDATED}-validation"
    if code > 1:
        return code
    _put("validation", (folder / "validation.md").read_text(encoding="utf-8").strip())
    found = json.loads((folder / "validation.json").read_text(encoding="utf-8"))
    head = ["| run | registry, p95 | portal, p95 | throughput at saturation | outcome |"]
    head.append("| --- | --- | --- | --- | --- |")
    text = _DOCUMENT.read_text(encoding="utf-8")
    earlier = re.search(r"<!-- runs -->\n(.*?)<!-- /runs -->", text, re.DOTALL)
    kept = [line for line in (earlier.group(1) if earlier else "").splitlines() if "UTC" in line]
    _put("runs", "\n".join([*head, _line(found), *kept][: 2 + _KEPT]))
    _picture(folder / "validation.html", _PICTURES / "validation.png", 5200)
    return code


def _line(found: dict[str, Any]) -> str:
    """One validation: the errors that are judged, in per cent, by utilisation."""

    def errors(way: str, figure: str) -> str:
        told = [
            f"{100 * each['error']:+.1f} at {level['utilisation']:g}"
            for level in found["levels"]
            for each in level["compared"]
            if level["way"] == way and each["figure"] == figure and each["tolerance"] is not None
        ]
        return ", ".join(told) or "—"

    noisy = sum(level["is_noisy"] for level in found["levels"])
    missed = sum(each["is_met"] is False for level in found["levels"] for each in level["compared"])
    outcome = f"{missed} missed" if missed else "all met"
    if noisy:
        outcome += f", {noisy} levels on a busy machine"
    when = found["started_at"][:16].replace("T", " ")
    cells = [f"{when} UTC", errors("registry", "p95"), errors("portal", "p95")]
    return f"| {' | '.join([*cells, errors('portal', 'throughput'), outcome])} |"


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
            ", ".join(f"{each['id']} {each['recovered_s']}" for each in found["faults"]) or "—",
            f"{memory[0]:.0f} → {memory[-1]:.0f} MB" if memory else "—",
            "holds" if all(each["passed"] for each in found["checks"]) else "broken",
        ]
        lines.append(f"| {' | '.join(cells)} |")
        _picture(_OUT / f"{name}-load" / "load.html", _PICTURES / f"load-{name}.png", 1300)
    return "\n".join(lines)


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
