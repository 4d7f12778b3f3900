"""What an engine or the portal's own code cannot run, as a wrong option."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from poligon.options import OptionError, OptionProblem
from sim.engines.choice import Unsupported
from sim.twin.places import BeforeCountry, GatesOfOwn, UnfitPolicy
from world.dates import WORLD_DATE

__all__ = ["refusals"]


@contextmanager
def refusals(file: Path) -> Iterator[None]:
    """What refuses the scenario of `file` in here is told as OptionError."""
    try:
        yield
    except (Unsupported, GatesOfOwn, BeforeCountry, UnfitPolicy) as error:
        raise OptionError([_problem(error, file)]) from error


def _problem(
    refused: Unsupported | GatesOfOwn | BeforeCountry | UnfitPolicy, file: Path
) -> OptionProblem:
    match refused:
        case Unsupported():
            return OptionProblem(f"option_engine_{refused.reason}", "--engine", "compiled")
        case GatesOfOwn():
            return _of_twin("own_gates", gates=_listed(refused))
        case BeforeCountry():
            return _of_twin("early", start=refused.start, first=WORLD_DATE)
        case UnfitPolicy():
            keys = ", ".join(f"policy.{key}" for key in refused.parameters)
            code = "unfit_policy" if refused.rules else "unfit_defect"
            rules = ", ".join(refused.rules)
            return _of_twin(code, file=file, keys=keys, place=refused.place, rules=rules)


def _of_twin(code: str, **details: object) -> OptionProblem:
    return OptionProblem(f"option_{code}", "--fidelity", "twin", details)


def _listed(own: GatesOfOwn) -> str:
    return "; ".join(f"{journey}: {', '.join(names)}" for journey, names in own.gates.items())
