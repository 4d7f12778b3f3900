"""The closed vocabularies every room shares: applicants, sizes of business, uses, languages."""

from __future__ import annotations

from typing import Literal, TypeAlias, get_args

Kind: TypeAlias = Literal["legal", "sole_proprietor"]
"""Kind of applicant: a legal entity or a sole proprietor (S0 1.1.1, S0 1.1.2)."""

Tier: TypeAlias = Literal["small", "medium", "large"]
"""Size of business (ACT-05)."""

Use: TypeAlias = Literal["feature", "sim", "http", "mock", "load"]
"""Where a rule has to work: Gherkin, the model, the portal over HTTP, the mocks, the load test."""

Language: TypeAlias = Literal["ru", "en"]

KINDS: tuple[Kind, ...] = get_args(Kind)
TIERS: tuple[Tier, ...] = get_args(Tier)
USES: tuple[Use, ...] = get_args(Use)
LANGUAGES: tuple[Language, ...] = get_args(Language)
