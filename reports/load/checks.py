"""Laws of conservation of a load test in words: `found` of each as `loadtests.conservation` has
it."""

from collections.abc import Mapping, Sequence

from loadtests.results.result import LoadCheck
from reports.load.texts import load_text
from rulebook import Language

__all__ = ["check_in_words"]


def check_in_words(check: LoadCheck, lang: Language) -> str:
    """What was compared, with the numbers of a violation."""
    found = check.found
    match check.name:
        case "acknowledged":
            named = [f"{_kind(kind, lang)} {id_}" for kind, id_ in found["named"]]
            line = load_text("found_acknowledged", lang, **found)
            return line + _list(named)
        case "once":
            return load_text(
                "found_once",
                lang,
                doubled=found["doubled"],
                named=_list(found["named"]),
                extra=_by_kind(found["extra"], lang),
                unanswered=_by_kind(found["unanswered"], lang),
            )
        case _:
            whole = found["broken_at"] is None
            return load_text("found_whole" if whole else "found_broken", lang, **found)


def _list(named: Sequence[str]) -> str:
    return f": {', '.join(named)}" if named else ""


def _by_kind(counted: Mapping[str, int], lang: Language) -> str:
    parts = (f"{_kind(kind, lang)} {count}" for kind, count in sorted(counted.items()))
    return ", ".join(parts) or "0"


def _kind(kind: str, lang: Language) -> str:
    return load_text(f"kind_{kind}", lang)
