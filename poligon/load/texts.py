"""Words of `poligon load`, in both languages side by side."""

from typing import Final

from rulebook import Text

__all__ = ["LOAD_TEXTS"]

LOAD_TEXTS: Final = {
    # Help
    "help_load": Text(
        "Нагрузить портал и имитаторы по сценарию и написать отчёт; --validate сравнивает с "
        "моделью.",
        "Load portal and mocks by a scenario and write a report; --validate compares the model.",
    ),
    "help_load_target": Text(
        "Адрес: корень стенда Полигона или то, что стоит выше /v1 другого портала.",
        "URL: the root of a stand of Poligon's, or what is above /v1 of another portal.",
    ),
    "help_load_mine": Text(
        "Цель не на этой машине, и я вправе её нагружать.",
        "The target is not this machine, and I may load it.",
    ),
    "help_load_port": Text(
        "Порт своего сервера (по умолчанию любой свободный).",
        "Port of the own server (default: any free one).",
    ),
    "help_load_workers": Text(
        "Сколько процессов Locust (по умолчанию 1).", "How many Locust processes (default: 1)."
    ),
    "help_load_scale": Text(
        "Множитель потоков и постоянных мощностей (по умолчанию load.scale сценария).",
        "Multiplies arrivals and constant capacities (default: the scenario's load.scale).",
    ),
    "help_load_speed": Text(
        "Секунд модели в секунде (по умолчанию load.speed сценария).",
        "Model seconds per second (default: the scenario's load.speed).",
    ),
    "help_load_for": Text(
        "Сколько приходят новые, например 20s (по умолчанию load.for сценария).",
        "How long cases begin, as 20s (default: the scenario's load.for).",
    ),
    "help_load_faults": Text(
        "План сбоев (YAML) сверх сценария.", "A plan of faults (YAML) besides the scenario's."
    ),
    "help_load_validate": Text(
        "Сравнить с предсказанием модели; код 1, если допуск не выдержан.",
        "Compare with what the model predicts; exit with 1 if a tolerance is missed.",
    ),
    "help_load_quick": Text(
        "С --validate: короче и грубее.", "With --validate: shorter and coarser."
    ),
    "help_load_out": Text(
        "Папка отчёта (по умолчанию reports/out/ИМЯ-load).",
        "Folder of the report (default: reports/out/NAME-load).",
    ),
    # Wrong words
    "load_target_form": Text(
        "{option}: ожидался адрес вида http://127.0.0.1:8080, получено «{got}»",
        '{option}: expected a URL as http://127.0.0.1:8080, got "{got}"',
    ),
    "load_consent": Text(
        "{option} {got}: это не эта машина. Нагружать можно только своё: "
        "добавьте --i-own-this-target, если цель ваша",
        "{option} {got}: that is not this machine. Load only what is yours: "
        "add --i-own-this-target if it is",
    ),
    "load_unreachable": Text(
        "{option} {got}: цель не отвечает: {reason}",
        "{option} {got}: the target does not answer: {reason}",
    ),
    "load_faults_of_target": Text(
        "{option}: сбои планируются только у своего сервера, без --target",
        "{option}: faults are planned at the own server only, without --target",
    ),
    "load_validate_of_target": Text(
        "{option}: сравнение с моделью делается на своём сервере, без --target",
        "{option}: the model is compared at the own server, without --target",
    ),
    "load_quick_alone": Text(
        "{option}: действует только с --validate", "{option}: has an effect with --validate only"
    ),
    "load_mine_alone": Text(
        "{option}: действует только с --target", "{option}: has an effect with --target only"
    ),
    "load_port_of_target": Text(
        "{option}: порт своего сервера; с --target он не запускается",
        "{option}: a port of the own server, which is not started with --target",
    ),
    "load_validate_without": Text(
        "{option}: с --validate не действует", "{option}: has no effect with --validate"
    ),
    "load_no_path": Text(
        "{got}: в сценарии нет станции реестра с постоянным числом мест и временем ответа от 20 мс "
        "до 5 с: сравнивать нечего",
        "{got}: the scenario has no station of a registry with a constant number of servers and an "
        "answer in 20 ms to 5 s: there is nothing to compare",
    ),
    "load_duration": Text(
        "{option}: ожидалась длительность вида 20s или 10m, получено «{got}»",
        '{option}: expected a duration as 20s or 10m, got "{got}"',
    ),
    "load_nobody": Text(
        "{got}: за время нагрузки никто не приходит; увеличьте --for, --scale или --speed",
        "{got}: nobody arrives during the load test; raise --for, --scale or --speed",
    ),
    "load_refused_country": Text(
        "нагрузить нельзя: у {portal} другая страна, чем у сценария: запустите там тот же сценарий "
        "с тем же зерном",
        "this cannot be loaded: {portal} has another country than the plan: serve the same "
        "scenario there, with the same seed",
    ),
    "load_refused_nobody": Text(
        "нагрузить нельзя: в стране не осталось заявителей вида {kind}: она мала для такой "
        "нагрузки",
        "this cannot be loaded: the country has no applicant of the kind {kind} left: it is too "
        "small for such a load",
    ),
    "load_refused_target": Text(
        "нагрузить нельзя: {request}: получено {answer}",
        "this cannot be loaded: {request}: got {answer}",
    ),
    "load_refused_target_clock": Text(
        "нагрузить нельзя: {request}: это не часы стенда: {answer}",
        "this cannot be loaded: {request}: no clock of a stand: {answer}",
    ),
    "load_refused_target_json": Text(
        "нагрузить нельзя: {request}: это не JSON: {answer}",
        "this cannot be loaded: {request}: no JSON: {answer}",
    ),
    "load_refused_target_organization": Text(
        "нагрузить нельзя: {request}: это не организация: {answer}",
        "this cannot be loaded: {request}: no organization: {answer}",
    ),
    "load_refused_other": Text("нагрузить нельзя: {said}", "this cannot be loaded: {said}"),
    "load_server": Text("{got}", "{got}"),
    # Errors
    "load_stand_broken": Text(
        "сервер завершился сам; последнее, что он написал:",
        "the server has ended by itself; the last it wrote:",
    ),
    "load_loader_broken": Text(
        "Locust завершился сам; последнее, что он написал:",
        "Locust has ended by itself; the last it wrote:",
    ),
    "load_broken_checks": Text(
        "нарушен закон сохранения; отчёт записан",
        "a conservation law is broken; the report was written",
    ),
    # Progress
    "load_serves": Text("Запускаю портал и имитаторы", "Starting portal and mocks"),
    "load_runs": Text(
        "Нагрузка «{name}» на {target}: {horizon}", "Load “{name}” at {target}: {horizon}"
    ),
    "load_reached": Text(
        "{passed} из {span}, ответов: {requests}", "{passed} of {span}, answers: {requests}"
    ),
    "validate_registry": Text(
        "Реестр {station}, загрузка {utilisation}: репликация {number} из {total}",
        "Registry {station}, utilisation {utilisation}: replication {number} of {total}",
    ),
    "validate_sessions": Text("Завожу учётные записи", "Making accounts"),
    "validate_calibrates": Text(
        "Калибрую портал: раз {number} из {total}", "Calibrating the portal: {number} of {total}"
    ),
    "validate_portal": Text(
        "Портал, загрузка {utilisation}: репликация {number} из {total}",
        "Portal, utilisation {utilisation}: replication {number} of {total}",
    ),
    "validate_predicts": Text("Предсказываю по модели", "Predicting by the model"),
    "validate_level": Text(
        "{mark} {way} {utilisation}, {figure}: модель {predicted}, живое {live}, разница {error} "
        "(допуск {tolerance}){noise}",
        "{mark} {way} {utilisation}, {figure}: model {predicted}, live {live}, difference {error} "
        "(tolerance {tolerance}){noise}",
    ),
    "validate_noise": Text("; машина занята другим", "; the machine is busy with other work"),
    "load_checks": Text("Проверяю базу портала", "Checking the portal's database"),
    "load_writes": Text("Пишу отчёт", "Writing the report"),
    # The outcome
    "load_answers": Text(
        "Запросов {requests}: верно {good}, отклонено (429, 503) {shed}, неверно {failed}; "
        "задержка верных: медиана {p50}, 95 из 100 {p95}, до успеха с повторами 95 из 100 {done}",
        "{requests} requests: {good} good, {shed} shed (429, 503), {failed} wrong; latency of the "
        "good ones: median {p50}, 95 in 100 {p95}, until done with repetitions 95 in 100 {done}",
    ),
    "load_cases": Text(
        "Обращений {cases}: доведено до конца {completed}, отклонено {refused}, сорвано {failed}, "
        "оборвано {abandoned}",
        "{cases} cases: {completed} completed, {refused} refused, {failed} failed, {abandoned} cut "
        "off",
    ),
    "load_people": Text("Люди: {told}", "People: {told}"),
    "load_cut_off": Text("Оборванное: {told}", "Cut off: {told}"),
    "load_objective": Text(
        "{mark} {id}: {asked} — {value}; {bound}", "{mark} {id}: {asked}: {value}; {bound}"
    ),
    "load_check": Text("{mark} {name}: {detail}", "{mark} {name}: {detail}"),
    "load_checks_head": Text("Проверки:", "Checks:"),
}  # fmt: skip
