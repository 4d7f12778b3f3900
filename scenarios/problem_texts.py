"""The one table of what can be wrong with a scenario: stable code to what was expected, ru and en.

Names in braces are parameters of the problem; `got` is the value that was met, quoted.
"""

from collections.abc import Mapping
from typing import Final

__all__ = ["TEXTS"]

TEXTS: Final[Mapping[str, tuple[str, str]]] = {
    # --- the file ---
    "file_missing": ("файл не найден", "no such file"),
    "file_folder": ("ожидался файл, а это папка", "expected a file, this is a folder"),
    "file_unreadable": ("файл не читается", "the file cannot be read"),
    "file_size": (
        "файл больше {most} байт",
        "the file is larger than {most} bytes",
    ),
    "file_encoding": ("ожидался текст в UTF-8", "expected UTF-8 text"),
    "yaml_syntax": (
        "нарушен синтаксис YAML: проверьте отступы, двоеточия, скобки и кавычки",
        "broken YAML syntax: check indentation, colons, brackets and quotes",
    ),
    "yaml_quote": ("кавычка не закрыта", "the quote is not closed"),
    "yaml_tab": (
        "отступы делают пробелами, здесь табуляция",
        "indent with spaces, this is a tab",
    ),
    "yaml_character": (
        "недопустимый в YAML символ {got}",
        "character {got} is not allowed in YAML",
    ),
    "yaml_tag": ("метки типов не поддерживаются: {got}", "type tags are not supported: {got}"),
    "yaml_anchor": (
        "ссылка * на имя, которого выше нет среди &",
        "an alias * names no anchor & above it",
    ),
    "yaml_alias_loop": ("ссылка *{name} ведёт сама в себя", "alias *{name} contains itself"),
    "yaml_nodes": (
        "файл с раскрытыми ссылками больше {most} значений",
        "the file with its aliases expanded has more than {most} values",
    ),
    "yaml_depth": ("вложенность глубже {most} уровней", "nested deeper than {most} levels"),
    "yaml_key": (
        "ключ должен быть текстом (возьмите его в кавычки), получено {got}",
        "a key must be text (put it in quotes), got {got}",
    ),
    "yaml_duplicate_key": (
        "ключ уже задан в строке {first}",
        "the key is already given in line {first}",
    ),
    "yaml_documents": (
        "ожидался один документ, здесь начинается второй",
        "expected one document, a second one begins here",
    ),
    "yaml_empty": ("файл пуст", "the file is empty"),
    "yaml_top": (
        "ожидались ключи сценария (version, name, calendar, …), получено {got}",
        "expected the keys of a scenario (version, name, calendar, …), got {got}",
    ),
    # --- overrides on the command line ---
    "override_syntax": (
        "ожидалось КЛЮЧ=ЗНАЧЕНИЕ, например stations.egrul.servers=12",
        "expected KEY=VALUE, for example stations.egrul.servers=12",
    ),
    "override_path": ("в сценарии нет места {got}", "the scenario has no place {got}"),
    "override_station": ("станции {got} в сценарии нет", "the scenario has no station {got}"),
    "override_value": (
        "значение — не YAML: {got}",
        "the value is not YAML: {got}",
    ),
    # --- keys and shapes ---
    "missing": ("обязательный ключ не задан", "a required key is missing"),
    "unknown_key": ("неизвестный ключ", "unknown key"),
    "mapping": (
        "ожидались ключи со значениями, получено {got}",
        "expected keys with values, got {got}",
    ),
    "list": ("ожидался список, получено {got}", "expected a list, got {got}"),
    "too_short": (
        "ожидалось не меньше {least} элементов, получено {got}",
        "expected a list of {least} or more, got {got}",
    ),
    "too_long": (
        "ожидалось не больше {most} элементов, получено {got}",
        "expected at most {most} items, got {got}",
    ),
    "invalid": ("недопустимое значение {got}", "invalid value {got}"),
    "choice": (
        "ожидалось одно из значений, получено {got}",
        "expected one of the values, got {got}",
    ),
    "version": (
        "ожидалась версия формата 1, получено {got}",
        "expected format version 1, got {got}",
    ),
    # --- values ---
    "text": (
        "ожидался непустой текст, получено {got}",
        "expected text that is not empty, got {got}",
    ),
    "name": (
        "ожидалось имя из букв, цифр, _ и -, получено {got}",
        "expected a name of letters, digits, _ and -, got {got}",
    ),
    "yes_no": ("ожидалось true или false, получено {got}", "expected true or false, got {got}"),
    "duration": (
        "ожидалась длительность вида 250ms, 90s, 15m, 2h, 3d, получено {got}",
        "expected a duration like 250ms, 90s, 15m, 2h, 3d, got {got}",
    ),
    "positive_duration": (
        "ожидалась длительность больше нуля вида 250ms, 90s, 15m, 2h, 3d, получено {got}",
        "expected a duration above zero like 250ms, 90s, 15m, 2h, 3d, got {got}",
    ),
    "deadline": (
        "ожидался срок вида 72h, 3d или 5wd (рабочие дни), получено {got}",
        "expected a term like 72h, 3d or 5wd (working days), got {got}",
    ),
    "local_time": (
        "ожидалось местное время вида 2026-04-20T09:00 без смещения, получено {got}",
        "expected a local time like 2026-04-20T09:00 without an offset, got {got}",
    ),
    "horizon": (
        "ожидалось until_empty, длительность вида 30d или местное время вида 2026-05-20T00:00, "
        "получено {got}",
        "expected until_empty, a duration like 30d or a local time like 2026-05-20T00:00, "
        "got {got}",
    ),
    "warmup": (
        "ожидалось auto или длительность вида 2h, 3d, получено {got}",
        "expected auto or a duration like 2h, 3d, got {got}",
    ),
    "time_of_day": (
        'ожидалось время суток в кавычках от "00:00" до "24:00", получено {got}',
        'expected a quoted time of day from "00:00" to "24:00", got {got}',
    ),
    "start_of_shift": (
        'ожидалось время суток в кавычках от "00:00" до "23:59", получено {got}',
        'expected a quoted time of day from "00:00" to "23:59", got {got}',
    ),
    "probability": (
        "ожидалось число от 0 до 1, получено {got}",
        "expected a number from 0 to 1, got {got}",
    ),
    "non_negative": (
        "ожидалось число от 0, получено {got}",
        "expected a number from 0 up, got {got}",
    ),
    "positive": (
        "ожидалось число больше 0, получено {got}",
        "expected a number above 0, got {got}",
    ),
    "variation": (
        "ожидался коэффициент вариации от 0 до 1000, получено {got}",
        "expected a coefficient of variation from 0 to 1000, got {got}",
    ),
    "whole": ("ожидалось целое число, получено {got}", "expected a whole number, got {got}"),
    "count": (
        "ожидалось целое число от 0, получено {got}",
        "expected a whole number from 0 up, got {got}",
    ),
    "positive_count": (
        "ожидалось целое число от 1, получено {got}",
        "expected a whole number from 1 up, got {got}",
    ),
    "too_large": (
        "ожидалось не больше {most}, получено {got}",
        "expected at most {most}, got {got}",
    ),
    "stages": (
        "ожидалось целое число от 1 до 1000, получено {got}",
        "expected a whole number from 1 to 1000, got {got}",
    ),
    "http_status": (
        "ожидался код ответа HTTP от 400 до 599, получено {got}",
        "expected an HTTP status from 400 to 599, got {got}",
    ),
    "bound": (
        "ожидалась длительность вида 30m или число от 0, получено {got}",
        "expected a duration like 30m or a number from 0 up, got {got}",
    ),
    # --- variants ---
    "servers": (
        "ожидалось целое число от 0 или ключ shifts со списком смен, получено {got}",
        "expected a whole number from 0 up or the key shifts with a list of shifts, got {got}",
    ),
    "days": (
        "ожидалось working, holidays, all или список дней [mon, …, sun], получено {got}",
        "expected working, holidays, all or a list of days [mon, …, sun], got {got}",
    ),
    "profile": (
        "ожидалось flat, office_hours, evening или ключи hours, weekdays, holidays с весами, "
        "получено {got}",
        "expected flat, office_hours, evening or the keys hours, weekdays, holidays with weights, "
        "got {got}",
    ),
    "fail": (
        "ожидалось имя шага или ключи to, after, max, give_up, получено {got}",
        "expected the name of a node or the keys to, after, max, give_up, got {got}",
    ),
    "journey": (
        "ожидалось builtin или ключи start и nodes, получено {got}",
        "expected builtin or the keys start and nodes, got {got}",
    ),
    "node": (
        "ожидался ровно один из ключей serve, delay, choose, check, fork, run, end, получено {got}",
        "expected exactly one of the keys serve, delay, choose, check, fork, run, end, got {got}",
    ),
    "arrival_stream": (
        "ожидался ровно один из ключей rate, instants, получено {got}",
        "expected exactly one of the keys rate, instants, got {got}",
    ),
    "objective": (
        "ожидался ровно один из ключей within, metric, получено {got}",
        "expected exactly one of the keys within, metric, got {got}",
    ),
    "distribution": (
        "ожидалось распределение: ровно один из ключей constant, exponential, lognormal, uniform, "
        "triangular, erlang, hyperexponential, empirical, получено {got}",
        "expected a distribution: exactly one of the keys constant, exponential, lognormal, "
        "uniform, triangular, erlang, hyperexponential, empirical, got {got}",
    ),
    # --- distributions ---
    "range_order": (
        "ожидалось low <= mode <= high (mode только у triangular)",
        "expected low <= mode <= high (mode is of triangular only)",
    ),
    "shares_sum": ("ожидалась сумма 1, получено {got}", "expected a sum of 1, got {got}"),
    "same_length": (
        "ожидалось поровну значений в p и means, получено {p} и {means}",
        "expected as many values in p as in means, got {p} and {means}",
    ),
    # --- data files ---
    "data_missing": ("файл {file} не найден", "there is no file {file}"),
    "data_unreadable": ("файл {file} не читается", "file {file} cannot be read"),
    "data_size": (
        "файл {file}: ожидалось не больше {most} байт",
        "file {file}: expected at most {most} bytes",
    ),
    "data_encoding": (
        "файл {file}, строка {row}: ожидался текст в UTF-8",
        "file {file}, line {row}: expected UTF-8 text",
    ),
    "data_syntax": (
        "файл {file}, строка {row}: нарушен формат CSV",
        "file {file}, line {row}: broken CSV",
    ),
    "data_column": (
        "файл {file}: в первой строке нет столбца {column}",
        "file {file}: the first line has no column {column}",
    ),
    "data_empty": ("файл {file}: нет ни одного значения", "file {file}: there are no values"),
    "data_seconds": (
        "файл {file}, строка {row}: ожидались секунды, число от 0, получено {got}",
        "file {file}, line {row}: expected seconds, a number from 0 up, got {got}",
    ),
    "data_time": (
        "файл {file}, строка {row}: ожидалось время ISO 8601, например 2026-04-20T09:00:00 "
        "или 2026-04-20T09:00:00+03:00, получено {got}",
        "file {file}, line {row}: expected an ISO 8601 time like 2026-04-20T09:00:00 "
        "or 2026-04-20T09:00:00+03:00, got {got}",
    ),
    "data_before_start": (
        "файл {file}, строка {row}: время {got} раньше начала calendar.start",
        "file {file}, line {row}: time {got} is before calendar.start",
    ),
    "data_after_horizon": (
        "файл {file}, строка {row}: время {got} не раньше конца calendar.horizon",
        "file {file}, line {row}: time {got} is not before the end, calendar.horizon",
    ),
    # --- calendar and run ---
    "country": (
        "ожидался код страны с известными праздниками, например RU, получено {got}",
        "expected a code of a country with known holidays, like RU, got {got}",
    ),
    "timezone": (
        "ожидался часовой пояс базы tz, например Europe/Moscow, получено {got}",
        "expected a time zone of the tz database, like Europe/Moscow, got {got}",
    ),
    "start_ambiguous": (
        "это местное время наступает дважды (перевод часов), получено {got}",
        "this local time occurs twice (clocks go back), got {got}",
    ),
    "start_nonexistent": (
        "этого местного времени нет (перевод часов), получено {got}",
        "this local time does not occur (clocks go forward), got {got}",
    ),
    "time_out_of_range": (
        "ожидалось время от 1900 до 2200 года, получено {got}",
        "expected a time in the years 1900 to 2200, got {got}",
    ),
    "after_start": (
        "ожидалось время позже начала calendar.start, получено {got}",
        "expected a time after calendar.start, got {got}",
    ),
    "arrivals_until_missing": (
        "ожидался ключ calendar.arrivals_until: при horizon: until_empty поток с rate без него "
        "не кончится",
        "expected the key calendar.arrivals_until: with horizon: until_empty a stream with a rate "
        "would never end without it",
    ),
    "warmup_stationary": (
        "warmup: auto — только для стационарного потока: profile: flat, без peaks и instants",
        "warmup: auto is for stationary arrivals only: profile: flat, no peaks, no instants",
    ),
    "warmup_end": (
        "ожидался разогрев короче прогона, получено {got}",
        "expected a warm-up shorter than the run, got {got}",
    ),
    "interval_order": (
        "ожидалось to позже, чем from, получено {got}",
        "expected `to` to be later than `from`, got {got}",
    ),
    "outside_run": (
        "отрезок времени лежит вне прогона",
        "the interval lies outside the run",
    ),
    # --- arrivals, population, policy ---
    "one_rate": (
        "ожидался ровно один из ключей per_second, per_minute, per_hour, per_day, получено {got}",
        "expected exactly one of the keys per_second, per_minute, per_hour, per_day, got {got}",
    ),
    "weights_zero": (
        "ожидался хотя бы один вес больше 0",
        "expected at least one weight above 0",
    ),
    "unknown_journey": (
        "пути {got} нет среди journeys",
        "{got} is not among the journeys",
    ),
    "not_builtin": (
        "встроенного пути {got} нет",
        "there is no built-in journey {got}",
    ),
    "unknown_defect": ("дефекта {got} нет в своде правил", "the rule book has no defect {got}"),
    "unknown_rule": ("правила {got} нет в своде правил", "the rule book has no rule {got}"),
    "unknown_policy": (
        "параметра {got} нет в своде правил",
        "the rule book has no parameter {got}",
    ),
    "policy_range": (
        "ожидались два числа [от, до] от 0, первое не больше второго, получено {got}",
        "expected two numbers [low, high] from 0 up, low not above high, got {got}",
    ),
    "policy_counts": (
        "ожидался список целых чисел от 0, получено {got}",
        "expected a list of whole numbers from 0 up, got {got}",
    ),
    "policy_list": (
        "ожидался список разных непустых текстов, получено {got}",
        "expected a list of different texts that are not empty, got {got}",
    ),
    "policy_table": (
        "ожидались целые числа от 0 для каждого ключа таблицы, получено {got}",
        "expected whole numbers from 0 up for every key of the table, got {got}",
    ),
    "policy_comparison": (
        "с этим параметром не сравнивают: его значение не число и не слово",
        "this parameter cannot be compared: its value is neither a number nor a word",
    ),
    # --- stations and faults ---
    "unknown_station": (
        "станции {got} нет в stations, и это не система свода правил со значениями по умолчанию",
        "{got} is not among the stations, nor a system of the rule book with defaults",
    ),
    "station_twice": (
        "станция названа дважды: {other} и {got} — одна система {system}",
        "one station is given twice: {other} and {got} are the same system {system}",
    ),
    "duplicate_id": (
        "id {got} уже занят выше",
        "id {got} is already taken above",
    ),
    "fault_key_missing": (
        "для kind: {kind} нужен ключ {needed}",
        "kind: {kind} needs the key {needed}",
    ),
    "fault_key_extra": (
        "этого ключа нет у kind: {kind}",
        "kind: {kind} has no such key",
    ),
    "outage_timeout": (
        "станции {got} с отказом нужен timeout: без него ждущие не узнают об отказе",
        "station {got} with an outage needs a timeout: without it those who wait never fail",
    ),
    "outages_overlap": (
        "отказ накладывается на {other} той же станции",
        "the outage overlaps {other} of the same station",
    ),
    # --- objectives ---
    "one_bound": (
        "ожидался ровно один из ключей at_most, at_least, получено {got}",
        "expected exactly one of the keys at_most, at_least, got {got}",
    ),
    "unknown_metric": ("показателя {got} нет", "there is no metric {got}"),
    "bound_duration": (
        "показатель измеряется временем: ожидалась длительность вида 30m, получено {got}",
        "the metric is a time: expected a duration like 30m, got {got}",
    ),
    "bound_number": (
        "показатель — число: ожидалось число без единиц, получено длительность {got}",
        "the metric is a number: expected a number without a unit, got the duration {got}",
    ),
    # --- journeys ---
    "unknown_node": ("шага {got} нет в этом пути", "this journey has no node {got}"),
    "unreachable": (
        "до шага нельзя дойти из start",
        "the node cannot be reached from start",
    ),
    "next_missing": (
        "вне ветвей fork нужен ключ next",
        "outside the branches of a fork the key next is needed",
    ),
    "branch_edge": (
        "переход между ветвями fork или наружу из ветви: шаг {got} принадлежит {region}",
        "a step from one region into another: node {got} belongs to {region}",
    ),
    "branch_end": (
        "шаг end внутри ветви fork {fork}: ветвь кончается шагом без next",
        "a node end inside a branch of fork {fork}: a branch ends at a node without next",
    ),
    "late_missing": (
        "к within нужен ключ late: шаг, к которому идти при опоздании",
        "within needs the key late: the node to go to when it is late",
    ),
    "within_missing": ("late без within не действует", "late does nothing without within"),
    "choose_mixed": (
        "варианты choose либо все с p, либо все с if",
        "the variants of choose either all have p or all have if",
    ),
    "choose_default": (
        "без if может и должен быть только последний вариант",
        "the last variant, and no other, must be without if",
    ),
    "journey_recursion": (
        "путь через run запускает сам себя: {way}",
        "the journey runs itself through run: {way}",
    ),
    "cycle_without_time": (
        "круг, на который не уходит время: {way}",
        "a cycle that takes no time: {way}",
    ),
    "bounds_order": (
        "ожидалось at_least не больше, чем at_most",
        "expected at_least not above at_most",
    ),
}
