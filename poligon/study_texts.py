"""Words of the commands for experiments over many runs, in both languages side by side."""

from typing import Final

from reports.texts import Text

__all__ = ["STUDY_TEXTS"]

STUDY_TEXTS: Final = {
    # Help
    "help_compare": Text(
        "Сравнить два сценария на одних случайных числах: что изменилось и насколько.",
        "Compare two scenarios on the same random numbers: what has changed and by how much.",
    ),
    "help_compare_a": Text("Файл сценария A.", "The scenario file A."),
    "help_compare_b": Text(
        "Файл сценария B (без него — тот же файл с --set-b).",
        "The scenario file B (without it: the same file with --set-b).",
    ),
    "help_set_both": Text(
        "Изменить оба сценария: KEY=VALUE. Можно повторять.",
        "Change both scenarios: KEY=VALUE. May be repeated.",
    ),
    "help_set_a": Text(
        "Изменить только A. Можно повторять.", "Change A only. May be repeated."
    ),
    "help_set_b": Text(
        "Изменить только B: --set-b faults=[]. Можно повторять.",
        "Change B only: --set-b faults=[]. May be repeated.",
    ),
    "help_out_study": Text(
        "Папка отчёта (по умолчанию reports/out/КОМАНДА_ИМЯ).",
        "Folder of the report (default: reports/out/COMMAND_NAME).",
    ),
    "help_json_study": Text(
        "Вывести файл JSON отчёта; остальное — в поток ошибок.",
        "Print the report's JSON; everything else goes to standard error.",
    ),
    # Wrong options
    "option_same_sides": Text(
        "B: сравнивать не с чем: нужен второй сценарий или --set-b (или --set-a)",
        "B: there is nothing to compare with: give a second scenario or --set-b (or --set-a)",
    ),
    # Progress
    "study_starts": Text("{name}: {runs}, {workers}", "{name}: {runs}, {workers}"),
    "study_starts_open": Text("{name}: {workers}", "{name}: {workers}"),
    "study_point": Text("{point}: готово прогонов {done}", "{point}: {done} runs done"),
    "study_reached": Text(
        "{point}: репликация {number}: {moment}", "{point}: replication {number}: {moment}"
    ),
    # Errors
    "study_broken": Text(
        "модель нарушила законы сохранения, числам верить нельзя; {point}, репликация {number}",
        "the model broke conservation laws, its figures can't be trusted; {point}, replication "
        "{number}",
    ),
}  # fmt: skip
