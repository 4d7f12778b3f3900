"""Words of `poligon serve`, in both languages side by side."""

from typing import Final

from rulebook import Text

__all__ = ["SERVE_TEXTS"]

SERVE_TEXTS: Final = {
    # Help
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
    "help_serve_cheap_passwords": Text(
        "Хранить пароли и коды дешёвым хешем: для стенда, где важно не это.",
        "Hash passwords and codes cheaply: for a stand that is about something else.",
    ),
    # Output
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
}  # fmt: skip
