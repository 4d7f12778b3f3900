"""Words of `poligon calibrate`, in both languages side by side."""

from typing import Final

from rulebook import Text

__all__ = ["CALIBRATE_TEXTS"]

CALIBRATE_TEXTS: Final = {
    "help_calibrate": Text(
        "Построить сценарий по журналу событий (XES или CSV) с отчётом, чего журнал не сказал.",
        "Make a scenario of an event log (XES or CSV), with a report of what it could not tell.",
    ),
    "help_calibrate_log": Text(
        "Журнал: .xes, .xes.gz, .csv, .csv.gz.", "The log: .xes, .xes.gz, .csv, .csv.gz."
    ),
    "help_calibrate_out": Text(
        "Файл сценария; файлы данных ложатся рядом.",
        "The scenario file; its data files go beside it.",
    ),
    "help_calibrate_report": Text(
        "Папка отчёта (по умолчанию reports/out/calibrate_ИМЯ).",
        "Folder of the report (default: reports/out/calibrate_NAME).",
    ),
    "help_calibrate_columns": Text(
        "Столбцы CSV по ролям: case=…,activity=…,time=…,start=…,resource=… Можно повторять.",
        "Columns of a CSV by role: case=…,activity=…,time=…,start=…,resource=… May be repeated.",
    ),
    "help_calibrate_timezone": Text(
        "Часовой пояс журнала (по умолчанию узнаётся по смещениям, без них Europe/Moscow).",
        "Time zone of the log (default: found by its offsets, without them Europe/Moscow).",
    ),
    "help_calibrate_country": Text(
        "Чьи праздники (по умолчанию RU).", "Whose holidays (default: RU)."
    ),
    "help_calibrate_arrivals": Text(
        "rate — поток по профилю, instants — сами моменты из журнала.",
        "rate: a stream by a profile; instants: the very instants of the log.",
    ),
    "help_calibrate_holdout": Text(
        "Отложить эту долю последних обращений и предсказать их по остальным, например 0.3.",
        "Hold out this share of the last cases and predict them from the others, for example 0.3.",
    ),
    "help_calibrate_recent": Text(
        "Учить только на этой доле последних обращений, например 0.3.",
        "Learn from this share of the latest cases only, for example 0.3.",
    ),
    "help_calibrate_name": Text(
        "Название сценария (по умолчанию имя журнала).",
        "Name of the scenario (default: the name of the log).",
    ),
    "help_calibrate_json": Text(
        "Вывести calibration.json; остальное — в поток ошибок.",
        "Print calibration.json; everything else goes to standard error.",
    ),
    "option_columns": Text(
        "{option}: ожидалось роль=столбец, роли: {allowed}; получено «{got}»",
        '{option}: expected role=column, roles: {allowed}; got "{got}"',
    ),
    "option_share_open": Text(
        "{option}: ожидалась доля больше 0 и меньше 1, например 0.3; получено «{got}»",
        '{option}: expected a share above 0 and below 1 like 0.3, got "{got}"',
    ),
    "option_is_log": Text(
        "{option}: {got} — сам журнал, он был бы потерян; назовите другое место",
        "{option}: {got} is the log itself, which would be lost; name another place",
    ),
    "option_yaml": Text(
        "{option}: ожидался файл .yaml или .yml, получено «{got}»",
        '{option}: expected a file .yaml or .yml, got "{got}"',
    ),
    "calibrate_reading": Text("Чтение журнала {log}", "Reading the log {log}"),
    "calibrate_read": Text("Событий прочитано: {events}", "Events read: {events}"),
    "calibrate_fitting": Text("Подбор параметров", "Fitting parameters"),
    "calibrate_predicting": Text(
        "Прогноз отложенных обращений: репликация {done} из {total}",
        "Predicting the cases held out: replication {done} of {total}",
    ),
    "calibrate_scenario": Text("Сценарий: {path}", "Scenario: {path}"),
    "calibrate_limits": Text(
        "Чего журнал не сказал ({count}; подробности в отчёте):",
        "What the log could not tell ({count}; details in the report):",
    ),
    "calibrate_repairs": Text("Исправлено или не взято:", "Repaired or left out:"),
}
