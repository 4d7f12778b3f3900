"""Every word of the command line, in both languages side by side."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from poligon.calibration.texts import CALIBRATE_TEXTS
from poligon.load.texts import LOAD_TEXTS
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
    "help_world": Text(
        "Показать организацию или человека страны, записать её заявку.",
        "Show an organization or a person of the country, write what it files.",
    ),
    "help_world_organization": Text(
        "Показать организацию: ровно один из ключей --index, --inn, --ogrn.",
        "Show an organization: exactly one of --index, --inn, --ogrn.",
    ),
    "help_world_person": Text(
        "Показать человека: ровно один из ключей --index, --inn, --snils.",
        "Show a person: exactly one of --index, --inn, --snils.",
    ),
    "help_world_filing": Text(
        "Записать в папку, что организация подаёт: анкету, документы, при желании — с ошибками.",
        "Write what an organization files into a folder: form and documents, mistakes if asked.",
    ),
    "help_world_date": Text(
        "День подачи, ГГГГ-ММ-ДД (по умолчанию 2026-02-02).",
        "The day of the filing, YYYY-MM-DD (default: 2026-02-02).",
    ),
    "help_world_defect": Text(
        "Ошибка заявителя из свода правил; ключ можно повторять.",
        "A mistake of the rule book's defects; may be repeated.",
    ),
    "help_world_to": Text("Папка для файлов.", "The folder for the files."),
    "help_world_index": Text("Номер записи, с 0.", "Number of the record, from 0."),
    "help_world_inn": Text("ИНН: 10 или 12 цифр.", "INN: 10 or 12 digits."),
    "help_world_ogrn": Text(
        "ОГРН (13 цифр) или ОГРНИП (15 цифр).", "OGRN (13 digits) or OGRNIP (15 digits)."
    ),
    "help_world_snils": Text("СНИЛС: 11 цифр подряд.", "SNILS: 11 digits in a row."),
    "help_world_seed": Text("Зерно страны (по умолчанию 1).", "Seed of the country (default: 1)."),
    "help_world_organizations": Text(
        "Сколько в стране организаций (по умолчанию 10 000 000).",
        "How many organizations the country has (default: 10,000,000).",
    ),
    "help_world_json": Text("Вывести запись в JSON.", "Print the record as JSON."),
    "help_world_lang": Text("Язык подписей: ru или en.", "Language of the labels: ru or en."),
    "help_serve": Text(
        "Запустить страну с её реестрами как сервер HTTP.",
        "Run the country and its registries as an HTTP server.",
    ),
    "help_serve_scenario": Text(
        "Сценарий: календарь, станции, население, зерно, сбои.",
        "A scenario: its calendar, stations, population, seed and faults.",
    ),
    "help_serve_scale": Text(
        "Множитель постоянных мощностей станций сценария.",
        "Multiplies the constant capacities of the scenario's stations.",
    ),
    "help_serve_port": Text(
        "Порт (по умолчанию 8080, 0 — любой свободный).", "Port (default 8080, 0: any free one)."
    ),
    "help_serve_host": Text(
        "Адрес (по умолчанию 127.0.0.1: только эта машина).",
        "Address (default 127.0.0.1: this machine only).",
    ),
    "help_serve_tls": Text(
        "Шифровать (TLS) со своим удостоверяющим центром; его сертификат — в названном файле.",
        "Encrypt (TLS) with an authority of its own, whose certificate is in the file named.",
    ),
    "help_serve_seed": Text(
        "Зерно страны (по умолчанию из сценария, без него 1).",
        "Seed of the country (default: the scenario's, without one 1).",
    ),
    "help_serve_start": Text(
        "Местное время, с которого идут часы, или now — настоящее.",
        "Local time at which the clock begins, or now: the real one.",
    ),
    "help_serve_speed": Text(
        "Во сколько раз часы идут быстрее настоящих (по умолчанию стоят).",
        "How many times as fast as real time the clock goes (default: it stands).",
    ),
    "help_serve_db": Text(
        "База портала: sqlite:///ФАЙЛ или postgresql://… (по умолчанию до остановки сервера).",
        "The portal's database: sqlite:///FILE or postgresql://… (default: gone with the server).",
    ),
    "help_serve_request_log": Text(
        "Файл для строк JSON о запросах к порталу, - — стандартный вывод.",
        "A file for lines of JSON about requests to the portal, -: standard output.",
    ),
    "help_serve_faults": Text(
        "Список сбоев (YAML): всё, что умеют сервисы.",
        "A list of faults (YAML): whatever services can do.",
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
    # The country
    "world_index": Text("Номер", "Index"),
    "world_kind": Text("Вид", "Kind"),
    "world_kind_legal": Text("юридическое лицо", "legal entity"),
    "world_kind_sole_proprietor": Text("индивидуальный предприниматель", "sole proprietor"),
    "world_tier": Text("Размер", "Size"),
    "world_standing": Text("Состояние", "Standing"),
    "world_standing_active": Text("действует", "active"),
    "world_standing_liquidating": Text("ликвидируется", "in liquidation"),
    "world_standing_liquidated": Text("деятельность прекращена {closed}", "closed on {closed}"),
    "world_standing_unreliable": Text("адрес недостоверен", "address marked as unreliable"),
    "world_full_name": Text("Полное наименование", "Full name"),
    "world_short_name": Text("Краткое наименование", "Short name"),
    "world_inn": Text("ИНН", "INN"),
    "world_ogrn": Text("ОГРН", "OGRN"),
    "world_ogrnip": Text("ОГРНИП", "OGRNIP"),
    "world_kpp": Text("КПП", "KPP"),
    "world_registered": Text("Дата регистрации", "Registered"),
    "world_address": Text("Адрес", "Address"),
    "world_head": Text("Руководитель", "Head"),
    "world_head_value": Text(
        "{name}, {position} с {since} (человек {person})",
        "{name}, {position} since {since} (person {person})",
    ),
    "world_capital": Text("Уставный капитал", "Charter capital"),
    "world_money": Text("{roubles} руб.", "{roubles} roubles"),
    "world_founder": Text("Учредитель", "Founder"),
    "world_founder_value": Text(
        "{name}, доля {share} (человек {person})", "{name}, share {share} (person {person})"
    ),
    "world_branch": Text("Филиал", "Branch"),
    "world_branch_value": Text("{name}, КПП {kpp}, {address}", "{name}, KPP {kpp}, {address}"),
    "world_okved": Text("ОКВЭД", "OKVED"),
    "world_account": Text("Счёт", "Account"),
    "world_account_value": Text(
        "{number} в {bank}, БИК {bik}, корр. счёт {correspondent}",
        "{number} at {bank}, BIK {bik}, correspondent account {correspondent}",
    ),
    "world_phone": Text("Телефон", "Phone"),
    "world_email": Text("Почта", "E-mail"),
    "world_employees": Text("Работников", "Employees"),
    "world_name": Text("ФИО", "Name"),
    "world_gender": Text("Пол", "Gender"),
    "world_gender_male": Text("мужской", "male"),
    "world_gender_female": Text("женский", "female"),
    "world_birth": Text("Родился", "Born"),
    "world_birth_value": Text("{date}, {place}", "{date}, {place}"),
    "world_snils": Text("СНИЛС", "SNILS"),
    "world_passport": Text("Паспорт", "Passport"),
    "world_passport_value": Text(
        "{series} {number}, выдан {issued}, {issued_by}, {department}",
        "{series} {number}, issued {issued}, {issued_by}, {department}",
    ),
    "world_restriction": Text("Паспорт не принимается", "Passport not accepted"),
    "world_restriction_lost": Text("утрачен", "lost"),
    "world_restriction_expired": Text("истёк срок", "expired"),
    "world_restriction_invalid": Text("недействителен", "invalid"),
    "world_heads": Text("Руководит", "Heads"),
    "world_heads_value": Text("{name} (организация {index})", "{name} (organization {index})"),
    "world_works": Text("Работает", "Works"),
    "world_works_value": Text(
        "{name} (организация {index}): {position}, {department}, с {since}",
        "{name} (organization {index}): {position}, {department}, since {since}",
    ),
    # The server
    "serve_services": Text("Сервисы:", "Services:"),
    "serve_service": Text(
        "  {path}  {title}; правил: {rules}", "  {path}  {title}; rules: {rules}"
    ),
    "serve_portal": Text(
        "Портал: {url}/portal, описание: {url}/portal/openapi.json, данные: {database}",
        "Portal: {url}/portal, its document: {url}/portal/openapi.json, data: {database}",
    ),
    "serve_portal_forgets": Text("до остановки сервера", "until the server stops"),
    "serve_admin": Text(
        "Управление: {url}, описание: {url}/openapi.json",
        "Administration: {url}, its document: {url}/openapi.json",
    ),
    "serve_tenant": Text(
        "Арендатор {tenant}, зерно {seed}; других создают через управление",
        "Tenant {tenant}, seed {seed}; others are made by the administration",
    ),
    "serve_clock_stands": Text(
        "Часы стоят: {moment}; их переводят через управление",
        "The clock stands: {moment}; the administration moves it",
    ),
    "serve_clock_runs": Text(
        "Часы идут с {moment}, их скорость — {speed} (у настоящих — 1)",
        "The clock goes from {moment}, {speed} times as fast as real time",
    ),
    "serve_faults": Text("Сбои: {faults}", "Faults: {faults}"),
    "serve_trust": Text(
        "Сертификат удостоверяющего центра, пока сервер работает: {path}",
        "The authority's certificate, as long as the server runs: {path}",
    ),
    "serve_ready": Text("Готов: {url}", "Ready: {url}"),
    "serve_stops": Text(
        "останавливаюсь: начатые ответы будут отданы; ещё один сигнал остановит сразу",
        "stopping: answers in flight will be finished; one more signal stops at once",
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
    "spec_none": Text("", ""),
    "gates": Text("Проверок в модели", "Gates of the model"),
    "rules_total": Text(
        "Правил: {rules}, глав: {chapters}", "Rules: {rules}, chapters: {chapters}"
    ),
}  # fmt: skip

text: Final = Phrases(_OWN, CALIBRATE_TEXTS, ENGINE_TEXTS, LOAD_TEXTS, STUDY_TEXTS)


def language_of(argv: Sequence[str]) -> Language:
    """What `--lang` says, found before the words are read: help and errors need it too."""
    words = [word.removeprefix("--lang=") for word in argv if word.startswith("--lang=")]
    words += [value for option, value in pairwise(argv) if option == "--lang"]
    return next((lang for lang in LANGUAGES if lang in words[-1:]), LANGUAGES[0])
