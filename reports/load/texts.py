"""Every word of the report of a load test, in both languages side by side."""

from typing import Final

from reports.phrases import Phrases
from rulebook import Text

__all__ = ["TEXTS", "load_text"]

TEXTS: Final = {
    "title": Text("{name} — нагрузка", "{name} — load test"),
    "kind": Text("Отчёт о нагрузке", "Load report"),
    "head": Text(
        "{target} · поток {horizon}, всего {elapsed} · масштаб {scale}, скорость {speed} · "
        "рабочих процессов {workers}",
        "{target} · arrivals {horizon}, {elapsed} in all · scale {scale}, speed {speed} · "
        "workers {workers}",
    ),
    "skip": Text("К содержанию", "Skip to content"),
    "contents": Text("Разделы", "Sections"),
    "no_script": Text(
        "Графики рисует скрипт; без него остаются таблицы.",
        "A script draws the charts; without it there are the tables.",
    ),
    "verdict_good": Text("Все цели достигнуты, ничего не потеряно", "All met, nothing lost"),
    "verdict_missed": Text("Не достигнуто целей: {missed}", "Objectives missed: {missed}"),
    "verdict_broken": Text(
        "Нарушен закон сохранения: портал потерял или удвоил принятое",
        "A conservation law is broken: the portal has lost or doubled what it took",
    ),
    "answer_load": Text("Нагрузка", "Load"),
    "load_line": Text(
        "{requests} запросов за {elapsed}, в среднем {rate} в секунду; обращений {cases}: доведено "
        "до конца {completed}, отклонено {refused}, сорвано {failed}, оборвано концом "
        "прогона {abandoned}",
        "{requests} requests in {elapsed}, {rate} a second on average; of {cases} cases "
        "{completed} were completed, {refused} refused, {failed} failed, "
        "{abandoned} cut off by the end of the run",
    ),
    "answer_errors": Text("Ответы", "Answers"),
    "errors_line": Text(
        "верных {good} ({good_share}), отклонено под нагрузкой (429, 503) {shed} ({shed_share}), "
        "неверных {failed} ({failed_share})",
        "{good} as they should be ({good_share}), {shed} shed (429, 503; {shed_share}), {failed} "
        "wrong ({failed_share})",
    ),
    "answer_saturation": Text("Насыщение", "Saturation"),
    "saturation_none": Text(
        "не достигнуто: до {most} верных ответов в секунду",
        "not reached: up to {most} good answers a second",
    ),
    "saturation_shed": Text(
        "с {at} при {offered} запросах в секунду: часть отклонена; больше {most} верных ответов в "
        "секунду не было",
        "from {at} on at {offered} requests a second: some are shed; there were never more than "
        "{most} good answers a second",
    ),
    "saturation_failed": Text(
        "с {at} при {offered} запросах в секунду: часть ответов неверна; больше {most} верных "
        "ответов в секунду не было",
        "from {at} on at {offered} requests a second: some answers are wrong; there were never "
        "more than {most} good answers a second",
    ),
    "saturation_slow": Text(
        "с {at} при {offered} запросах в секунду: задержка выросла впятеро; больше {most} верных "
        "ответов в секунду не было",
        "from {at} on at {offered} requests a second: latency is five times what it was; there "
        "were never more than {most} good answers a second",
    ),
    "answer_recovery": Text("Восстановление", "Recovery"),
    "recovery_line": Text("{id}: {time} после конца сбоя", "{id}: {time} after its end"),
    "recovery_none": Text("{id}: до конца прогона нет", "{id}: not before the end of the run"),
    "answer_preparation": Text("Подготовка", "Preparation"),
    "preparation_line": Text(
        "{requests} запросов готовили людей по ходу прогона и в другие числа не входят: верных "
        "{good}, отклонено под нагрузкой {shed}, неверных {failed}; 95 из 100 не дольше {p95}",
        "{requests} requests prepared people during the run and are in no other figure: {good} as "
        "they should be, {shed} shed, {failed} wrong; 95 in 100 took {p95} at most",
    ),
    "answer_people": Text("Люди", "People"),
    "people_line": Text(
        "запланировано обращений: {planned}; не пройдено, потому что вовремя никого не "
        "подготовили: {unwalked}; человека готовили, когда обращение уже поступило: {late}",
        "planned cases: {planned}; not walked, for nobody was prepared in time: {unwalked}; begun "
        "with somebody who was prepared only once they had come: {late}",
    ),
    "answer_cut_off": Text("Оборванное", "Cut off"),
    "cut_off_line": Text(
        "запросов без ответа, когда кончился прогон или ушёл пользователь: {count}; им не было и "
        "десяти секунд, и в другие числа они не входят",
        "requests without an answer when the run or their user ended: {count}; they were younger "
        "than ten seconds, and are in no other figure",
    ),
    "answer_lag": Text("Нагрузчик", "Loader"),
    "lag_line": Text(
        "запросы уходили позже срока на {p50} (медиана), на {p99} (99 из 100 не больше)",
        "requests left {p50} late (median), 99 in 100 no more than {p99}",
    ),
    "objectives": Text("Цели", "Objectives"),
    "objective": Text("Цель", "Objective"),
    "value": Text("Значение", "Value"),
    "predicted": Text("Модель", "Model"),
    "limit": Text("Граница", "Bound"),
    "outcome": Text("Итог", "Outcome"),
    "met": Text("достигнута", "met"),
    "missed": Text("не достигнута", "missed"),
    "unjudged": Text(
        "Живой прогон не измеряет: {ids}. Цели сценария считает модель (poligon simulate).",
        "A live run does not measure: {ids}. The model judges the scenario's own (poligon "
        "simulate).",
    ),
    "load.failed": Text("доля неверных ответов", "share of wrong answers"),
    "load.shed": Text("доля ответов 429 и 503", "share of answers 429 and 503"),
    "load.failed_cases": Text("доля сорванных обращений", "share of cases that failed"),
    "load.unended": Text(
        "доля обращений, оборванных концом прогона", "share of cases cut off by the end of the run"
    ),
    "load.unready": Text(
        "доля запланированных обращений, для которых никто не был готов",
        "share of planned cases for which nobody was ready",
    ),
    "load.memory_growth": Text(
        "рост памяти сервера с тех пор, как все готовы",
        "growth of the server's memory since everybody was ready",
    ),
    "load.p95": Text("задержка, 95 из 100 ответов", "latency, 95 in 100 answers"),
    "within": Text(
        "{journey}: доля за {term}, время модели", "{journey}: share within {term}, model time"
    ),
    "at_most": Text("≤ {limit}", "≤ {limit}"),
    "at_least": Text("≥ {limit}", "≥ {limit}"),
    "over_time": Text("Во времени", "Over time"),
    "rates": Text("Запросы и ответы в секунду", "Requests and answers a second"),
    "latencies": Text("Задержка верных ответов", "Latency of good answers"),
    "offered": Text("запрошено", "offered"),
    "good": Text("верных ответов", "good answers"),
    "shed": Text("отклонено", "shed"),
    "failed": Text("неверных", "wrong"),
    "p50": Text("медиана", "median"),
    "p95": Text("95 из 100", "95 in 100"),
    "operations": Text("Операции", "Operations"),
    "operations_note": Text(
        "Задержка — от момента, когда запрос должен был уйти, до целого ответа; по всем верным "
        "ответам, без корзин: 95 из 100 не дольше {p95}. «До успеха» — от момента, когда должна "
        "была уйти первая попытка, с паузами и повторами после отказов под нагрузкой: 95 из 100 не "
        "дольше {done}.",
        "Latency is from when a request should have left until the answer was whole; of all good "
        "answers, without bins: 95 in 100 took {p95} at most. Until done is from when the first "
        "attempt should have left, with pauses and repetitions of what was shed: 95 in 100 took "
        "{done} at most.",
    ),
    "operation": Text("Операция", "Operation"),
    "requests": Text("Запросов", "Requests"),
    "ok": Text("Верно", "Good"),
    "mean": Text("Среднее", "Mean"),
    "until_done": Text("До успеха, 95 из 100", "Until done, 95 in 100"),
    "most": Text("Наибольшая", "Longest"),
    "errors": Text("Ошибки и отказы", "Errors and refusals"),
    "kind_of_error": Text("Что не так", "What is wrong"),
    "count": Text("Сколько", "How many"),
    "first": Text("Впервые", "First"),
    "no_errors": Text("Ни одной.", "None."),
    "server": Text("Сервер", "Server"),
    "server_cpu": Text("Процессор сервера, ядер", "Server CPU, cores"),
    "server_memory": Text("Память сервера, МБ", "Server memory, MB"),
    "server_inside": Text("Запросов внутри портала", "Requests inside the portal"),
    "own_cpu": Text("сервер", "server"),
    "others_cpu": Text("прочие процессы машины", "other processes of the machine"),
    "memory": Text("занято", "resident"),
    "inside": Text("внутри", "inside"),
    "no_server": Text(
        "Процесс и показатели цели недоступны.", "The target's process and figures are not visible."
    ),
    "checks": Text("Проверки", "Checks"),
    "check": Text("Проверка", "Check"),
    "detail": Text("Что сравнивалось", "What was compared"),
    "holds": Text("верна", "holds"),
    "broken": Text("нарушена", "broken"),
    "no_checks": Text(
        "База чужого портала недоступна: сохранение не проверено.",
        "The database of somebody's portal is not visible: conservation is not checked.",
    ),
    "check_acknowledged": Text(
        "принятое найдено в базе", "what was acknowledged is in the database"
    ),
    "check_once": Text("принятое есть один раз", "what was acknowledged is there once"),
    "check_journal": Text("журнал портала цел", "the journal of the portal is whole"),
    "found_acknowledged": Text(
        "подтверждено {acknowledged}, не найдено {missing}",
        "{acknowledged} acknowledged, {missing} missing",
    ),
    "found_once": Text(
        "номеров с двумя документами {doubled}{named}; сделано без подтверждения: {extra}; "
        "отправлено без ответа: {unanswered}",
        "{doubled} numbers with two documents{named}; made without an acknowledgement: {extra}; "
        "submissions without an answer: {unanswered}",
    ),
    "found_whole": Text("цел", "whole"),
    "found_broken": Text("нарушен на строке {broken_at}", "broken at line {broken_at}"),
    "kind_account": Text("учётная запись", "account"),
    "kind_application": Text("заявление", "application"),
    "kind_binding": Text("привязка", "binding"),
    "kind_document": Text("файл", "file"),
    "kind_employee": Text("сотрудник", "employee"),
    "kind_organization": Text("организация", "organization"),
    "facts": Text("О прогоне", "About the run"),
    "seed": Text("Зерно", "Seed"),
    "command": Text("Команда", "Command"),
    "versions": Text("Версии", "Versions"),
    "raw": Text("Все замеры", "All samples"),
    "notes": Text("Замечания", "Notes"),
    "note_lag": Text(
        "Нагрузчик опаздывал: 99-й процентиль {lag}. Задержки завышены, машине не хватало "
        "процессора.",
        "The loader was late: 99th percentile {lag}. Latencies are too long, the machine was short "
        "of CPU.",
    ),
    "note_no-inbox": Text(
        "{journey}: не нагружался: у чужого портала не прочесть коды",
        "{journey}: left out: codes can't be read at somebody's portal",
    ),
    "note_no-clock": Text(
        "{journey}: не нагружался: у чужого портала не проходит время",
        "{journey}: left out: no time passes at somebody's portal",
    ),
    "note_no-module": Text(
        "{journey}: не нагружался: этот путь пользователи Locust не проходят",
        "{journey}: left out: no Locust user walks this journey",
    ),
    "none": Text("нет", "none"),
}  # fmt: skip

load_text: Final = Phrases(TEXTS)
