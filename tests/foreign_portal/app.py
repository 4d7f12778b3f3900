"""The routes of the second portal: everything below `/b/{box}`, a sandbox."""

from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.foreign_portal.citizens import Citizens, Refusal
from tests.foreign_portal.questionnaire import problems
from tests.foreign_portal.shelf import Shelf


def application(off: frozenset[str]) -> Starlette:
    """The portal; checks with these codes are not made."""
    citizens = Citizens(off)
    shelf = Shelf(citizens, off)

    def route(path: str, method: str, act: Any) -> Route:
        async def answer(request: Request) -> Response:
            body = await request.json() if method != "GET" and await request.body() else {}
            box = request.path_params["box"]
            token = request.headers.get("X-Pass", "")
            try:
                if path.startswith("/helpdesk/") and "X-Staff" not in request.headers:
                    raise Refusal(403)
                return JSONResponse(act(box, body, token, request.path_params))
            except Refusal as refusal:
                return JSONResponse({"problems": refusal.problems}, refusal.status)

        return Route(f"/b/{{box}}{path}", answer, methods=[method])

    def check(box: str, body: Any, token: str, path: Any) -> dict[str, Any]:
        found = problems({name: str(value or "") for name, value in body.items()}, off)
        if found:
            raise Refusal(422, *((each["code"], each["at"], each["text"]) for each in found))
        return {"status": "fine"}

    c = citizens
    return Starlette(
        routes=[
            Route("/", lambda _: JSONResponse({"portal": "Второй кабинет"})),
            route("", "PUT", lambda b, f, t, p: c.open(b)),
            route("", "DELETE", lambda b, f, t, p: c.close(b)),
            route("/clock", "GET", lambda b, f, t, p: {"seconds": c.sandbox(b)["now"]}),
            route("/clock", "POST", lambda b, f, t, p: c.later(b, f["seconds"])),
            route("/shortest-secret", "PUT", lambda b, f, t, p: c.shortest(b, f["signs"])),
            route("/letters/{to}", "GET", lambda b, f, t, p: {"letters": c.letters(b, p["to"])}),
            route("/questionnaires", "POST", check),
            route("/citizens", "POST", lambda b, f, t, p: c.register(b, f)),
            route("/citizens/{who}/codes", "POST",
                  lambda b, f, t, p: c.send_again(b, p["who"], f["by"])),
            route("/citizens/{who}/activation", "POST",
                  lambda b, f, t, p: c.activate(b, p["who"], f["digits"])),
            route("/me", "GET", lambda b, f, t, p: {"status": c.whose(t)["status"]}),
            route("/me/intentions", "POST", lambda b, f, t, p: c.intend(t, f["what"])),
            route("/me/secret", "PUT", lambda b, f, t, p: c.change(b, t, f["was"], f["secret"])),
            route("/passes", "POST", lambda b, f, t, p: c.enter(b, f["who"], f["secret"])),
            route("/passes/current", "DELETE", lambda b, f, t, p: c.leave(t)),
            route("/passes/{entry}/secret", "POST",
                  lambda b, f, t, p: c.finish(b, p["entry"], f["secret"])),
            route("/rescues", "POST",
                  lambda b, f, t, p: c.lose(b, f["tax"], f["box"], f["by"])),
            route("/rescues/finish", "POST",
                  lambda b, f, t, p: c.rescue(b, f["tax"], f["box"], f["digits"], f["secret"])),
            route("/tickets", "POST", lambda b, f, t, p: c.ask(b, f)),
            route("/helpdesk/tickets", "GET", lambda b, f, t, p: {"tickets": c.tickets(b)}),
            route("/helpdesk/tickets/{ticket}/verdict", "POST",
                  lambda b, f, t, p: c.decide(b, p["ticket"], f["known"])),
            route("/helpdesk/vouched", "POST",
                  lambda b, f, t, p: c.vouch(b, f["tax"], f["refusedFor"])),
            route("/files", "POST", lambda b, f, t, p: shelf.put(t, f)),
            route("/files/{file}", "GET", lambda b, f, t, p: shelf.get(t, p["file"])),
            route("/files/search", "POST", lambda b, f, t, p: shelf.search(t, f)),
            route("/files/bundle", "POST", lambda b, f, t, p: shelf.bundle(t, f["files"])),
        ]
    )  # fmt: skip
