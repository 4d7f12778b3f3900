"""What a person does on the pages: password, role, consent; all of it in one form if one likes."""

from hmac import compare_digest
from typing import Final

from mocks.core.http import Answer
from mocks.core.service import Call, Service
from mocks.esia.authorization import decline, go_on, with_session
from mocks.esia.errors import Declined
from mocks.esia.login_page import PASSWORD, error_page, login_page
from mocks.esia.logins import Login, Logins
from mocks.esia.parameters import Parameters, parameters
from mocks.esia.people import person_of_login
from mocks.esia.sessions import Session, Sessions

__all__ = ["TOO_LATE", "add_routes"]

TOO_LATE: Final = (
    "Время на вход истекло или вход уже завершён. Вернитесь в систему и начните снова."
)
"""What the page of a login that there is no more says."""


def add_routes(service: Service) -> None:
    """Let `service` show the pages and take their forms."""
    service.get("/login/{login_id}")(_show)
    service.post("/login/{login_id}")(_submit)


def _show(call: Call) -> Answer:
    """The page of the step that comes next."""
    login = _login(call)
    if login is None:
        return error_page(TOO_LATE, 410)
    try:
        return login_page(call, login)
    except Declined as declined:  # since the last step a test has changed whose organization it is
        return decline(call, login, declined)


def _submit(call: Call) -> Answer:
    """The fields of one page or of several: `login`, `password`, `role`, `consent`."""
    login = _login(call)
    if login is None:
        return error_page(TOO_LATE, 410)
    try:
        form = parameters(call.request.body)
    except Declined as declined:
        return error_page(declined.description)
    try:
        return _taken(call, login, form)
    except Declined as declined:
        return decline(call, login, declined)


def _taken(call: Call, login: Login, form: Parameters) -> Answer:
    logins = call.tenant.state(Logins)
    session: Session | None = None
    if login.person is None or "login" in form:  # whoever's session it is, the form says who
        login.person = None
        session = _signed_in(call, login, form)
        if session is None:
            problem = "Неверный логин или пароль"
            entered = form.get("login", "")
            return login_page(call, login, problem=problem, entered=entered, status=422)
    if "role" in form and not logins.choose(login, form["role"]):
        problem = "Такой роли у вас нет, выберите из списка"
        return _with(call, session, login_page(call, login, problem=problem, status=422))
    if form.get("consent") == "no":
        raise Declined("007004", "пользователь не предоставил права")
    if form.get("consent") == "yes" and login.role_chosen:
        logins.consent(login)
    return _with(call, session, go_on(call, login))


def _signed_in(call: Call, login: Login, form: Parameters) -> Session | None:
    """The session of who has typed the right password; None for a wrong one, and for no login."""
    person = person_of_login(call.tenant.records, form.get("login", ""))
    is_right = compare_digest(form.get("password", "").encode(), PASSWORD.encode())
    if person is None or not is_right:
        return None
    call.tenant.state(Logins).identify(login, person, "PWD", call.now_us)
    return call.tenant.state(Sessions).begin(person.index, "PWD", call.key, call.now_us)


def _with(call: Call, session: Session | None, answer: Answer) -> Answer:
    return answer if session is None else with_session(call, session, answer)


def _login(call: Call) -> Login | None:
    return call.tenant.state(Logins).find(call.values["login_id"], call.now_us)
