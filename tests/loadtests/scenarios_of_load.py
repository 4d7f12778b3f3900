"""Small scenarios of load tests."""

from scenarios.completion import CompleteScenario
from scenarios.loader import loads

__all__ = ["SCENARIO", "scenario"]

SCENARIO = """
version: 1
name: Нагрузка
seed: 7
calendar: {start: 2026-04-20T10:00, horizon: until_empty, arrivals_until: 2026-04-20T12:00}
population: {organizations: 3000000, defects: {inn_typo: 0.5, document_infected: 0.5}}
stations:
  egrul: {servers: 4, service: {exponential: {mean: 500ms}}}
  sms_gateway: {servers: 100, service: {constant: 100ms}}
  mail_server: {servers: 100, service: {constant: 100ms}}
  cert_status: {servers: 100, service: {constant: 100ms}}
arrivals:
  - {journey: account, rate: {per_minute: 6}}
  - {journey: registration, rate: {per_minute: 8}}
  - {journey: registration, rate: {per_minute: 4}}
  - journey: own
    rate: {per_minute: 30}
    peaks: [{from: 2026-04-20T10:10, to: 2026-04-20T10:20, factor: 4}]
journeys:
  account: builtin
  registration: builtin
  own:
    start: ask
    nodes:
      ask: {serve: egrul, next: again}
      again: {choose: [{to: ask, p: 0.3}, {to: pause, p: 0.7}]}
      pause: {delay: {exponential: {mean: 2s}}, next: done}
      done: {end: completed}
"""


def scenario() -> CompleteScenario:
    """It, ready to run."""
    return loads(SCENARIO)
