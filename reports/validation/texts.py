"""Every word of the report of a validation, in both languages side by side."""

from typing import Final

from reports.phrases import Phrases
from rulebook import Text

__all__ = ["validation_text"]

TEXTS: Final = {
    "title": Text("{name} — модель против живого", "{name} — model against live"),
    "kind": Text("Предсказание и измерение", "Prediction and measurement"),
    "skip": Text("К содержанию", "Skip to content"),
    "no_script": Text(
        "Графики рисует скрипт; без него остаются таблицы.",
        "A script draws the charts; without it there are the tables.",
    ),
    "verdict_met": Text("Все допуски выдержаны", "Every tolerance is met"),
    "verdict_missed": Text("Допуск не выдержан: {levels}", "Outside its tolerance: {levels}"),
    "verdict_noisy": Text(
        "Машина была занята другим, судить нельзя: {levels}",
        "The machine had too much else to do to tell: {levels}",
    ),
    "how": Text(
        "Одни и те же поступления и там и тут; у реестра и длительности ответов общие. Разница "
        "взята по всем репликациям вместе, в скобках — её 95-процентный интервал (складной нож по "
        "репликациям). Допуск выдержан, если в нём разница; «интервал шире» — если не весь "
        "интервал.",
        "The same arrivals in both; of a registry the same service times as well. A difference is "
        "of all replications together, in brackets is its 95% interval (a jackknife over "
        "replications). A tolerance is met if the difference is within it; “its interval is wider” "
        "if not all of the interval is.",
    ),
    "way_registry": Text(
        "Реестр {station}: мест {servers}, ответ в среднем {service}",
        "Registry {station}: {servers} servers, {service} an answer on average",
    ),
    "way_portal": Text(
        "Портал: процессор, журнал, база {place}",
        "The portal: processor, journal, database {place}",
    ),
    "in_memory": Text("в памяти", "in memory"),
    "in_a_file": Text("во временном файле", "in a temporary file"),
    "short_registry": Text("реестр", "registry"),
    "short_portal": Text("портал", "portal"),
    "utilisation": Text("Загрузка", "Utilisation"),
    "rate": Text("Поступлений в секунду", "Arrivals a second"),
    "cases": Text("Обращений", "Cases"),
    "figure": Text("Показатель", "Figure"),
    "model": Text("модель", "model"),
    "live": Text("живое", "live"),
    "difference": Text("Разница", "Difference"),
    "tolerance": Text("Допуск", "Tolerance"),
    "outcome": Text("Итог", "Outcome"),
    "mean": Text("среднее", "mean"),
    "p50": Text("медиана", "median"),
    "p95": Text("95 из 100", "95 in 100"),
    "p99": Text("99 из 100", "99 in 100"),
    "throughput": Text("обслужено в секунду", "served a second"),
    "refused": Text("отказано", "refused"),
    "failed": Text("сорвано или пропало", "failed or missing"),
    "met": Text("выдержан", "met"),
    "met_not_shown": Text("выдержан, интервал шире", "met, its interval is wider"),
    "missed": Text("не выдержан", "missed"),
    "noisy": Text("машина занята", "machine busy"),
    "missed_noisy": Text("не выдержан, машина занята", "missed, machine busy"),
    "others": Text(
        "чужие процессы {cpu} ядра, опоздание нагрузчика {lag} (99 из 100)",
        "other processes {cpu} processors, requests late by {lag} (99 in 100)",
    ),
    "processor": Text(
        "процессор сервера {least}–{most} от скорости при калибровке",
        "the server's processor at {least} to {most} of the calibration's",
    ),
    "dearness": Text(
        "процессорного времени на ответ {least}–{most} от калибровки, так и предсказано",
        "an answer took {least} to {most} of the calibration's processor time and is predicted so",
    ),
    "curves": Text(
        "Загрузка {utilisation}: доля обращений не дольше",
        "Utilisation {utilisation}: share of cases no longer than",
    ),
    "over_utilisation": Text("95 из 100, от загрузки", "95 in 100, over utilisation"),
    "calibration": Text("Калибровка портала", "Calibration of the portal"),
    "alone": Text("Поодиночке", "Alone"),
    "alone_line": Text("{name}: {ms} мс, замеров {n}", "{name}: {ms} ms, {n} samples"),
    "speeds": Text("Быстрее вместе", "Faster together"),
    "speed_line": Text("{speed} при {inside} внутри", "{speed} with {inside} inside"),
    "refusal": Text("Отказ занимает", "A refusal takes"),
    "saturation": Text("Насыщение по калибровке", "Saturation by the calibration"),
    "elasticity": Text("Замедляется с процессором", "Slows down with the processor"),
    "elasticity_line": Text(
        "на {share}\u00a0% за каждый процент его скорости",
        "by {share}% for each per cent of its speed",
    ),
    "a_second": Text(
        "{rate} в секунду при скорости процессора, какой она была тогда",
        "{rate} a second of a processor as fast as then",
    ),
    "facts": Text("О прогоне", "About the run"),
    "seed": Text("Зерно", "Seed"),
    "command": Text("Команда", "Command"),
    "machine": Text("Машина", "Machine"),
    "when": Text("Начат", "Begun"),
    "took": Text("Длился", "Took"),
    "versions": Text("Версии", "Versions"),
}  # fmt: skip

validation_text: Final = Phrases(TEXTS)
