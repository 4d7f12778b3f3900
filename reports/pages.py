"""Pages that need nothing but themselves: templates, their filters, files put in as they are."""

from functools import partial
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from reports.formatting import count, duration, factor, share
from rulebook import Language

__all__ = ["environment", "raw"]

HERE = Path(__file__).parent


def environment(lang: Language) -> Environment:
    """The templates, escaping on; the filters show numbers in `lang` (ru or en)."""
    templates = Environment(
        loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    templates.filters |= {
        name: partial(_in_language, show, lang)
        for name, show in {
            "count": count,
            "duration": duration,
            "share": share,
            "factor": factor,
        }.items()
    }
    return templates


def raw(path: str) -> Markup:
    """A file of ours or a vendored one, as it is."""
    return Markup((HERE / path).read_text(encoding="utf-8"))


def _in_language(show: Any, lang: Language, value: float | None) -> str:
    return str(show(value, lang))
