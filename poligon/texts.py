"""Every word of the command line, in both languages side by side."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from poligon.calibration.texts import CALIBRATE_TEXTS
from poligon.country.texts import COUNTRY_TEXTS
from poligon.load.texts import LOAD_TEXTS
from poligon.serve.texts import SERVE_TEXTS
from poligon.simulation.engine_texts import ENGINE_TEXTS
from poligon.studies.texts import STUDY_TEXTS
from reports.phrases import Nouns, Phrases
from rulebook import LANGUAGES, Language, Text

__all__ = ["LANGUAGES", "PROBLEMS", "PROCESSES", "language_of", "text"]


PROBLEMS: Final = Nouns(("ошибка", "ошибки", "ошибок"), ("error", "errors"))
PROCESSES: Final = Nouns(("процесс", "процесса", "процессов"), ("process", "processes"))

_OWN: Final = {
    # Help
    "about": Text(
        "Полигон: модель и испытательный стенд портала госуслуг для организаций.",
        "Poligon: a simulation and test harness of the state-services portal for organizations.",
    ),
    "help_version": Text("Показать версию.", "Show the version."),
    "help_lang": Text("Язык сообщений и отчёта: ru или en.", "Language of messages: ru or en."),
    "help_simulate": Text(
        "Смоделировать сценарий и написать отчёт.", "Simulate a scenario and write its report."
    ),
    "help_scenario": Text("Файл сценария (YAML).", "The scenario file (YAML)."),
    "help_replications": Text(
        "Сколько репликаций (по умолчанию из сценария, там 10).",
        "How many replications (default: the scenario's, there 10).",
    ),
    "help_until_precision": Text(
        "Продолжать, пока половина интервала показателя не станет меньше этой доли среднего.",
        "Go on until half the metric's interval is below this share of its mean.",
    ),
    "help_jobs": Text(
        "Сколько процессов (по умолчанию по числу процессоров).",
        "How many processes (default: one per processor).",
    ),
    "help_backend": Text(
        "Где считать: local — на этой машине, dask — на кластере Dask.",
        "Where to run: local is this machine, dask a cluster of Dask.",
    ),
    "help_scheduler": Text(
        "Адрес планировщика Dask: tcp://узел:8786.", "Address of Dask's scheduler: tcp://host:8786."
    ),
    "help_scale": Text(
        "Множитель потоков и постоянных мощностей, но не времён.",
        "Multiplies arrival rates and constant capacities, never times.",
    ),
    "help_seed": Text(
        "Зерно случайных чисел вместо заданного сценарием.",
        "Seed of random numbers instead of the scenario's.",
    ),
    "help_set": Text(
        "Изменить сценарий: stations.egrul.servers=12. Можно повторять.",
        "Change the scenario: stations.egrul.servers=12. May be repeated.",
    ),
    "help_events": Text(
        "Записать журнал событий: csv, parquet или xes.", "Write an event log: csv, parquet or xes."
    ),
    "help_out": Text(
        "Папка отчёта (по умолчанию reports/out/ИМЯ_СЦЕНАРИЯ).",
        "Folder of the report (default: reports/out/SCENARIO_NAME).",
    ),
    "help_check": Text(
        "Код возврата 1, если цель не достигнута.", "Exit with 1 if an objective is not met."
    ),
    "help_json": Text(
        "Вывести summary.json; остальное — в поток ошибок.",
        "Print summary.json; everything else goes to standard error.",
    ),
    "help_journal": Text(
        "Проверить журнал в базе портала: цела ли цепочка записей.",
        "Check the journal in a portal's database: whether its chain is whole.",
    ),
    "help_kept_db": Text(
        "База портала: sqlite:///ФАЙЛ или postgresql://…; она только читается.",
        "The portal's database: sqlite:///FILE or postgresql://…; it is only read.",
    ),
    "journal_whole": Text(
        "Журнал цел. Записей: {lines}, хеш последней: {digest}",
        "The journal is whole. Lines: {lines}, digest of the last one: {digest}",
    ),
    "journal_broken": Text(
        "Журнал повреждён: запись {number} не сходится с предыдущей",
        "The journal is broken: line {number} does not fit the one before",
    ),
    "help_rules": Text("Показать свод правил по главам.", "Show the rule book by chapter."),
    "help_matrix": Text(
        "Матрица: правило, где оно действует и чем показано в спецификациях.",
        "The matrix of rules: where each works, and what the specs have shown of it.",
    ),
    "help_schema": Text(
        "Вывести JSON Schema сценария.", "Print the JSON Schema of scenario files."
    ),
    # Wrong options, by the code of the problem
    "option_choice": Text(
        "{option}: получено «{got}»; допустимо: {allowed}",
        '{option}: got "{got}"; allowed: {allowed}',
    ),
    "option_count": Text(
        "{option}: ожидалось целое число от {low} до {high}, получено «{got}»",
        '{option}: expected a whole number from {low} to {high}, got "{got}"',
    ),
    "option_factor": Text(
        "{option}: ожидалось конечное число больше 0, получено «{got}»",
        '{option}: expected a finite number above 0, got "{got}"',
    ),
    "option_precision": Text(
        "{option}: ожидалось ПОКАЗАТЕЛЬ=ДОЛЯ, доля больше 0 и меньше 1, получено «{got}»",
        '{option}: expected METRIC=SHARE, the share above 0 and below 1, got "{got}"',
    ),
    "option_metric": Text(
        "{option}: в этом сценарии нет показателя «{got}»",
        '{option}: this scenario has no metric "{got}"',
    ),
    "option_closest": Text("; похожие: {names}", "; similar: {names}"),
    "option_scheduler": Text(
        "{option} {got}: нужен адрес планировщика: --scheduler tcp://узел:8786",
        "{option} {got}: needs the scheduler's address: --scheduler tcp://host:8786",
    ),
    "option_scheduler_unreachable": Text(
        "{option} {got}: планировщик Dask не отвечает: {reason}",
        "{option} {got}: no scheduler of Dask answers: {reason}",
    ),
    "option_scheduler_workers": Text(
        "{option} {got}: у планировщика нет ни одного рабочего процесса",
        "{option} {got}: the scheduler has no worker",
    ),
    "option_scheduler_versions": Text(
        "{option} {got}: у рабочего процесса другие версии, результаты не совпали бы: {reason}",
        "{option} {got}: a worker has other versions, results would differ: {reason}",
    ),
    "option_events_here": Text(
        "{option} {got}: журнал событий пишут только процессы этой машины: --backend local",
        "{option} {got}: only processes of this machine write an event log: --backend local",
    ),
    "option_without": Text(
        "{option}: нужен только вместе с --backend dask",
        "{option}: goes together with --backend dask only",
    ),
    "option_scenario": Text(
        "{option}: только вместе с --scenario", "{option}: only together with --scenario"
    ),
    "option_database": Text(
        "{option}: базу открыть не удалось: {reason}",
        "{option}: the database cannot be opened: {reason}",
    ),
    "option_request_log": Text(
        "{option} {got}: записать файл не удалось: {reason}",
        "{option} {got}: the file cannot be written: {reason}",
    ),
    "option_extra": Text(
        "{option} {got}: не установлено дополнение {extra}; "
        "поставьте его: pip install -e '.[{extra}]'",
        "{option} {got}: the extra {extra} is not installed; "
        "install it: pip install -e '.[{extra}]'",
    ),
    "option_start": Text(
        "{option}: ожидалось местное время вида 2026-04-20T09:00 или now, получено «{got}»",
        '{option}: expected a local time as 2026-04-20T09:00, or now, got "{got}"',
    ),
    "option_host": Text(
        "{option}: ожидался адрес, получено «{got}»", '{option}: expected an address, got "{got}"'
    ),
    "option_port_taken": Text(
        "{option} {got}: порт занят; возьмите другой или 0 — любой свободный",
        "{option} {got}: the port is taken; take another one or 0 for any free one",
    ),
    "option_port_forbidden": Text(
        "{option} {got}: на этом порту слушать не разрешено; возьмите порт от 1024 или 0 — любой "
        "свободный",
        "{option} {got}: listening at this port is not permitted; take one from 1024 up or 0 for "
        "any free one",
    ),
    "option_host_form": Text(
        "{option}: «{got}» — не имя машины: в нём буквы, цифры, - и точки",
        '{option}: "{got}" is no name of a machine: it has letters, digits, - and dots',
    ),
    "option_host_unknown": Text(
        "{option}: имя {got} не найдено; нужны адрес или имя этой машины",
        "{option}: the name {got} is not found; expected an address or a name of this machine",
    ),
    "option_host_elsewhere": Text(
        "{option}: у этой машины нет адреса {got}; 0.0.0.0 и :: — все её адреса",
        "{option}: this machine has no address {got}; 0.0.0.0 and :: are all that it has",
    ),
    "option_address": Text(
        "{option}: на {got} слушать нельзя: {reason}", "{option}: can't listen at {got}: {reason}"
    ),
    "option_folder_name": Text(
        "{option}: ожидалось имя папки, получено «{got}»",
        '{option}: expected the name of a folder, got "{got}"',
    ),
    "option_file_name": Text(
        "{option}: ожидалось имя файла, получено «{got}»",
        '{option}: expected the name of a file, got "{got}"',
    ),
    "option_folder": Text(
        "{option}: «{got}» — не папка, и сделать её нельзя: {reason}",
        '{option}: "{got}" is no folder and can\'t be made one: {reason}',
    ),
    "option_one_of": Text(
        "нужен ровно один из ключей {option}; дано: {got}",
        "expected exactly one of {option}; given: {got}",
    ),
    "option_needed": Text("{option}: этот ключ нужен", "{option}: this option is needed"),
    "option_day": Text(
        "{option}: получено «{got}»; ожидается день ГГГГ-ММ-ДД",
        '{option}: got "{got}"; expected a day, YYYY-MM-DD',
    ),
    "option_unfit": Text("{option} {got}: {reason}", "{option} {got}: {reason}"),
    "option_digits": Text(
        "{option}: ожидалось цифр подряд: {digits}, получено «{got}»",
        '{option}: expected digits in a row: {digits}, got "{got}"',
    ),
    "option_check_digits": Text(
        "{option}: в номере {got} не сходится контрольное число: в конце {typed}, должно быть "
        "{expected}",
        "{option}: the check digits of {got} are wrong: it ends with {typed}, expected {expected}",
    ),
    "option_nobody": Text(
        "{option}: номера {got} ни у кого нет в стране {seed}, где записей {size}",
        "{option}: nobody has {got} in country {seed} of {size} records",
    ),
    # Errors
    "error": Text("ошибка: {message}", "error: {message}"),
    "usage_unknown_option": Text("{option}: такого ключа нет", "{option}: there is no such option"),
    "usage_needs_value": Text("{option}: нужно значение", "{option}: needs a value"),
    "usage_takes_no_value": Text("{option}: значение не указывают", "{option}: takes no value"),
    "usage_missing": Text("не указано: {name}", "missing: {name}"),
    "usage_unknown_command": Text("команды «{name}» нет", 'there is no command "{name}"'),
    "usage_no_command": Text("не указана команда", "missing: a command"),
    "usage_extra": Text("лишние слова: {words}", "unexpected words: {words}"),
    "see_help": Text("подсказка: {command} --help", "see: {command} --help"),
    "problems": Text("{problems}; ничего не сделано", "{problems}; nothing was done"),
    "endless": Text(
        "обращение № {number} пути {journey} никогда не закончится: за сто сроков поступления оно "
        "всё ещё на шаге {node}. Проверьте, что станции этого шага хватает мест обслуживания и что "
        "с шага есть выход; либо задайте calendar.horizon",
        "case {number} of journey {journey} can never end: after a hundred arrival spans it is "
        "still at node {node}. Check that the node's station has enough servers and that a way "
        "leads out of the node; or give calendar.horizon",
    ),
    "too_many": Text(
        "на репликацию пришлось бы около {expected} обращений, больше {most} не посчитать; "
        "уменьшите --scale или потоки сценария",
        "a replication would have about {expected} cases, more than {most} can't be run; "
        "lower --scale or the scenario's rates",
    ),
    "unwritable": Text(
        "в {folder} не записать: {reason}", "can't write to {folder}: {reason}"
    ),
    "worker_lost": Text(
        "рабочий процесс прерван извне (хватает ли памяти? меньше процессов: --jobs 1)",
        "a worker process was ended from outside (out of memory? fewer processes: --jobs 1)",
    ),
    "crash": Text("сбой Poligon: {kind}: {message}", "Poligon failed: {kind}: {message}"),
    "crash_hint": Text(
        "это ошибка программы; подробности: POLIGON_DEBUG=1 и та же команда",
        "this is a fault of the program; for details: POLIGON_DEBUG=1 and the same command",
    ),
    "interrupted": Text("прервано; ничего не записано", "interrupted; nothing was written"),
    "broken_checks": Text(
        "модель нарушила законы сохранения, числам верить нельзя; отчёт записан",
        "the model broke conservation laws, its figures can't be trusted; the report was written",
    ),
    "broken_check": Text("  {name}: {detail}", "  {name}: {detail}"),
    # Progress
    "starts": Text(
        "Сценарий «{name}»: {replications}, {jobs}",
        "Scenario “{name}”: {replications}, {jobs}",
    ),
    "warming_up": Text(
        "разогрев, пробная репликация {number}: {moment}",
        "warm-up, pilot replication {number}: {moment}",
    ),
    "running": Text("репликация {number}: {moment}", "replication {number}: {moment}"),
    "running_many": Text("репликации {numbers}: {moment}", "replications {numbers}: {moment}"),
    "done": Text("готово репликаций: {done} из {total}", "replications done: {done} of {total}"),
    # The outcome
    "report": Text("Отчёт: {path}", "Report: {path}"),
    "event_log": Text("Журнал событий: {path}", "Event log: {path}"),
    "scaled": Text(
        "Масштаб {scale}: потоки и постоянные мощности умножены на него, числа обращений тоже",
        "Scale {scale}: it multiplies arrival rates and constant capacities, so also counts",
    ),
    "objectives": Text("Цели:", "Objectives:"),
    "objective": Text(
        "{mark} {id}: {asked} — {value}{interval}; {bound}; запас {margin}",
        "{mark} {id}: {asked}: {value}{interval}; {bound}; margin {margin}",
    ),
    "objective_none": Text(
        "{mark} {id}: {asked} — значения нет; {bound}", "{mark} {id}: {asked}: no value; {bound}"
    ),
    "note": Text("внимание: {note}", "note: {note}"),
    "imprecise": Text(
        "внимание: точность не достигнута и за {replications} репликаций",
        "note: the precision was not reached in {replications} replications",
    ),
    # Rules
    "rule": Text("Правило", "Rule"),
    "rule_text": Text("Что требуется", "What it demands"),
    "use": Text("Где действует", "Where it works"),
    "sources": Text("Источники", "Sources"),
    "accepting": Text("Принимает", "Accepts"),
    "refusing": Text("Отказывает", "Refuses"),
    "spec_result": Text("Спецификации", "Specs"),
    "spec_passed": Text("пройдены", "passed"),
    "spec_failed": Text("не пройдены", "failed"),
    "spec_skipped": Text("пропущены", "skipped"),
    "gates": Text("Проверок в модели", "Gates of the model"),
    "rules_total": Text(
        "Правил: {rules}, глав: {chapters}", "Rules: {rules}, chapters: {chapters}"
    ),
}  # fmt: skip

text: Final = Phrases(
    _OWN,
    CALIBRATE_TEXTS,
    COUNTRY_TEXTS,
    ENGINE_TEXTS,
    LOAD_TEXTS,
    SERVE_TEXTS,
    STUDY_TEXTS,
)


def language_of(argv: Sequence[str]) -> Language:
    """What `--lang` says, found before the words are read: help and errors need it too."""
    words = [word.removeprefix("--lang=") for word in argv if word.startswith("--lang=")]
    words += [value for option, value in pairwise(argv) if option == "--lang"]
    return next((lang for lang in LANGUAGES if lang in words[-1:]), LANGUAGES[0])
