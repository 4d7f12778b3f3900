"""A synthetic result in the shape of a tax-period peak: all that a report can show."""

import math
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sim.experiments.results import (
    CheckResult,
    DayQuantiles,
    FaultView,
    Figure,
    FlowView,
    Histogram,
    JourneyView,
    NodeView,
    ObjectiveResult,
    Result,
    StationView,
    UnfinishedView,
)

HOUR = 3600.0
DAY = 24 * HOUR
DAYS = 12
BINS = DAYS * 24

# id: ru title, en title, servers by day, by night, peak queue, mean wait, served
STATIONS: dict[str, tuple[str, str, float, float, float, float, float]] = {
    "operator": (
        "Оператор проверки документов",
        "Document checking operator",
        40,
        0,
        1840,
        6.2 * HOUR,
        61000,
    ),
    "fns": (
        "ФНС: проверка сведений",
        "Federal Tax Service: checks",
        120,
        120,
        620,
        1.4 * HOUR,
        118000,
    ),
    "egrul": ("ЕГРЮЛ", "Register of legal entities", 8, 8, 240, 41, 264000),
    "pfr": ("ПФР", "Pension Fund", 90, 90, 75, 720, 117500),
    "sms_gateway": ("СМС-шлюз", "SMS gateway", 6, 6, 12, 1.1, 402000),
    "mail_server": ("Почта", "Mail", 4, 4, 0, 0.004, 201000),
    "ca": ("Удостоверяющие центры", "Certification authorities", 30, 10, 33, 300, 21000),
    "support_desk": ("Поддержка", "Support desk", 12, 2, 0.4, 20, 3100),
    "biometry": ("Биометрическое подтверждение", "Biometric confirmation", 2, 2, 0, 0, 0),
}

RULES = {
    "REG-02": {
        "ru": "Организация не найдена в ЕГРЮЛ. Проверьте ИНН и ОГРН.",
        "en": "The organization is not in the register.",
    },
    "ID-01": {
        "ru": "ИНН юридического лица — ровно 10 цифр с верным контрольным разрядом.",
        "en": "The INN has 10 digits and a check digit.",
    },
    "REG-04": {"ru": "Организация ликвидирована.", "en": "The organization has been liquidated."},
    "CERT-03": {"ru": "Сертификат отозван.", "en": "The certificate has been revoked."},
}

# id | kind | ru | en | station | rules
REGISTRATION = """
form | delay | Заявитель заполняет форму | Applicant fills in the form | |
fields | check | Поля | Fields | | ID-01 ID-02 ID-03 ID-07 ID-08 ID-09 ID-10 ID-11 ID-12
mend | delay | Заявитель исправляет ошибки | Applicant mends the errors | | REG-10
kind | choose | Кто заявитель? | Who applies? | |
egrul | serve | Поиск в ЕГРЮЛ | Look-up of legal entities | egrul | REG-02 REG-04
egrip | serve | Поиск в ЕГРИП | Look-up of entrepreneurs | egrul | REG-09
registry | check | Сверка с реестром | Compared with the register | | REG-02 REG-04 REG-06
both | fork | Межведомственная проверка | Interdepartmental check | | VER-01
fns | serve | Проверка ФНС | Tax service checks | fns | VER-01
pfr | serve | Проверка ПФР | Pension fund checks | pfr | VER-07
verdict | choose | Нужен ли оператор? | Is an operator needed? | |
operator | serve | Оператор смотрит документы | Operator looks at papers | operator | OPS-08
answer | delay | Ожидание ответа ведомства | Waiting for the agency | | VER-02
sms | serve | СМС с кодом активации | SMS with an activation code | sms_gateway | ACT-01
bind | enter | Привязка организации | Binding of the organization | |
bind/form | delay | Выбор организации | Choice of the organization | | BND-01
bind/cert | serve | Проверка сертификата | Certificate check | ca | CERT-03 CERT-08
bind/check | check | Полномочия руководителя | Powers of the head | | BND-09 CERT-03
bind/mend | delay | Новый сертификат | A new certificate | |
bind/mail | serve | Письмо о привязке | Mail about the binding | mail_server | BND-06
bind/done | leave | Организация привязана | Organization bound | |
bind/lost | leave | Привязка прервана | Binding given up | |
done | end | Организация зарегистрирована | Organization registered | |
lost | end | Заявитель отказался | Applicant gave up | |
"""
SIGN_IN = """
start | delay | Ввод пароля | Password | | AUTH-01
code | serve | Код по СМС | Code by SMS | sms_gateway | AUTH-04
enter | choose | Код верный? | Is the code right? | |
help | serve | Обращение в поддержку | Call to the support desk | support_desk | SUP-01
done | end | Вход выполнен | Signed in | |
"""

# source > target count, with ! for failures
REGISTRATION_FLOWS = """
form > fields 60000
fields > kind 60400
fields > mend 5200 !
mend > fields 5600
mend > lost 120 !
kind > egrul 27100
kind > egrip 33300
egrul > registry 27100
egrip > registry 33300
registry > both 59480
registry > mend 920 !
both > fns 59480
both > pfr 59480
fns > verdict 59480
pfr > verdict 59480
verdict > operator 18200
verdict > lost 0
verdict > answer 41280
operator > answer 17700
operator > mend 0 !
answer > sms 58300
answer > lost 260 !
sms > bind 58300
bind > bind/form 58300
bind/form > bind/cert 58300
bind/cert > bind/check 59050
bind/check > bind/mend 760 !
bind/mend > bind/cert 750
bind/mend > bind/lost 10 !
bind/check > bind/mail 58290
bind/mail > bind/done 58290
bind/done > done 58290
bind/lost > lost 10 !
"""
SIGN_IN_FLOWS = """
start > code 340000
code > enter 342000
enter > done 338500
enter > start 3500 !
code > help 3100 !
help > done 3100
enter > enter 40 !
"""


def nodes_of(table: str, flows: Sequence[FlowView], cases: float) -> list[NodeView]:
    nodes = []
    for row in table.strip().splitlines():
        name, kind, ru, en, station_name, rules = (cell.strip() for cell in row.split("|"))
        entered = sum(flow.count for flow in flows if flow.target == name) or cases
        completed = name.endswith("done") if kind in ("end", "leave") else None
        titles = {"ru": ru, "en": en}
        nodes.append(
            NodeView(name, titles, kind, station_name or None, rules.split(), entered, completed)
        )
    return nodes


def flows_of(table: str) -> list[FlowView]:
    flows = []
    for row in table.strip().splitlines():
        source, _, target, cases, *failure = row.split()
        flows.append(FlowView(source, target, "fail" if failure else "next", float(cases)))
    return flows


def figure(value: float, spread: float = 0.02, replications: int = 10) -> Figure:
    if replications == 1:
        return Figure(value, None, None, 1)
    return Figure(value, value * (1 - spread), value * (1 + spread), replications)


def working(hour: int) -> bool:
    """Whether the bin lies in 9–18 of a working day; the run starts on a Monday."""
    return hour // 24 % 7 < 5 and 9 <= hour % 24 < 18


def day_shape(hour: int, of: float) -> float:
    """Growth towards the sixth day, waves by day."""
    growth = math.exp(-(((hour / 24 - 6.5) / 2.6) ** 2))
    return of * growth * (0.55 + 0.45 * math.sin((hour % 24 - 9) / 24 * 2 * math.pi))


def station(name: str) -> StationView:
    ru, en, day_servers, night_servers, peak, _, _ = STATIONS[name]
    waiting = [max(0.0, day_shape(h, peak)) for h in range(BINS)]
    if name == "egrul":
        waiting = [w + (210.0 if 178 <= h < 181 else 0.0) for h, w in enumerate(waiting)]
    capacity = [day_servers if working(h) else night_servers for h in range(BINS)]
    busy = [c * min(1.0, 0.3 + w / (peak + 1)) for c, w in zip(capacity, waiting, strict=True)]
    return StationView(
        name, {"ru": ru, "en": en}, name in ("mail_server", "biometry"), waiting, busy, capacity
    )


def histogram(median: float, cases: float) -> Histogram:
    edges = [0.0] + [10 ** (i / 6) for i in range(0, 42)]
    weights = [
        math.exp(-((math.log(edge / median) / 0.9) ** 2))
        + 0.5 * math.exp(-((math.log(edge / median / 9) / 0.4) ** 2))
        for edge in edges[1:]
    ]
    total = sum(weights)
    return Histogram(edges, [round(cases * w / total) for w in weights])


def journey(
    name: str, ru: str, en: str, nodes: str, edges: str, median: float, cases: float
) -> JourneyView:
    flows = flows_of(edges)
    first = date(2026, 4, 20)
    days = []
    for i in range(DAYS - 2):
        slow = 1 + 4 * math.exp(-(((i - 5.5) / 2) ** 2))
        days.append(
            DayQuantiles(
                first + timedelta(days=i),
                cases / 10,
                cases / 10.2,
                median * slow,
                median * 3 * slow,
                median * 4.2 * slow,
            )
        )
    inside = [max(0.0, day_shape(h, cases / 20)) for h in range(BINS)]
    return JourneyView(
        name, {"ru": ru, "en": en},
        nodes_of(nodes, flows, cases), flows,
        histogram(median, cases), days, inside, inside, inside,
    )  # fmt: skip


def fault(
    name: str, at: str, kind: str, begin: float, lasts: float,
    factor: float | None = None, p: float | None = None,
) -> FaultView:  # fmt: skip
    return FaultView(name, at, kind, begin, begin + lasts, factor, p)


def figures(replications: int) -> dict[str, Figure]:
    found: dict[str, Figure] = {}

    def put(path: str, value: float, spread: float = 0.02) -> None:
        found[path] = figure(value, spread, replications)

    for name, arrived, median in (
        ("registration", 60000.0, 26.2 * HOUR),
        ("sign_in", 340000.0, 48.0),
    ):
        put(f"journeys.{name}.arrived", arrived, 0.002)
        put(f"journeys.{name}.completed", arrived * 0.972, 0.003)
        put(f"journeys.{name}.abandoned", arrived * 0.0064)
        put(f"journeys.{name}.unfinished", arrived * 0.0216)
        put(f"journeys.{name}.returns", arrived * 0.102)
        for metric, times in (("mean", 1.4), ("p50", 1), ("p90", 2.9), ("p95", 3.8), ("p99", 6.1)):
            put(f"journeys.{name}.time.{metric}", median * times)
    for name, (_, _, day_servers, _, peak, wait, served) in STATIONS.items():
        path = f"stations.{name}"
        put(
            f"{path}.utilisation", 0.97 if name == "operator" else min(0.9, 0.3 + day_servers / 200)
        )
        put(f"{path}.served", served, 0.004)
        if served:
            put(f"{path}.wait.mean", wait)
            put(f"{path}.wait.p95", wait * 3.3)
        put(f"{path}.queue.mean", peak * 0.3)
        put(f"{path}.queue.max", peak * 1.1)
        for metric in ("refused", "impatient", "timeouts", "failures", "retries", "overtime"):
            put(
                f"{path}.{metric}",
                4210.0 if name == "egrul" and metric in ("timeouts", "retries") else 0.0,
            )
        put(f"{path}.retry_amplification", 1.016 if name == "egrul" else 1.0, 0.001)
    for rule, rejected in zip(RULES, (812.4, 3020.0, 41.0, 760.0), strict=True):
        put(f"rejections.{rule}", rejected)
    put("retry_amplification", 1.0034, 0.0004)
    put("recovery.egrul-down", 3.1 * HOUR, 0.1)
    put("recovery.sms-slow", 0.0)
    found["recovery.fns-errors"] = Figure(None)
    return found


def sample(replications: int = 10, **changes: Any) -> Result:
    """The synthetic result; `changes` replace fields."""
    objectives = [
        ObjectiveResult(
            "five-days", "registration", "5wd", "journeys.registration.within", "at_least", 0.99,
            figure(0.9634, 0.004, replications), False, -0.0305, figure(412, 0.1, replications),
        ),
        ObjectiveResult(
            "quick-sign-in", None, None, "journeys.sign_in.time.p95", "at_most", 300.0,
            figure(182.4, 0.02, replications), True, 114.0, Figure(0.0, 0.0, 0.0, replications),
        ),
        ObjectiveResult(
            "operators-not-full", None, None, "stations.operator.utilisation", "at_most", 0.95,
            figure(0.97, 0.01, replications), False, -0.0297, Figure(0.0, 0.0, 0.0, replications),
        ),
    ]  # fmt: skip
    fields: dict[str, Any] = {
        "name": "Пик налогового периода",
        "description": "Что делает конец апреля с регистрацией и привязкой: "
        "сколько ждут, где и сколько укладывается в пять рабочих дней.",
        "start": datetime(2026, 4, 20),
        "timezone": "Europe/Moscow",
        "seed": 2026,
        "scale": 0.02,
        "engine": "simpy",
        "replications": replications,
        "warmup_s": 0.0,
        "end_s": DAYS * DAY,
        "until_empty": False,
        "bin_s": HOUR,
        "figures": figures(replications),
        "objectives": objectives,
        "checks": [
            CheckResult("flow", True, "60000 = 58320 + 384 + 1296"),
            CheckResult("sojourn", True, "5184000000000 = 5184000000000"),
        ],
        "journeys": [
            journey(
                "registration", "Регистрация организации", "Registration of an organization",
                REGISTRATION, REGISTRATION_FLOWS, 26.2 * HOUR, 60000,
            ),
            journey("sign_in", "Вход", "Sign-in", SIGN_IN, SIGN_IN_FLOWS, 48.0, 340000),
        ],
        "stations": [station(name) for name in STATIONS],
        "faults": [
            fault("egrul-down", "egrul", "outage", 7 * DAY + 10 * HOUR, 2 * HOUR),
            fault("sms-slow", "sms_gateway", "slow", 4 * DAY + 9 * HOUR, 8 * HOUR, factor=20.0),
            fault("fns-errors", "fns", "error", 9 * DAY, 3 * DAY, p=0.05),
        ],
        "unfinished": [
            UnfinishedView("registration", "operator", 1011.3),
            UnfinishedView("registration", "bind/mend", 0.4),
        ],
        "rules": RULES,
        "defaults": [
            {"ru": f"{key}: станция по умолчанию", "en": f"{key}: default of the system"}
            for key in ("stations.mail_server", "stations.biometry")
        ],
        "notes": ["Регистрация: поставлен предел 5 рабочих дней (VER-02)."],
        "scenario_hash": "sha256:4f1d0c7a",
        "rulebook_version": "1",
    }  # fmt: skip
    return Result(**(fields | changes))
