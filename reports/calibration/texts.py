"""Every word of the calibration report, in both languages side by side."""

from typing import Final

from reports.phrases import Phrases
from rulebook import Text

__all__ = ["DAYS", "LIMITS", "REPAIRS", "TEXTS", "words"]

DAYS: Final = {
    "ru": ("пн", "вт", "ср", "чт", "пт", "сб", "вс"),
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
}

TEXTS: Final = {
    "kind": Text("Отчёт о калибровке", "Calibration report"),
    "title": Text("{name} — отчёт о калибровке", "{name} — calibration report"),
    "span": Text("{first} — {last} ({zone})", "{first} — {last} ({zone})"),
    "skip": Text("К содержанию", "Skip to content"),
    "contents": Text("Разделы", "Sections"),
    "no_script": Text(
        "Графики рисует сценарий внутри этой страницы; без него остаются таблицы.",
        "Charts are drawn by a script inside this page; without it the tables remain.",
    ),
    "verdict": Text(
        "Сценарий построен: {parameters} параметров по {events} событиям {cases} обращений",
        "A scenario was made: {parameters} parameters from {events} events of {cases} cases",
    ),
    # Answers
    "arrivals": Text("Поступление", "Arrivals"),
    "arrivals_told": Text(
        "{journey}: {rate} в сутки ({interval}), профиль: {kind}",
        "{journey}: {rate} a day ({interval}), profile: {kind}",
    ),
    "kind_flat": Text("ровный", "flat"),
    "kind_named": Text("готовый, {name}", "a named one, {name}"),
    "kind_hours": Text("по часам", "by hour"),
    "kind_weekdays": Text("по дням недели", "by day of the week"),
    "kind_both": Text("по часам и дням недели", "by hour and day of the week"),
    "kind_instants": Text("сами моменты из журнала", "the very instants of the log"),
    "ways": Text("Пути", "Ways"),
    "ways_told": Text(
        "Шагов: {activities}, переходов: {steps}, развилок с одновременными ветвями: {forks}; "
        "шагов, которые повторяют: {loops}",
        "Activities: {activities}, transitions: {steps}, forks of parallel branches: {forks}; "
        "activities that are done again: {loops}",
    ),
    "times": Text("Времена", "Times"),
    "times_told": Text(
        "Законов распределения: {fits}, из них подобрано семейство для {fitted}; "
        "остальные взяты как есть (empirical)",
        "Distributions: {fits}, a family fits {fitted} of them; the others are taken as they are "
        "(empirical)",
    ),
    "stations": Text("Станции", "Stations"),
    "stations_told": Text(
        "Станций: {stations}, исполнителей в журнале: {people}",
        "Stations: {stations}, resources in the log: {people}",
    ),
    "stations_none": Text(
        "Станций нет: времени начала работ в журнале нет или мало, всё их время — задержка. "
        "Исполнителей в журнале: {people}",
        "No stations: the log has no starts or too few, all time of activities is a delay. "
        "Resources in the log: {people}",
    ),
    "prediction": Text("Прогноз", "Prediction"),
    "prediction_told": Text(
        "Последние {share} обращений: расстояние Вассерштейна {model}, у простого повторения "
        "прошлого {baseline}; ошибка медианы {p50} и {naive}",
        "The last {share} of cases: Wasserstein distance {model}, repeating the past gives "
        "{baseline}; error of the median {p50} and {naive}",
    ),
    # Sections
    "limits": Text("Чего журнал не сказал", "What the log could not tell"),
    "repairs": Text("Что исправлено и что не взято", "What was repaired and what was left out"),
    "repairs_none": Text(
        "Ничего: взяты все события, как они есть.", "Nothing: all events were taken as they are."
    ),
    "repair": Text("Что", "What"),
    "count": Text("Сколько", "How many"),
    "first_line": Text("Первая строка файла", "First line of the file"),
    "arrivals_chart": Text("{journey}: обращений в час по часам недели",
                           "{journey}: cases per hour over the week"),
    "observed": Text("в журнале", "in the log"),
    "fitted": Text("подобрано", "fitted"),
    "arrivals_note": Text(
        "Модель — пуассоновский поток; разброс суточных чисел к пуассоновскому: {dispersion}. "
        "Интервалы шире в корень из этого числа, если оно больше 1.",
        "The model is a Poisson stream; dispersion of daily counts relative to it: {dispersion}. "
        "Intervals are wider by its root if it is above 1.",
    ),
    "journey": Text("Путь", "Journey"),
    "cases": Text("Обращений", "Cases"),
    "per_day": Text("В сутки", "Per day"),
    "interval": Text("95%-й интервал", "95% interval"),
    "profile": Text("Профиль", "Profile"),
    "trend": Text("Тренд за неделю", "Trend per week"),
    "none": Text("нет", "none"),
    # Times
    "of": Text("Чего время", "Time of"),
    "service_of": Text("обслуживание: {name}", "service: {name}"),
    "delay_to": Text("до начала: {name}", "before: {name}"),
    "delay_whole": Text("ожидание и работа вместе: {name}", "waiting and work together: {name}"),
    "delay_from": Text("{told} (после: {source})", "{told} (after: {source})"),
    "from_start": Text("прихода", "arrival"),
    "observations": Text("Наблюдений", "Observations"),
    "mean": Text("Среднее", "Mean"),
    "cv": Text("Вариация", "Variation"),
    "family": Text("Закон", "Distribution"),
    "distance": Text("КС, D", "KS, D"),
    "chance": Text("p", "p"),
    "aic": Text("AIC", "AIC"),
    "times_note": Text(
        "Из семейств формата взято лучшее по AIC (при разнице до 2 — то, у которого меньше "
        "параметров). D — расстояние Колмогорова — Смирнова между выборкой и законом; закон с D "
        "больше 0,05 и больше случайного отвергнут, вместо него взята сама выборка (empirical). "
        "p завышено: параметры оценены по той же выборке.",
        "Of the families of the format the best by AIC was taken (within 2 of it: the one with "
        "fewer parameters). D is the distance of Kolmogorov and Smirnov between sample and "
        "distribution; one with D above 0.05 and above chance is refused, and the sample itself is "
        "taken (empirical). p is too large: the parameters are of the same sample.",
    ),
    "fit_chart": Text("{name}: доли по времени (логарифмическая шкала)",
                      "{name}: shares by time (logarithmic axis)"),
    "more_fits": Text("Графики только для {shown} самых частых из {all}.",
                      "Charts are for the {shown} most frequent of {all}."),
    # Routing
    "routing": Text("Переходы", "Transitions"),
    "from": Text("Откуда", "From"),
    "to": Text("Куда", "To"),
    "share": Text("Доля", "Share"),
    "times_taken": Text("Раз", "Times"),
    "at_once": Text("Без задержки", "Without a delay"),
    "begin": Text("начало", "begin"),
    "end": Text("конец", "end"),
    "routing_note": Text(
        "Доли переходов не зависят от того, что было раньше (цепь первого порядка). Интервалы — "
        "Клоппера и Пирсона.",
        "Shares do not depend on what was before (a chain of first order). Intervals are those of "
        "Clopper and Pearson.",
    ),
    "forks": Text("Одновременные ветви", "Parallel branches"),
    "fork": Text("Развилка", "Fork"),
    "branches": Text("Ветви", "Branches"),
    "loops": Text("Повторы", "Rework"),
    "repeat_share": Text("Доля обращений, где шаг повторён", "Share of cases that do it again"),
    "activity": Text("Шаг", "Activity"),
    # Stations
    "station": Text("Станция", "Station"),
    "activities": Text("Шаги", "Activities"),
    "servers": Text("Мощность", "Servers"),
    "known_by": Text("Откуда известно", "Known from"),
    "known_full": Text(
        "видна при очереди ({share} времени)", "shown while somebody waits ({share} of the time)"
    ),
    "known_least": Text("не меньше: очереди не было", "no less than: nobody waited"),
    "known_people": Text(
        "не меньше: по людям на работе ({people})", "no less than: from people at work ({people})"
    ),
    "at_least": Text("не меньше {low}", "at least {low}"),
    "shift": Text("{days} {from_}–{to}: {count}", "{days} {from_}–{to}: {count}"),
    "days_working": Text("рабочие дни", "working days"),
    "days_sat": Text("суббота", "Saturday"),
    "days_sun": Text("воскресенье", "Sunday"),
    "days_holidays": Text("праздники", "holidays"),
    "days_all": Text("все дни", "all days"),
    "stations_note": Text("Границы смен известны с точностью до получаса.",
                          "The ends of shifts are known to half an hour."),
    # Prediction
    "prediction_note": Text(
        "Обучено на {train} ранних обращениях, предсказаны {test}, начавшиеся с {split}; "
        "20 репликаций с предсказанным поступлением. Простое повторение прошлого — сами времена "
        "обучающих обращений. Интервалы: модели — по репликациям (расстояния — складной нож), "
        "остальные — бутстреп по обращениям.",
        "Learned from {train} earlier cases; {test} that began from {split} on are predicted, "
        "with 20 replications and predicted arrivals. Repeating the past means the very times of "
        "the cases learned from. Intervals: of the model over replications (of its distance by "
        "the jackknife), of the others by bootstrap over cases.",
    ),
    "prediction_chart": Text(
        "Время от первого до последнего события", "Time from the first to the last event"
    ),
    "seen": Text("было", "seen"),
    "model": Text("модель", "model"),
    "baseline": Text("повторение прошлого", "repeating the past"),
    "p50": Text("Медиана", "Median"),
    "p90": Text("90 из 100", "90 in 100"),
    "error_p50": Text("Ошибка медианы", "Error of the median"),
    "error_p90": Text("Ошибка 90 из 100", "Error of 90 in 100"),
    "wasserstein": Text("Расстояние Вассерштейна", "Wasserstein distance"),
    "arrivals_predicted": Text(
        "Предсказано обращений: {predicted}; было {seen}.",
        "Cases predicted: {predicted}; seen {seen}.",
    ),
    "better": Text("Модель ближе к тому, что было.", "The model is nearer to what was seen."),
    "not_better": Text(
        "Модель не ближе к тому, что было, чем повторение прошлого.",
        "The model is not nearer to what was seen than repeating the past.",
    ),
    "drift_explains": Text(
        "Процесс изменился: медиана времени в обучающей части {train}, в предсказанной {test}. "
        "Этого не предскажет ни одна модель прошлого; --recent учит только на недавних обращениях.",
        "The process has changed: the median time is {train} in the part learned from and {test} "
        "in the part predicted. No model of the past can foresee that; --recent learns from recent "
        "cases only.",
    ),
    # All parameters
    "parameters": Text("Все параметры", "All parameters"),
    "parameter": Text("Параметр", "Parameter"),
    "value": Text("Значение", "Value"),
    "facts": Text("О калибровке", "About the calibration"),
    "log": Text("Журнал", "Log"),
    "scenario": Text("Сценарий", "Scenario"),
    "country": Text("Календарь", "Calendar"),
    "command": Text("Команда", "Command"),
    "versions": Text("Версии", "Versions"),
}  # fmt: skip

LIMITS: Final = {
    "only_completions": Text(
        "Времени начала нет или часто нет у шагов: {activities}. Ожидание и обслуживание не "
        "различить: всё время до их конца взято задержкой, станций у них нет, и загрузку по ним "
        "не посчитать.",
        "There are no starts, or too few, of: {activities}. Waiting and service cannot be told "
        "apart: all time until their end is a delay, they have no station, and no utilisation can "
        "be worked out.",
    ),
    "waiting_in_delays": Text(
        "Когда работу можно было начать, журнал не говорит: ожидание вошло в задержки перед "
        "шагами. Изменение числа мест обслуживания покажет только добавочную очередь.",
        "When work could have begun the log does not tell: waiting is inside the delays before "
        "activities. Changing servers shows only what comes on top of it.",
    ),
    "no_resources": Text(
        "Исполнителей в журнале нет: числа и смены людей неизвестны.",
        "The log names no resources: numbers and shifts of people are unknown.",
    ),
    "never_full": Text(
        "{station}: очереди не было ни разу, мощность известна только снизу.",
        "{station}: nobody ever waited, capacity is only bounded from below.",
    ),
    "people_seen": Text(
        "{station}: мощность — среднее число людей между первым и последним делом дня; кто был "
        "на месте без дел, не видно, и потому она известна только снизу (людей в журнале: "
        "{people}).",
        "{station}: capacity is the mean number of people between the first and the last thing of "
        "a day; who was there with nothing to do is not seen, so it is only bounded from below "
        "(people in the log: {people}).",
    ),
    "outside_shifts": Text(
        "{station}: вне найденных смен начато {share} работ.",
        "{station}: {share} of work began outside the shifts that were found.",
    ),
    "bursty": Text(
        "{journey}: обращения приходят неровнее пуассоновского потока (разброс в {dispersion} раза "
        "больше); --arrivals instants повторит сами моменты.",
        "{journey}: cases come in bursts (dispersion {dispersion} times that of a Poisson stream); "
        "--arrivals instants replays the very instants.",
    ),
    "one_instant": Text(
        "{journey}: все обращения ({count}) пришли в один момент; потока по нему не подобрать, "
        "взят сам этот момент.",
        "{journey}: all cases ({count}) came at one instant; no rate can be made of it, that very "
        "instant is taken.",
    ),
    "trend": Text(
        "{journey}: поступление меняется на {change} в неделю; что будет после журнала, он не "
        "говорит: сценарий держит последний уровень.",
        "{journey}: arrivals change by {change} a week; what comes after the log it does not tell: "
        "the scenario keeps the last level.",
    ),
    "unseen_days": Text(
        "{journey}: в журнале нет дней недели: {days}; им дан средний вес.",
        "{journey}: the log has none of the days {days}; they got the mean weight.",
    ),
    "no_holidays": Text(
        "{journey}: праздников в журнале нет; для них взят вес воскресенья.",
        "{journey}: the log has no holidays; they got Sunday's weight.",
    ),
    "shapeless": Text(
        "Идут одновременно, но развилки не образуют, взяты подряд: {activities}.",
        "Overlap without forming a fork, taken one after another: {activities}.",
    ),
    "either_order": Text(
        "Встречаются в любом порядке: {pairs}. Идут ли они одновременно, журнал не говорит: взяты "
        "подряд, как шли.",
        "Occur in either order: {pairs}. Whether they run at the same time the log does not tell: "
        "they are taken one after another, as they came.",
    ),
    "overlaps": Text(
        "{journey}: {count} раз шаг начат до конца предыдущего; взято без задержки.",
        "{journey}: an activity began before the end of the one before {count} times; taken "
        "without a delay.",
    ),
    "loops_forget": Text(
        "{journey}: повторяются {activities}. Шанс ещё одного повтора взят одинаковым каждый раз, "
        "как бы часто ни повторяли раньше.",
        "{journey}: {activities} are done again. The chance of one more time is taken to be the "
        "same each time, however often it was done before.",
    ),
    "false_loops": Text(
        "{journey}: {activities} в журнале не повторяются, но идут в разном порядке; цепь помнит "
        "только последний шаг и потому иногда повторит их.",
        "{journey}: {activities} are never done again in the log, but come in various orders; a "
        "chain remembers the last activity only and so will repeat them now and then.",
    ),
    "unfinished": Text(
        "{journey}: журнал обрывает {count} обращений; чем они кончились, неизвестно.",
        "{journey}: the log cuts off {count} cases; how they ended is unknown.",
    ),
    "drift": Text(
        "Процесс меняется: медиана времени обращений первой половины {before}, второй — {after}. "
        "Сценарий смешивает их; --recent берёт только недавние.",
        "The process changes: the median time of cases is {before} in the first half and {after} "
        "in the second. The scenario mixes them; --recent takes recent ones only.",
    ),
    "holdout_one_instant": Text(
        "Прогноза (--holdout) нет: все ранние обращения пути {journey} ({count}) пришли в один "
        "момент, и потока, чтобы предсказать остальные, по ним не подобрать. Исправьте времена "
        "первых событий в журнале или возьмите другую долю.",
        "There is no prediction (--holdout): all earlier cases of {journey} ({count}) came at one "
        "instant, and no rate can be made of them to predict the others. Correct the times of "
        "first events in the log, or hold out another share.",
    ),
    "holdout_rate": Text(
        "Прогноза (--holdout) нет: ранние обращения идут так густо, что до конца отложенных "
        "({seen}) их пришло бы {expected}. В минуту {at} пришло больше всего ранних: {count} из "
        "{cases}; если это не так, исправьте в журнале времена первых событий.",
        "There is no prediction (--holdout): the earlier cases come so fast that {expected} would "
        "come by the end of those held out ({seen}). Most came in the minute {at}: {count} of "
        "{cases}; if that is not so, correct the times of first events in the log.",
    ),
    "holdout_none": Text(
        "Прогноза (--holdout) нет: отложенные обращения ({seen}) пришли с {first} по {last}, а с "
        "частотой ранних за это время не пришло бы ни одного. Если это не так, исправьте в журнале "
        "времена первых событий.",
        "There is no prediction (--holdout): the cases held out ({seen}) came from {first} to "
        "{last}, when at the rate of the earlier ones none would. If that is not so, correct the "
        "times of first events in the log.",
    ),
    "holdout_endless": Text(
        "Прогноза (--holdout) нет: по ранним обращениям те, что на шаге {node}, не закончились "
        "бы никогда: приходит больше, чем успевают закончить. В минуту {at} пришло больше "
        "всего ранних: {count} из {cases}; если это не так, исправьте в журнале времена первых "
        "событий.",
        "There is no prediction (--holdout): by the earlier cases those at {node} would never "
        "end: more come than can be finished. Most came in the minute {at}: {count} of "
        "{cases}; if that is not so, correct the times of first events in the log.",
    ),
    "first_event": Text(
        "Что было до первого события обращения, не видно: приход — это оно.",
        "What was before the first event of a case is not seen: it is taken for the arrival.",
    ),
    "last_event": Text(
        "Незаконченное обращение от законченного журнал не отличает: конец — последнее событие.",
        "The log does not tell an unfinished case from a finished one: the last event is the end.",
    ),
    "not_in_a_log": Text(
        "Терпение, тайм-ауты, повторы, отказы и приоритеты по журналу не подбираются; сбоев в "
        "сценарии нет.",
        "Patience, timeouts, retries, refusals and priorities are not learned from a log; the "
        "scenario has no faults.",
    ),
}

REPAIRS: Final = {
    "no_case": Text("Строки без обращения не взяты", "Rows without a case were left out"),
    "no_activity": Text("События без шага не взяты", "Events without an activity were left out"),
    "no_time": Text("События без времени не взяты", "Events without a time were left out"),
    "other_transition": Text(
        "События иных состояний (не schedule, start, complete) не взяты",
        "Events of other transitions (not schedule, start, complete) were left out",
    ),
    "other_replications": Text(
        "События других репликаций не взяты: одни и те же дни, калибровка по репликации 0",
        "Events of other replications were left out: they are of the same days; replication 0 is "
        "learned from",
    ),
    "held": Text(
        "Части посещений (held) не взяты; время прерванной сменой работы взято с перерывом",
        "Parts of visits (held) were left out; the time of work that a shift's end suspended is "
        "taken with the pause",
    ),
    "not_served": Text(
        "Посещения без обслуживания (отказы, тайм-ауты, сбои) не взяты; их время вошло в задержки",
        "Visits that were not served (refusals, timeouts, faults) were left out; their time is in "
        "the delays",
    ),
    "unordered": Text(
        "События не по времени внутри обращения упорядочены",
        "Events out of order inside a case were sorted",
    ),
    "start_after_end": Text(
        "Начало позже конца: взят только конец", "Starts after their end: only the end was taken"
    ),
    "enter_after_start": Text(
        "Постановка в очередь позже начала: не взята",
        "Entering after the start: the entering was left out",
    ),
    "unpaired_start": Text("Начала без конца не взяты", "Starts without an end were left out"),
    "unpaired_schedule": Text(
        "Постановки в очередь без конца не взяты", "Schedules without an end were left out"
    ),
    "duplicate": Text(
        "Повторы событий (совпадает всё) не взяты",
        "Repeated events (all is the same) were left out",
    ),
    "local_times": Text(
        "Времена без смещения взяты местными ({zone})",
        "Times without an offset were taken as local ({zone})",
    ),
    "other_offset_hours": Text(
        "Часов журнала со смещением не как в {zone}; моменты взяты верно",
        "Hours of the log with an offset other than that of {zone}; the moments are right",
    ),
    "unknown_offsets": Text(
        "Таких смещений нет ни в одном поясе: часы взяты по {zone}",
        "No zone has such offsets: hours go by {zone}",
    ),
    "unnamed_case": Text("Обращения без имени пронумерованы", "Cases without a name were numbered"),
    "repeated_case": Text(
        "Обращения с тем же именем взяты отдельными", "Cases with a name of another were kept apart"
    ),
    "empty_case": Text("Обращения без событий не взяты", "Cases without events were left out"),
}

words: Final = Phrases(TEXTS)
