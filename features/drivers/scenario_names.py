"""A scenario's name as the name of what belongs to it alone on a shared server."""

import hashlib
import re

__all__ = ["area_name"]


def area_name(scenario: str) -> str:
    """A name that no other scenario has, also of another file: small Latin letters, digits,
    hyphens, at most 57 characters."""
    words = re.sub(r"[^a-z0-9]+", "-", scenario.rpartition("/")[2].partition("::")[0]).strip("-")
    return f"{words[:40]}-{hashlib.sha256(scenario.encode()).hexdigest()[:16]}"
