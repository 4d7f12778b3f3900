"""Words about engines, in both languages."""

from typing import Final

from rulebook import Text

__all__ = ["ENGINE_TEXTS"]

ENGINE_TEXTS: Final = {
    "help_engine": Text(
        "Движок: auto, simpy, compiled; показатели у них одни и те же.",
        "Engine: auto, simpy, compiled; their figures are the same.",
    ),
    "help_fidelity": Text(
        "Кто решает на проверках: flow — ошибки заявки, twin — код портала.",
        "Who decides at gates: flow, a case's defects; twin, the portal's own code.",
    ),
    "compiling": Text(
        "Движок компилируется: один раз для этой версии, около двадцати секунд",
        "The engine is being compiled: once for this version, some twenty seconds",
    ),
    "option_engine_judges": Text(
        "{option} {got}: решения на проверках принимает код портала, его исполняет только simpy",
        "{option} {got}: the portal's own code decides at gates, and only simpy runs that",
    ),
    "option_own_gates": Text(
        "{option} {got}: портал знает проверки встроенных путей, а здесь есть свои ({gates})",
        "{option} {got}: the portal knows gates of built-in journeys; here are others ({gates})",
    ),
    "option_early": Text(
        "{option} {got}: сценарий начинается {start}, а страна описана на {first}",
        "{option} {got}: the scenario starts on {start}, the country is described on {first}",
    ),
    "option_unfit_policy": Text(
        "{option} {got}: {file}, {keys}: портал отказывает и тому, кто не ошибся "
        "({place}, правило {rules})",
        "{option} {got}: {file}, {keys}: the portal refuses even whoever makes no mistake "
        "({place}, rule {rules})",
    ),
    "option_unfit_defect": Text(
        "{option} {got}: {file}, {keys}: ошибку {place} при таких правилах не сделать",
        "{option} {got}: {file}, {keys}: under such rules nobody can make the mistake {place}",
    ),
    "option_engine_size": Text(
        "{option} {got}: модель слишком велика для него; её исполняет simpy",
        "{option} {got}: the model is too large for it; simpy runs it",
    ),
}
