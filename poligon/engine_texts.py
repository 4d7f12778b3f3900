"""Words about engines, in both languages."""

from typing import Final

from reports.texts import Text

__all__ = ["ENGINE_TEXTS"]

ENGINE_TEXTS: Final = {
    "help_engine": Text(
        "Движок: auto, simpy, compiled; показатели у них одни и те же.",
        "Engine: auto, simpy, compiled; their figures are the same.",
    ),
    "compiling": Text(
        "Движок компилируется: один раз для этой версии, около двадцати секунд",
        "The engine is being compiled: once for this version, some twenty seconds",
    ),
    "option_engine_judges": Text(
        "{option} {got}: решения на проверках принимает код портала, его исполняет только simpy",
        "{option} {got}: the portal's own code decides at gates, and only simpy runs that",
    ),
    "option_engine_size": Text(
        "{option} {got}: модель слишком велика для него; её исполняет simpy",
        "{option} {got}: the model is too large for it; simpy runs it",
    ),
}
