"""Words of the commands for experiments over many runs, in both languages side by side."""

from typing import Final

from rulebook import Text

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
    "help_sweep": Text(
        "Смоделировать сетку значений ключей; прерванное продолжается той же командой.",
        "Simulate a grid of values of keys; the same command goes on after an interruption.",
    ),
    "help_vary": Text(
        "Ключ сценария, как в --set, и его значения. Можно повторять.",
        "A key of the scenario, as in --set, and its values. May be repeated.",
    ),
    "help_metric": Text(
        "Показать и этот показатель: journeys.binding.time.p95. Можно повторять.",
        "Show this metric too: journeys.binding.time.p95. May be repeated.",
    ),
    "help_plan": Text(
        "Найти самую дешёвую мощность, с которой выполняются цели, с заданной уверенностью.",
        "Find the cheapest capacity that meets objectives at a stated confidence.",
    ),
    "help_objective": Text(
        "Цель сценария, которую надо выполнить. Можно повторять.",
        "An objective of the scenario to be met. May be repeated.",
    ),
    "help_cost": Text(
        "Цена единицы ключа (по умолчанию 1). Можно повторять.",
        "The price of a unit of a key (default: 1). May be repeated.",
    ),
    "help_confidence": Text(
        "Уверенность в ответе, от 0,5 до 1 (по умолчанию 0.95).",
        "How sure the answer has to be, 0.5 to 1 (default: 0.95).",
    ),
    "help_most_replications": Text(
        "Не больше стольких репликаций на мощность (по умолчанию 200).",
        "At most so many replications of a capacity (default: 200).",
    ),
    "help_sensitivity": Text(
        "Показать, что даёт десятая часть мощности каждой станции и доли каждой ошибки (много "
        "прогонов).",
        "Show what a tenth of each station's capacity and of each error brings (many runs).",
    ),
    "sensitivity": Text("Чувствительность", "Sensitivity"),
    # Wrong options
    "option_vary_order": Text(
        "{option}: для плана нужны числа по возрастанию, получено «{got}»",
        '{option}: a plan needs numbers that go up, got "{got}"',
    ),
    "option_cost": Text(
        "{option}: ожидалось КЛЮЧ=ЦЕНА, цена больше 0, получено «{got}»",
        '{option}: expected KEY=PRICE, the price above 0, got "{got}"',
    ),
    "option_cost_key": Text(
        "{option}: ключа {got} нет среди --vary", "{option}: the key {got} is not among --vary"
    ),
    "option_confidence": Text(
        "{option}: ожидалось число от 0.5 и меньше 1, получено «{got}»",
        '{option}: expected a number from 0.5 and below 1, got "{got}"',
    ),
    "option_objective": Text(
        "{option}: в сценарии нет цели «{got}»; есть: {allowed}",
        '{option}: the scenario has no objective "{got}"; it has: {allowed}',
    ),
    "option_vary_syntax": Text(
        "{option}: ожидалось КЛЮЧ=4,8,16 или КЛЮЧ=1..10[:ШАГ], получено «{got}»",
        '{option}: expected KEY=4,8,16 or KEY=1..10[:STEP], got "{got}"',
    ),
    "option_vary_range": Text(
        "{option}: ожидалось ОТ..ДО[:ШАГ], числа по возрастанию, у дробных — с шагом, "
        "получено «{got}»",
        "{option}: expected FROM..TO[:STEP], numbers going up, fractions with a step, got "
        '"{got}"',
    ),
    "option_vary_repeated": Text(
        "{option}: одно значение дважды: «{got}»", '{option}: a value is given twice: "{got}"'
    ),
    "option_vary_twice": Text(
        "{option}: ключ {got} указан дважды", "{option}: the key {got} is given twice"
    ),
    "option_vary_many": Text(
        "{option}: точек больше {most}: «{got}»", '{option}: more than {most} points: "{got}"'
    ),
    "option_of_simulate": Text(
        "{option}: этот ключ есть только у simulate", "{option}: only simulate takes this option"
    ),
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
    "interrupted_kept": Text(
        "прервано; завершённые прогоны сохранены, та же команда продолжит с них",
        "interrupted; finished runs are kept, the same command goes on from them",
    ),
    # Errors
    "cluster_lost": Text(
        "кластер потерян: планировщик ушёл, или каждый рабочий процесс погибал на этой репликации",
        "the cluster was lost: the scheduler went away, or every worker died over a replication",
    ),
    "study_nothing_due": Text(
        "цель {id}: ни в одной репликации нет обращения, срок которого ({term}) кончился бы до "
        "calendar.horizon ({horizon}); отодвиньте horizon",
        "objective {id}: in no replication did a case's term ({term}) end before calendar.horizon "
        "({horizon}); set a later horizon",
    ),
    "study_no_cases": Text(
        "цель {id}: ни в одной репликации нет обращений {journey}",
        "objective {id}: no replication had a case of {journey}",
    ),
    "study_broken": Text(
        "модель нарушила законы сохранения, числам верить нельзя; {point}, репликация {number}",
        "the model broke conservation laws, its figures can't be trusted; {point}, replication "
        "{number}",
    ),
}  # fmt: skip
