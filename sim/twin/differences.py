"""Where the twin's verdict is not the flow model's, and why: drawn into docs/twin.md.

A lone mistake is reported by both under the same rule at every gate. Of two mistakes in one thing
the portal tells the first; the model, whose gates report every defect, tells both. The other is
told at the next visit.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Final

from rulebook import Text
from sim.twin.gates.question import QUESTIONS, OtherName

__all__ = [
    "CONSEQUENCES",
    "MASKS",
    "Consequence",
    "Mask",
    "allowed_consequences",
    "hidden",
    "other_names",
    "share_masked",
]


@dataclass(frozen=True)
class Mask:
    """Of one of `first` and another of `second` that a case has at once the portal may tell one
    alone, at the gates of `gates` (by journey; None: at every gate that asks for both)."""

    first: frozenset[str]
    second: frozenset[str]
    why: Text
    gates: Mapping[str, tuple[str, ...]] | None = None

    @property
    def pairs(self) -> Iterator[tuple[str, str]]:
        """Each pair of defects once."""
        for one, other in combinations(sorted(self.first | self.second), 2):
            if (one in self.first and other in self.second) or (
                other in self.first and one in self.second
            ):
                yield one, other

    def hidden(
        self, journey: str, gate: str, rule_of: Mapping[str, str], defects: Iterable[str]
    ) -> frozenset[str]:
        """The rules that the portal may leave out at this gate, of a case with these defects:
        those of its pairs. `rule_of` are the rules that the gate asks about, by defect."""
        if self.gates is not None and gate not in self.gates.get(journey, ()):
            return frozenset()
        has = rule_of.keys() & frozenset(defects)
        both = (pair for pair in self.pairs if has.issuperset(pair))
        return frozenset(rule_of[name] for pair in both for name in pair)


_NUMBERS: Final = frozenset({"inn_typo", "ogrn_typo", "spaces_in_requisites", "inn_ogrn_swapped"})
_STATUS: Final = frozenset({"cert_expired", "cert_revoked", "cert_not_accredited"})

MASKS: Final = (
    Mask(
        _NUMBERS,
        _NUMBERS,
        Text(
            "у одного номера портал называет одну ошибку: лишние знаки, затем перестановку, "
            "затем неверный разряд (ID-07, ID-08, ID-01–ID-04)",
            "of one number the portal names one mistake: other signs, then the swap, then the "
            "wrong digit (ID-07, ID-08, ID-01 to ID-04)",
        ),
    ),
    Mask(
        _STATUS,
        _STATUS,
        Text(
            "у сертификата одно состояние: об отзыве просроченного или выданного неаккредитованным "
            "центром не спрашивают",
            "a certificate has one status: whether one that has expired, or whose authority is not "
            "accredited, was revoked, nobody asks",
        ),
    ),
    Mask(
        frozenset({"clock_skew"}),
        frozenset({*_STATUS, "cert_personal"}),
        Text(
            "сертификат, который не привязан, не пробуют: часы видны лишь пробной подписи",
            "a certificate that is not bound is not tried, and the clock is seen by a signature",
        ),
        {"certificate": ("certificate_gate",)},
    ),
    Mask(
        frozenset({"employee_data_mismatch"}),
        frozenset({"phone_without_code", "email_invalid"}),
        Text(
            "с договором сверяют карточку, в которой нет опечаток",
            "a card is compared with the contract once nothing in it is mistyped",
        ),
        {"employees": ("form_gate",)},
    ),
)


@dataclass(frozen=True)
class Consequence:
    """Beside its own rule the defect `of` breaks `rules` too at the gates of `gates` (by journey):
    alone, or only together with one of `beside`. They are no verdict, and go with the defect."""

    of: str
    rules: frozenset[str]
    gates: Mapping[str, tuple[str, ...]]
    why: Text
    beside: frozenset[str] = frozenset()

    def follows(self, journey: str, gate: str, defects: Collection[str]) -> bool:
        """Whether it may at this gate, of a case with these defects."""
        here = gate in self.gates.get(journey, ())
        return (
            here and self.of in defects and (not self.beside or not self.beside.isdisjoint(defects))
        )


CONSEQUENCES: Final = (
    Consequence(
        "inn_of_other_org",
        frozenset({"BND-16"}),
        {"binding": ("registry_gate",)},
        Text(
            "по чужому ИНН ФНС не знает и счёта",
            "under somebody else's ИНН ФНС does not know the account either",
        ),
    ),
    Consequence(
        "inn_of_other_org",
        frozenset({"REG-05", "REG-14"}),
        {"registration": ("form_gate",)},
        Text(
            "если ОГРН не читается, запись ищут по ИНН: сверяют с чужой",
            "if the ОГРН cannot be read, the record is found by ИНН: the form is compared with "
            "another organization's",
        ),
        beside=_NUMBERS - {"inn_typo"},
    ),
    Consequence(
        "inn_of_other_org",
        frozenset({"BND-15"}),
        {"binding": ("form_gate",)},
        Text(
            "по той же причине руководителем оказывается другой",
            "for the same reason somebody else is its head",
        ),
        beside=_NUMBERS - {"inn_typo"},
    ),
    Consequence(
        "inn_ogrn_swapped",
        frozenset({"ID-01", "ID-02", "ID-03", "ID-04"}),
        {
            "registration": ("form_gate",),
            "activation": ("form_gate",),
            "binding": ("form_gate",),
            "certificate": ("form_gate",),
        },
        Text(
            "номер с другой ошибкой, вписанный не в своё поле, — ни один из двух",
            "a number with another mistake in it, in the field of the other one, is neither",
        ),
        beside=_NUMBERS - {"inn_ogrn_swapped"},
    ),
)


def allowed_consequences(journey: str, gate: str, defects: Collection[str]) -> frozenset[str]:
    """The rules beside those of the defects themselves that the portal may tell at a gate, of a
    case with these defects."""
    following = (each for each in CONSEQUENCES if each.follows(journey, gate, defects))
    return frozenset(rule for each in following for rule in each.rules)


def hidden(
    journey: str, gate: str, rule_of: Mapping[str, str], defects: Iterable[str]
) -> frozenset[str]:
    """The rules that the model counts at a gate and the portal may leave out, of a case with these
    defects; `rule_of` are the rules of the gate by defect."""
    has = frozenset(defects)
    return frozenset().union(*(mask.hidden(journey, gate, rule_of, has) for mask in MASKS))


def share_masked(probabilities: Mapping[str, float]) -> float:
    """A bound of the share of cases that may be told less at some gate: the sum over all pairs of
    the chance that a case has both."""
    pairs = {pair for mask in MASKS for pair in mask.pairs}
    return sum(probabilities.get(a, 0.0) * probabilities.get(b, 0.0) for a, b in pairs)


def other_names() -> Iterator[tuple[str, str, OtherName]]:
    """Journey, gate, and what the portal names otherwise there: the same verdict in other words."""
    for (journey, gate), question in sorted(QUESTIONS.items()):
        for other in question.others:
            yield journey, gate, other
