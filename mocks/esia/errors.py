"""Every refusal of ЕСИА in one table, and the forms in which clients get it.

Codes and texts of the authorization service are those of the «Методические рекомендации по
использованию ЕСИА», as public clients list them; those of the REST service are as its clients have
met them. Which OAuth error goes with a code is an assumption where no client has shown it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from mocks.core.http import Answer, Refusal, json_answer, problem_answer

__all__ = ["ERRORS", "REST_ERRORS", "Declined", "EsiaError", "RestError", "refuse", "rest_refusal"]


@dataclass(frozen=True, slots=True)
class EsiaError:
    """The OAuth error of a code (RFC 6749, 4.1.2.1 and 5.2) and what it says."""

    oauth: str
    text: str


ERRORS: Final[Mapping[str, EsiaError]] = MappingProxyType(
    {
        "007003": EsiaError(
            "invalid_request",
            "Параметр запроса имеет неверное значение или указан несколько раз",
        ),
        "007004": EsiaError(
            "access_denied", "Владелец ресурса или сервис авторизации отклонил запрос"
        ),
        "007005": EsiaError(
            "unauthorized_client",
            "Система-клиент не имеет права запрашивать маркер доступа таким методом",
        ),
        "007006": EsiaError(
            "invalid_scope", "Область доступа (scope) неизвестна или указана неверно"
        ),
        "007008": EsiaError(
            "temporarily_unavailable",
            "Сервис авторизации не может выполнить запрос: технические работы",
        ),
        "007009": EsiaError(
            "unsupported_response_type",
            "Сервис авторизации не поддерживает получение кода этим методом",
        ),
        "007011": EsiaError(
            "invalid_grant",
            "Авторизационный код или маркер обновления недействителен, просрочен, отозван, не "
            "соответствует адресу возврата или выдан другой системе-клиенту",
        ),
        "007012": EsiaError(
            "unsupported_grant_type", "Тип авторизационного кода не поддерживается"
        ),
        "007013": EsiaError("invalid_scope", "Запрос не содержит области доступа (scope)"),
        "007014": EsiaError("invalid_request", "Запрос не содержит обязательного параметра"),
        "007015": EsiaError("invalid_request", "Неверное время запроса"),
        "007019": EsiaError("access_denied", "Отсутствует разрешение на доступ"),
        "007023": EsiaError(
            "invalid_request", "Указанный redirect_uri отсутствует среди разрешённых для системы"
        ),
        "007038": EsiaError("invalid_request", "Ошибка получения параметров из запроса"),
        "007039": EsiaError(
            "invalid_grant", "В изначальном запросе параметр code_challenge не был указан"
        ),
        "007040": EsiaError(
            "invalid_grant", "Ошибка сравнения исходного и контрольного значений (PKCE)"
        ),
        "007053": EsiaError("access_denied", "client_secret сформирован некорректно"),
        "007194": EsiaError(
            "access_denied",
            "Запрошена область доступа организации, сотрудником которой пользователь не является",
        ),
    }
)
"""By the digits after `ESIA-`."""


@dataclass(frozen=True, slots=True)
class RestError:
    """A refusal of the REST service: HTTP status and its message."""

    status: int
    message: str


REST_ERRORS: Final[Mapping[str, RestError]] = MappingProxyType(
    {
        "ESIA-005011": RestError(401, "SecurityErrorEnum.invalidToken"),
        "ESIA-005013": RestError(401, "SecurityErrorEnum.expiredToken"),
        "ESIA-005029": RestError(403, "SecurityErrorEnum.scopeNotAllowed"),
    }
)


class Declined(Exception):
    """The authorization service declines: `code` is one of ERRORS, `detail` says what exactly is
    wrong."""

    def __init__(self, code: str, detail: str = "") -> None:
        self.code = code
        self.error = ERRORS[code].oauth
        text = ERRORS[code].text
        self.description = f"ESIA-{code}: {text}: {detail}" if detail else f"ESIA-{code}: {text}"
        super().__init__(self.description)


def rest_refusal(code: str) -> Refusal:
    """The refusal of the REST service with a code of REST_ERRORS (RFC 6750, 3.1)."""
    error = REST_ERRORS[code]
    reason = "invalid_token" if error.status == 401 else "insufficient_scope"
    headers = {"WWW-Authenticate": f'Bearer error="{reason}"'}
    return Refusal(error.status, code, error.message, headers=headers)


def refuse(refusal: Refusal) -> Answer:
    """Refusals of the REST service in its form, others as ours."""
    if refusal.code not in REST_ERRORS:
        return problem_answer(refusal)
    problem = {"code": refusal.code, "message": refusal.message}
    return json_answer(problem, refusal.status, refusal.headers)
