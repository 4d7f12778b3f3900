"""Every word of the report and of the headlines, in both languages side by side."""

from typing import Final

from reports.phrases import Nouns, Phrases
from rulebook import Text

__all__ = ["NOUNS", "TEXTS", "text"]

NOUNS: Final = {
    "case": Nouns(("обращение", "обращения", "обращений"), ("case", "cases")),
    # After «из»: the genitive.
    "of_cases": Nouns(("обращения", "обращений", "обращений"), ("case", "cases")),
    "of_objectives": Nouns(("цели", "целей", "целей"), ("objective", "objectives")),
    "replication": Nouns(
        ("репликация", "репликации", "репликаций"), ("replication", "replications")
    ),
}

TEXTS: Final = {
    # The head of the page
    "title": Text("{name} — отчёт о моделировании", "{name} — simulation report"),
    "kind_of_report": Text("Отчёт о моделировании", "Simulation report"),
    "skip": Text("К содержанию", "Skip to content"),
    "contents": Text("Разделы", "Sections"),
    "period": Text("{first} — {last} ({zone})", "{first} — {last} ({zone})"),
    "verdict_none": Text("Цели в сценарии не заданы", "The scenario sets no objectives"),
    "verdict_pass": Text(
        "Все цели достигнуты: {passed} из {total}", "All objectives met: {passed} of {total}"
    ),
    "verdict_fail": Text("Достигнуто {passed} из {total} {noun}", "{passed} of {total} {noun} met"),
    "verdict_checks": Text(
        "Модель нарушила свои законы сохранения: числам ниже верить нельзя",
        "The model broke its conservation laws: don't trust the figures below",
    ),
    "scale_warning": Text(
        "Масштаб {scale}: потоки и постоянные мощности умножены на него, времена обслуживания — "
        "нет. "
        "Числа обращений и очередей относятся к стране в этом масштабе; "
        "при равной загрузке на маленькой станции ждут дольше, чем на большой.",
        "Scale {scale}: arrival rates and constant capacities are multiplied by it, service "
        "times are not. "
        "Counts and queues belong to the country at this scale; "
        "at equal load a small station makes people wait longer than a large one.",
    ),
    "one_replication": Text(
        "Одна репликация: интервалов нет, а цели судятся по самому значению.",
        "One replication: there are no intervals, and objectives are judged by the value itself.",
    ),
    "interval_note": Text(
        "В скобках — 95%-й доверительный интервал по репликациям ({replications}).",
        "In brackets: the 95% confidence interval over replications ({replications}).",
    ),
    "no_script": Text(
        "Графики рисует сценарий внутри этого файла; он выключен. Все итоги есть в таблицах.",
        "Charts are drawn by the script inside this file, which is off. The tables hold every "
        "result.",
    ),
    # Headlines
    "topic_time": Text("Сколько длится", "How long it takes"),
    "topic_term": Text("Успевают ли в срок", "Is it in time"),
    "topic_breaks": Text("Что ломается первым", "What breaks first"),
    "topic_losses": Text("Возвраты и потери", "Returns and losses"),
    "topic_recovery": Text("После сбоев", "After faults"),
    "time": Text(
        "{title}: половина обращений завершается за {p50}, 95 из 100 — за {p95}.",
        "{title}: half of the cases are done within {p50}, 95 in 100 within {p95}.",
    ),
    "time_none": Text(
        "{title}: ни одно обращение не завершилось, времени назвать нельзя.",
        "{title}: no case was completed, so there is no time to tell.",
    ),
    "journeys_none": Text("Обращений в сценарии нет.", "The scenario has no arrivals."),
    "term_share": Text(
        "{title}, срок {term}: укладываются {share} при цели не меньше {limit} — {verdict}.",
        "{title}, within {term}: {share} make it against an objective of at least {limit}: "
        "{verdict}.",
    ),
    "term_share_none": Text(
        "{title}, срок {term}: судить не о чем, ни один срок не истёк до конца прогона.",
        "{title}, within {term}: nothing to judge, no deadline fell before the end of the run.",
    ),
    "verdict_margin": Text("запас {margin}", "{margin} to spare"),
    "verdict_short": Text("не хватает {margin}", "{margin} short"),
    "verdict_unsure": Text(
        "не доказано: интервал заходит за границу на {margin}",
        "not proved: the interval crosses the bound by {margin}",
    ),
    "verdict_incomplete": Text(
        "не доказано: значение есть не в каждой репликации",
        "not proved: not every replication has a value",
    ),
    "undue_cases": Text(
        "Ещё {undue} {noun}: срок позже конца прогона.", "{undue} more {noun}: due after the run."
    ),
    "objectives_met": Text(
        "Всего достигнуто {passed} из {total} {noun}.", "In all, {passed} of {total} {noun} met."
    ),
    "objectives_none": Text("Цели в сценарии не заданы.", "The scenario sets no objectives."),
    "breaks": Text(
        "{station}: {share} всего ожидания, {wait}; "
        "очередь больше всего {day} в {clock}: {queue} {noun}.",
        "{station}: {share} of all waiting, {wait}; "
        "its queue peaked at {clock} on {day}: {queue} {noun}.",
    ),
    "breaks_without_peak": Text(
        "{station}: {share} всего ожидания, {wait}.", "{station}: {share} of all waiting, {wait}."
    ),
    "breaks_wait": Text("до обслуживания в среднем {wait}", "{wait} before service on average"),
    "breaks_no_service": Text("обслуживание ни разу не началось", "service never began"),
    "breaks_none": Text(
        "Никто нигде не ждал: мощностей хватает.", "Nobody waited anywhere: capacity suffices."
    ),
    "losses": Text(
        "{title}: из {arrived} {noun} брошено {abandoned}, не завершено {unfinished}; возвратов "
        "на исправление {returns}.",
        "{title}: of {arrived} {noun}, {abandoned} were abandoned and {unfinished} left "
        "unfinished; {returns} returns for mending.",
    ),
    "main_rejection": Text(
        "Чаще всего отказывает {rule} — {count}: «{message}».",
        "The most frequent rejection is {rule}, {count}: “{message}”.",
    ),
    "rejections_none": Text("Отказов по правилам нет.", "No rule rejected anything."),
    "recovery": Text("{fault}: восстановление за {time}", "{fault}: recovered in {time}"),
    "recovery_never": Text(
        "{fault}: до конца прогона не восстановилось",
        "{fault}: not recovered by the end of the run",
    ),
    "recovery_more": Text("остальные сбои — в таблице", "other faults are in the table"),
    "faults_none": Text("Сбоев в сценарии нет.", "The scenario has no faults."),
    "retries_headline_none": Text("Повторов запросов нет.", "Nobody retries."),
    "retries": Text(
        "Из-за повторов запросов больше в {amplification} раза.",
        "Retries multiply requests by {amplification}.",
    ),
    # Sections
    "objectives": Text("Цели", "Objectives"),
    "times": Text("Время в системе", "Time in system"),
    "stations": Text("Станции: очереди и загрузка", "Stations: queues and load"),
    "station_figures": Text("Показатели станций", "Station figures"),
    "rejections": Text("Отказы по правилам", "Rejections by rule"),
    "journeys": Text("Пути обращений", "Journeys"),
    "unfinished": Text("Незавершённые обращения", "Unfinished cases"),
    "resilience": Text("Повторы и восстановление", "Retries and recovery"),
    "checks": Text("Проверки модели", "Checks of the model"),
    "facts": Text("О прогоне", "About the run"),
    # Objectives
    "objective": Text("Цель", "Objective"),
    "outcome": Text("Итог", "Outcome"),
    "passed": Text("достигнута", "met"),
    "failed": Text("не достигнута", "not met"),
    "value": Text("Значение", "Value"),
    "interval": Text("95%-й интервал", "95% interval"),
    "bound": Text("Граница", "Bound"),
    "margin": Text("Запас", "Margin"),
    "undue": Text("Срок ещё не наступил", "Not yet due"),
    "at_least": Text("≥\u00a0{limit}", "≥\u00a0{limit}"),
    "at_most": Text("≤\u00a0{limit}", "≤\u00a0{limit}"),
    "share_within": Text("{title}: доля в срок ({term})", "{title}: share within {term}"),
    "objective_met_when": Text(
        "Цель достигнута, когда границе отвечает весь интервал.",
        "An objective is met when its whole interval meets the bound.",
    ),
    "negative_margin": Text(
        "Запас со знаком минус — сколько не хватает.", "A negative margin is what is missing."
    ),
    "named_metric": Text("{title}: {metric}", "{title}: {metric}"),
    "time_metric": Text("время, {metric}", "time, {metric}"),
    "recovery_metric": Text("восстановление после {fault}", "recovery from {fault}"),
    # Times
    "distribution": Text("Распределение времени в системе", "Distribution of time in system"),
    "by_day": Text("Время в системе по дню поступления", "Time in system by day of arrival"),
    "cases_over_time": Text("Обращений внутри системы", "Cases inside the system"),
    "cumulative": Text("накоплено", "cumulative"),
    "in_bin": Text("в столбце", "in the bar"),
    "no_completed": Text("Завершённых обращений нет.", "No completed cases."),
    "journey": Text("Путь", "Journey"),
    "arrived": Text("Поступило", "Arrived"),
    "completed": Text("Завершено", "Completed"),
    "abandoned": Text("Брошено", "Abandoned"),
    "left_unfinished": Text("Не завершено", "Unfinished"),
    "returns": Text("Возвраты", "Returns"),
    "mean": Text("Среднее", "Mean"),
    "p50": Text("Медиана", "Median"),
    "p90": Text("90 из 100", "90 in 100"),
    "p95": Text("95 из 100", "95 in 100"),
    "p99": Text("99 из 100", "99 in 100"),
    "inside": Text("внутри", "inside"),
    # Stations
    "station": Text("Станция", "Station"),
    "waiting": Text("ждут", "waiting"),
    "busy": Text("заняты", "busy"),
    "capacity": Text("по расписанию", "scheduled"),
    "waiting_title": Text("Ждут в очереди", "Waiting in the queue"),
    "load_title": Text("Заняты из работающих по расписанию", "Busy of those scheduled"),
    "queue_peak": Text("Больше всего ждут {moment}: {queue}", "Most wait on {moment}: {queue}"),
    "no_queue": Text("Очереди нет", "No queue"),
    "waiting_table": Text("Ожидание и загрузка", "Waiting and load"),
    "outcomes_table": Text("Чем кончаются визиты", "How visits end"),
    "station_line": Text(
        "загрузка {utilisation}, ожидание в среднем {wait}, обслужено {served}",
        "utilisation {utilisation}, mean wait {wait}, served {served}",
    ),
    "from_default": Text("значения по умолчанию", "default values"),
    "minor_stations": Text(
        "Ещё станции, где почти не ждут: {count}", "More stations with next to no waiting: {count}"
    ),
    "idle_stations": Text("Без обращений за весь прогон:", "Without a single visit in the run:"),
    "total_wait": Text("Всего ожидания", "Total waiting"),
    "utilisation": Text("Загрузка", "Utilisation"),
    "wait.mean": Text("Ожидание, среднее", "Wait, mean"),
    "wait.p95": Text("Ожидание, 95 из 100", "Wait, 95 in 100"),
    "queue.mean": Text("Очередь, средняя", "Queue, mean"),
    "queue.max": Text("Очередь, наибольшая", "Queue, largest"),
    "served": Text("Обслужено", "Served"),
    "refused": Text("Отказано: нет места", "Refused: no place"),
    "impatient": Text("Не дождались", "Lost patience"),
    "timeouts": Text("Истекло ожидание ответа", "Timed out"),
    "failures": Text("Сбой при обслуживании", "Failed in service"),
    "retries_count": Text("Повторы", "Retries"),
    "overtime": Text("Сверх смены", "Overtime"),
    "stations_note": Text(
        "Станции стоят по убыванию общего ожидания. Ступени серой линии — смены, розовые полосы "
        "— сбои.",
        "Stations are sorted by total waiting. Steps of the grey line are shifts, pink bands are "
        "faults.",
    ),
    "tail_cut": Text(
        "После {moment} всё пусто: дальше меньше 0,1\u00a0% от показанного.",
        "After {moment} all is empty: what follows is less than 0.1% of what is shown.",
    ),
    "fault_outage": Text("отказ", "outage"),
    "fault_slow": Text("замедление", "slow"),
    "fault_error": Text("ошибки", "errors"),
    # Rejections
    "rule": Text("Правило", "Rule"),
    "rule_text": Text("Что отвечает портал", "What the portal answers"),
    "rules_silent": Text("Не отказали ни разу:", "Never rejected anything:"),
    "times_rejected": Text("Отказов", "Rejections"),
    # Journeys
    "graph_label": Text(
        "Схема пути «{title}»: шагов — {nodes}, потоки подписаны на стрелках; то же в таблице ниже",
        "Graph of the journey “{title}”: {nodes} nodes with flows on the edges; the same is in "
        "the table below",
    ),
    "graph_note": Text(
        "Толщина стрелки — число обращений, красный пунктир — отказы и возвраты, бледные — никто "
        "не прошёл. Отказы, которых не было, есть только в таблице.",
        "Thicker edges carry more cases, red dashes are failures and returns, pale ones carried "
        "nobody. Failures that never happened are only in the table.",
    ),
    "graph_table": Text("Потоки таблицей", "Flows as a table"),
    "from": Text("Откуда", "From"),
    "to": Text("Куда", "To"),
    "nodes": Text("Шаги", "Nodes"),
    "edges": Text("Переходы", "Edges"),
    "rules": Text("Правила", "Rules"),
    "edge_kind": Text("Переход", "Edge"),
    "edge_next": Text("дальше", "onward"),
    "edge_fail": Text("отказ", "failure"),
    "cases": Text("Обращений", "Cases"),
    "more_rules": Text("ещё {count}", "{count} more"),
    # Unfinished
    "node": Text("Шаг", "Node"),
    "unfinished_none": Text(
        "К концу прогона все обращения закончились.", "All cases had ended by the end of the run."
    ),
    # Resilience
    "amplification": Text("Во сколько раз больше", "Times as many"),
    "all_stations": Text("Все станции", "All stations"),
    "retries_none": Text(
        "Ни одна станция не умножила запросов.", "No station multiplied its requests."
    ),
    "retries_table": Text("Умножение запросов повторами", "Amplification by retries"),
    "recovery_table": Text("Восстановление после сбоев", "Recovery from faults"),
    "fault": Text("Сбой", "Fault"),
    "fault_kind": Text("Вид", "Kind"),
    "fault_from": Text("Начало", "From"),
    "fault_to": Text("Конец", "To"),
    "recovery_time": Text("Восстановление", "Recovery"),
    "not_recovered": Text("не восстановилось", "not recovered"),
    # Dynamics
    "dynamics": Text("Динамика", "Dynamics"),
    "backlog_table": Text(
        "Спадает ли очередь после сбоя", "Does the backlog come back down after a fault"
    ),
    "backlog_before": Text("Ждали до сбоя", "Waiting before"),
    "backlog_peak": Text("Больше всего", "At the worst"),
    "backlog_peak_at": Text("Когда", "When"),
    "backlog_back": Text("Спала после конца сбоя за", "Back after the fault's end in"),
    "backlog_verdict": Text("Вывод", "Verdict"),
    "backlog_down": Text("спадает", "comes back down"),
    "backlog_some": Text(
        "спадает не всегда: в {came} из {of} репликаций",
        "not always: in {came} of {of} replications",
    ),
    "backlog_up": Text(
        "не спадает до конца прогона: сбой прошёл, а очередь держится",
        "stays up to the end of the run, though the fault is over",
    ),
    "backlog_note": Text(
        "Очередь — сколько ждут на станции сбоя. Она спала, когда ждут не больше, чем в среднем за "
        "час до сбоя (с округлением вверх); точность — {bin}.",
        "The backlog is how many wait at the fault's station. It is back once no more wait than on "
        "average in the hour before the fault (rounded up), to {bin}.",
    ),
    "excess_none": Text("без сбоев было бы столько же", "without faults there would be as many"),
    "excess": Text(
        "По сравнению с теми же репликациями без сбоев внутри больше всего лишних обращений "
        "{moment}: {peak}. {gone}",
        "Against the same replications without faults, the most cases too many are inside on "
        "{moment}: {peak}. {gone}",
    ),
    "excess_gone": Text(
        "Лишних не остаётся через {time} после конца последнего сбоя.",
        "None are left {time} after the end of the last fault.",
    ),
    "excess_some": Text(
        "Лишних не остаётся в {came} из {of} репликаций; в прочих — до конца прогона.",
        "None are left in {came} of {of} replications; in the others some are to the end.",
    ),
    "excess_stays": Text(
        "Они остаются до конца прогона: система не возвращается сама.",
        "They stay to the end of the run: the system does not come back by itself.",
    ),
    "sensitivity": Text(
        "Что даёт десятая часть: мощности больше, ошибок меньше",
        "What a tenth brings: more capacity, fewer errors",
    ),
    "sensitivity_what": Text("Что меняется", "What changes"),
    "sensitivity_note": Text(
        "Разности целей в парах прогонов на одних случайных числах, с 95%-ми интервалами; 0 без "
        "интервала — одинаково в каждой паре; «—» — в некоторых парах показатель есть лишь в одном "
        "прогоне. Мощность — на десятую часть больше, но хотя бы на "
        "одно место; доля ошибки — на десятую часть меньше. Сильнейшее — сверху.",
        "Differences of objectives in pairs of runs on the same random numbers, with 95% "
        "intervals; 0 without one: the same in every pair; — : some pairs have the figure in one "
        "run only. Capacity is a tenth more, one server at least; the probability of an error a "
        "tenth less. The strongest come first.",
    ),
    "insensitive": Text(
        "Заметно не меняет ни одной цели: {names}.", "Change no objective noticeably: {names}."
    ),
    "untold": Text(
        "Нельзя сказать, меняет ли: {names}. Показатель цели есть не в обоих прогонах каждой пары.",
        "Whether these change an objective cannot be told: {names}. Not in every pair do both runs "
        "have its figure.",
    ),
    "sensitivity_no_objectives": Text(
        "Целей в сценарии нет, поэтому мощность и ошибки не менялись.",
        "The scenario has no objectives, so neither capacity nor errors were changed.",
    ),
    "bottlenecks": Text("Какая станция ограничивает и когда", "Which station limits when"),
    "bottlenecks_none": Text(
        "Нигде в среднем не ждал хотя бы один.", "Nowhere did one wait on average."
    ),
    "bottlenecks_note": Text(
        "Время, когда больше всего ждущих на одной станции (и в среднем не меньше одного). В "
        "таблице {spans} из {total} отрезков — те, где ждали больше всего.",
        "Time in which most of those waiting wait at one station (one of them at least on "
        "average). The table has {spans} of {total} spans: those with most waiting.",
    ),
    "bottleneck_waiting": Text("Ждут там", "Waiting there"),
    "bottleneck_part": Text("Из всех ждущих", "Of all waiting"),
    "closed": Text("закрыта", "closed"),
    # Checks
    "check": Text("Проверка", "Check"),
    "detail": Text("Что сравнено", "What was compared"),
    "check_flow": Text(
        "Поступило = завершено + брошено + осталось", "Arrived = completed + abandoned + unfinished"
    ),
    "check_sojourn": Text(
        "Интеграл числа внутри = сумма времён внутри, мкс",
        "Integral of the number inside = sum of times inside, µs",
    ),
    "check_little": Text(
        "Закон Литтла: |L − λW| в пределах погрешности", "Little's law: |L − λW| within its error"
    ),
    "check_passed": Text("выполнена", "holds"),
    "check_failed": Text("нарушена", "broken"),
    # Facts
    "scenario": Text("Сценарий", "Scenario"),
    "starts": Text("Начало", "Start"),
    "ends": Text("Конец", "End"),
    "until_empty": Text("до последнего обращения", "until the last case ended"),
    "zone": Text("Часовой пояс", "Time zone"),
    "warmup": Text("Разогрев", "Warm-up"),
    "seed": Text("Зерно", "Seed"),
    "replications": Text("Репликации", "Replications"),
    "scale": Text("Масштаб", "Scale"),
    "engine": Text("Движок", "Engine"),
    "scenario_hash": Text("Отпечаток сценария", "Scenario hash"),
    "rulebook": Text("Свод правил, версия", "Rule book version"),
    "command": Text("Команда", "Command"),
    "versions": Text("Версии", "Versions"),
    "defaults": Text("Взято по умолчанию", "Defaults used"),
    "notes": Text("Замечания", "Notes"),
    "none": Text("нет", "none"),
    "scale_rounding": Text(
        "Масштаб округлил мощность: {stations}.", "The scale rounded capacities: {stations}."
    ),
    "rounded_capacity": Text(
        "{station} — {actual} вместо {wanted}", "{station} {actual} instead of {wanted}"
    ),
    "note_replayed-not-scaled": Text(
        "Записанные моменты поступления масштаб не меняет: они воспроизводятся как есть.",
        "The scale does not change recorded arrivals: they are replayed as they are.",
    ),
    "note_station-unused": Text(
        "Станцию {name} не запрашивает ни один шаг: верно ли её имя?",
        "No node asks station {name}: is its name right?",
    ),
    "note_policy-unused": Text(
        "Параметр политики {name} ничего не меняет в этой модели: его не читают её пути и станции.",
        "Policy {name} changes nothing in this model: its journeys and stations do not read it.",
    ),
    "note_fault-not-begun": Text(
        "Сбой {name} не наступил: прогон закончился раньше.",
        "Fault {name} never began: the run ended before it.",
    ),
    "note_precision-not-reached": Text(
        "Заданная точность не достигнута: прогон остановлен на предельном числе репликаций.",
        "The precision asked for was not reached: the run stopped at the greatest number of "
        "replications.",
    ),
    # JUnit
    "junit_failed": Text(
        "{id}: {value} ({interval}), требуется {bound}; запас {margin}{undue}",
        "{id}: {value} ({interval}), required {bound}; margin {margin}{undue}",
    ),
    "junit_failed_without_value": Text(
        "{id}: значения нет, требуется {bound}{undue}",
        "{id}: there is no value, required {bound}{undue}",
    ),
    "junit_undue": Text("; срок не наступил: {undue}", "; not yet due: {undue}"),
}

text: Final = Phrases(TEXTS)
