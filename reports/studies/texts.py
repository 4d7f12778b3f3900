"""Every word of the pages and sentences of studies, in both languages side by side."""

from typing import Final

from reports.phrases import Phrases
from rulebook import Text

__all__ = ["STUDY_TEXTS", "words"]

STUDY_TEXTS: Final = {
    # All pages
    "facts": Text("О расчёте", "Facts of the study"),
    "objectives": Text("Цели", "Objectives"),
    "objective": Text("Цель", "Objective"),
    "bound": Text("Требуется", "Required"),
    "metric": Text("Показатель", "Metric"),
    "met": Text("достигнута", "met"),
    "missed": Text("не достигнута", "missed"),
    "scenario": Text("Сценарий", "Scenario"),
    "file": Text("Файл", "File"),
    "changes": Text("Изменения", "Changes"),
    "unchanged": Text("нет", "none"),
    "seed": Text("Зерно", "Seed"),
    "scale": Text("Масштаб", "Scale"),
    "engine": Text("Движок", "Engine"),
    "replications": Text("Репликации", "Replications"),
    "hash": Text("Отпечаток сценария", "Scenario hash"),
    "command": Text("Команда", "Command"),
    "versions": Text("Версии", "Versions"),
    "scale_warning": Text(
        "Масштаб {scale}: потоки и постоянные мощности умножены на него, времена обслуживания — "
        "нет. Ждут на малой станции дольше, чем на большой с той же загрузкой: для решений о целой "
        "стране считайте без масштаба.",
        "Scale {scale}: arrival rates and constant capacities are multiplied by it, service times "
        "are not. At equal load a small station makes people wait longer than a large one: for "
        "decisions about the whole country run without a scale.",
    ),
    # Comparison
    "cmp_kind": Text("Сравнение двух сценариев", "Comparison of two scenarios"),
    "cmp_title": Text("{a} и {b} — сравнение", "{a} and {b} — comparison"),
    "cmp_same": Text("{name}: A и B", "{name}: A and B"),
    "cmp_note": Text(
        "Обе стороны считаны на одних и тех же случайных числах, {pairs}. Разность — B минус A по "
        "парам репликаций, в скобках её 95%-й интервал (парный t); каждый интервал — сам по себе.",
        "Both sides ran on the same random numbers, {pairs}. A difference is B less A over pairs "
        "of replications, in brackets its 95% interval (paired t), each interval by itself.",
    ),
    "cmp_pairs": Text("пар репликаций: {pairs}", "{pairs} pairs of replications"),
    "cmp_sooner": Text(
        "{title}: в варианте B обращения заканчиваются в среднем на {amount} раньше (95%: "
        "{between}): {b} вместо {a}.",
        "{title}: B finishes cases {amount} sooner on average (95%: {between}): {b} instead of "
        "{a}.",
    ),
    "cmp_later": Text(
        "{title}: в варианте B обращения заканчиваются в среднем на {amount} позже (95%: "
        "{between}): {b} вместо {a}.",
        "{title}: B finishes cases {amount} later on average (95%: {between}): {b} instead of "
        "{a}.",
    ),
    "cmp_unclear": Text(
        "{title}: раньше или позже заканчиваются обращения в варианте B, сказать нельзя: среднее "
        "время отличается на {amount} (95%: {between}), {a} и {b}.",
        "{title}: it cannot be told whether B finishes cases sooner or later: the mean time "
        "differs by {amount} (95%: {between}), {a} and {b}.",
    ),
    "cmp_one": Text(
        "{title}: в одной паре репликаций среднее время отличается на {amount}; ничего сказать "
        "нельзя, нужно хотя бы две.",
        "{title}: in a single pair of replications the mean time differs by {amount}; nothing can "
        "be told from it, at least two are needed.",
    ),
    "cmp_equal": Text(
        "{title}: времена одинаковы в каждой репликации.",
        "{title}: times are the same in every replication.",
    ),
    "cmp_absent": Text(
        "{title}: нет пар репликаций с завершёнными обращениями.",
        "{title}: no pair of replications has completed cases.",
    ),
    "cmp_one_sided": Text(
        "{title}: раньше или позже заканчиваются обращения в варианте B, сказать нельзя: среднее "
        "время есть только у одной стороны в парах репликаций: {pairs} (где есть: A — {a}, "
        "B — {b}).",
        "{title}: it cannot be told whether B finishes cases sooner or later: only one side has a "
        "mean time in {pairs} of the pairs (where there is one: A {a}, B {b}).",
    ),
    "cmp_lost_fewer": Text(
        "{title}: в варианте B брошено обращений на {amount} меньше (95%: {between}).",
        "{title}: {amount} fewer cases are abandoned in B (95%: {between}).",
    ),
    "cmp_lost_more": Text(
        "{title}: в варианте B брошено обращений на {amount} больше (95%: {between}).",
        "{title}: {amount} more cases are abandoned in B (95%: {between}).",
    ),
    "cmp_objective": Text(
        "{id} ({asked}; {bound}): A — {a}, B — {b}; {reached}; {told}.",
        "{id} ({asked}; {bound}): A {a}, B {b}; {reached}; {told}.",
    ),
    "cmp_bounds": Text("A {a}, B {b}", "A {a}, B {b}"),
    "cmp_both": Text("достигнута в обоих", "both meet it"),
    "cmp_neither": Text("не достигнута ни в одном", "neither meets it"),
    "cmp_only_a": Text("достигнута только в A", "only A meets it"),
    "cmp_only_b": Text("достигнута только в B", "only B meets it"),
    "cmp_told_equal": Text("разницы нет", "no difference"),
    "cmp_told_unclear": Text(
        "есть ли разница, сказать нельзя ({gap}; 95%: {between})",
        "whether they differ cannot be told ({gap}; 95%: {between})",
    ),
    "cmp_told_one": Text("разность {gap}, интервала нет", "difference {gap}, no interval"),
    "cmp_told_one_sided": Text(
        "есть ли разница, сказать нельзя: пар, где значение есть только у одной стороны: {pairs}",
        "whether they differ cannot be told: only one side has a value in {pairs} of the pairs",
    ),
    "cmp_told_differs": Text(
        "разность {gap} (95%: {between})", "difference {gap} (95%: {between})"
    ),
    "cmp_told_absent": Text("сравнить не с чем", "there is nothing to compare"),
    "cmp_answers": Text("Что изменилось", "What has changed"),
    "cmp_forest": Text("Разность B − A, % от A", "Difference B − A, % of A"),
    "cmp_forest_note": Text(
        "Точка — разность средних, черта — 95%-й интервал; красное и синее не задевает нуля: "
        "красное — больше, синее — меньше, чем в A.",
        "A dot is the difference of means, its line the 95% interval; red and blue do not touch "
        "zero: red is more, blue less than in A.",
    ),
    "cmp_metrics": Text("Все показатели", "All metrics"),
    "cmp_difference": Text("B − A", "B − A"),
    "cmp_pairs_used": Text("Пары", "Pairs"),
    "cmp_row_one_sided": Text(
        "вывода нет: в других парах значение только у одной стороны",
        "no verdict: other pairs have a value on one side only",
    ),
    "cmp_saving": Text("Экономия", "Saving"),
    "cmp_saving_note": Text(
        "Экономия — во сколько раз больше репликаций понадобилось бы независимым прогонам для "
        "интервала той же ширины: (Var A + Var B) / Var(B − A). В таблице нет показателей, "
        "одинаковых во всех парах ({equal}), не имеющих значения ни в одной ({absent}) и тех, что "
        "есть только у одного сценария ({one}).",
        "Saving is how many times as many replications independent runs would need for an "
        "interval as narrow: (Var A + Var B) / Var(B − A). Left out are metrics that are the same "
        "in every pair ({equal}), that have a value in none ({absent}), and that only one "
        "scenario has ({one}).",
    ),
    "cmp_dropped": Text(
        "Цели без своего сбоя в стороне {side} убраны: {objectives}.",
        "Objectives whose fault side {side} does not have were left out: {objectives}.",
    ),
    # Sweep
    "sweep_kind": Text("Перебор значений", "Sweep"),
    "sweep_title": Text("{name} — перебор значений", "{name} — sweep"),
    "sweep_note": Text(
        "Точек: {points}, в каждой репликаций: {replications}, на одних и тех же случайных числах; "
        "в скобках 95%-е интервалы.",
        "{points} points of {replications} replications each, on the same random numbers; in "
        "brackets 95% intervals.",
    ),
    "sweep_points": Text("Все точки", "All points"),
    "sweep_curve_note": Text(
        "Точка — среднее, полоса — 95%-й интервал, пунктир — граница цели.",
        "A dot is the mean, the band the 95% interval, the dashed line the objective's bound.",
    ),
    "sweep_heat_note": Text(
        "Чем темнее, тем больше; ✓ — цель достигнута, ✗ — нет.",
        "The darker, the more; ✓: the objective is met, ✗: it is not.",
    ),
    # Plan
    "plan_kind": Text("План мощностей", "Capacity plan"),
    "plan_title": Text("{name} — план мощностей", "{name} — capacity plan"),
    "plan_enough": Text(
        "Достаточно {point}: это самое дешёвое из того, с чем выполняется {objectives}. "
        "Цена {cost}; уверенность {confidence}.",
        "{point} is enough: the cheapest of all with which {objectives} is met. Cost {cost}; "
        "confidence {confidence}.",
    ),
    "plan_short_fails": Text(
        "С {point} не выполняется: {figures}.", "{point} is too little: {figures}."
    ),
    "plan_short_undecided": Text(
        "С {point} ничего сказать нельзя и за {replications} репликаций: {figures}. Может быть, "
        "хватит и этого.",
        "{point} cannot be told even in {replications} replications: {figures}. It may be enough "
        "too.",
    ),
    "plan_none": Text(
        "Не достаточно ничего: и с наибольшим, {point}, не выполняется {objectives}: {figures}.",
        "No capacity is enough: even with the most, {point}, {objectives} is not met: {figures}.",
    ),
    "plan_none_undecided": Text(
        "Достаточно ли наибольшего, {point}, для {objectives}, сказать нельзя и за {replications} "
        "репликаций: {figures}.",
        "Whether the most, {point}, is enough for {objectives} cannot be told even in "
        "{replications} replications: {figures}.",
    ),
    "plan_least": Text(
        "Меньше этого значения не заданы: возможно, хватит и меньшего.",
        "No smaller values were given: less may be enough.",
    ),
    "plan_figure": Text("{id} — {value}, требуется {bound}", "{id} {value}, required {bound}"),
    "plan_alone": Text("Чего стоит каждая цель", "What each objective costs"),
    "plan_alone_note": Text(
        "Самое дешёвое, с чем выполняется одна эта цель.",
        "The cheapest with which this objective alone is met.",
    ),
    "plan_alone_line": Text("{id}: {point}; цена {cost}", "{id}: {point}; cost {cost}"),
    "plan_all": Text("все вместе", "all together"),
    "plan_frontier": Text("Граница", "The frontier"),
    "plan_frontier_note": Text(
        "Сочетания, с которыми всё выполняется, а с меньшим по любому из ключей — уже нет (или "
        "сказать нельзя).",
        "Combinations with which everything is met, while with less of any key it is not (or "
        "cannot be told to be).",
    ),
    "plan_judged": Text("Что просмотрено", "What was looked at"),
    "plan_cost": Text("Цена", "Cost"),
    "plan_verdict": Text("Вывод", "Verdict"),
    "plan_meets": Text("достаточно", "enough"),
    "plan_fails": Text("мало", "too little"),
    "plan_undecided": Text("не сказать", "cannot be told"),
    "plan_not_asked": Text("не спрашивали", "not asked"),
    "plan_method": Text(
        "Все мощности считаны на одних случайных числах; поиск исходит из того, что большая "
        "мощность не вредит. Вывод о мощности делается последовательно: t-критерий при {looks} "
        "репликациях, вероятность ошибки поделена между этими просмотрами поровну. Вывод об одной "
        "мощности неверен с вероятностью не более {error}: то, что оставляет уверенность, поделено "
        "на число мощностей, которые смотрит поиск, — их не больше {cells}.{several} "
        "Интервалы — обычные 95%-е, без поправки на просмотры. Прогонов всего: {runs}.",
        "All capacities ran on the same random numbers; the search takes it that more capacity "
        "does no harm. A capacity is judged sequentially: Student's t at {looks} replications, the "
        "chance of an error spent in equal parts over these looks. The verdict on one capacity is "
        "wrong with a chance of {error} at most: what the confidence leaves is divided by as many "
        "as a search looks at, {cells} at most.{several} "
        "Intervals are ordinary 95% ones, without a correction for looks. Runs in all: {runs}.",
    ),
    "plan_several": Text(
        "Уверенность относится к ответу и ко всей его границе; чего стоит каждая цель — "
        "утверждение само по себе.",
        "The confidence is that of the answer with its whole frontier; what each objective costs "
        "is told by itself.",
    ),
    "plan_price": Text("{name}: {price} за единицу", "{name}: {price} a unit"),
    "plan_prices": Text("Цены", "Prices"),
}  # fmt: skip

words: Final = Phrases(STUDY_TEXTS)
