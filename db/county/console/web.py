"""What every page goes through: who asks, is the form ours, the answer; no trace of the inside.

A page is a plain function of a `Visit` that returns `Page`, `Go` or `File`, run off the event loop.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

import psycopg
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from db.county.base import County
from db.county.console import sessions, words
from db.county.console.language import Language
from db.county.console.staff import Member
from db.county.errors import DatabaseMissing, TooLarge, TooOften
from db.county.limits import Rate
from db.county.metrics import Metrics
from db.county.service import CUT, read_body, without_values
from db.models import now

log = logging.getLogger(__name__)

HERE = Path(__file__).parent
ZONE = ZoneInfo("Asia/Shanghai")  # one for the whole country; another where `serve --timezone` says so
TRIES = 3  # of a page that PostgreSQL undid because it and a push waited for each other
SESSION, LANGUAGE, FORM_TOKEN = "__Host-gighall", "__Host-language", "form_token"
MOST_FORM = 64 << 10
MOST_FIELDS = 40
FIELD_MOST = 4000  # characters
LANGUAGE_LASTS = 365 * 86400  # seconds


class Refused(Exception):
    """A page that is not given: `status` and the words on it."""

    def __init__(self, status: int, title: str, text: str = "") -> None:
        super().__init__(title)
        self.status = status
        self.title = title
        self.text = text


def missing() -> Refused:
    return Refused(404, "没有这个页面", "地址可能打错了，或者内容已经处理完。")


@dataclass(frozen=True)
class Page:
    template: str
    values: Mapping[str, Any] = field(default_factory=dict)
    status: int = 200


@dataclass(frozen=True)
class Go:
    """See there; `said`: a key of `words.SAID` for the line on top. `session`: sign in (a token) or out ("")."""

    path: str
    said: str = ""
    session: str | None = None


@dataclass(frozen=True)
class File:
    """To be kept by whoever asked for it."""

    name: str
    content: bytes = field(repr=False)
    kind: str = "application/json"


Answer = Page | Go | File


@dataclass
class Visit:
    """One request: `form` and `query` are text, at most FIELD_MOST characters a field."""

    county: County
    path: str
    host: str
    address: str
    language: Language
    query: Mapping[str, str]
    form: Mapping[str, str]
    parts: Mapping[str, str]
    zone: ZoneInfo = ZONE
    session: str = ""
    member: Member | None = None

    def moment(self, at: datetime | None) -> str:
        """On the county's wall clock; empty for never."""
        return f"{at.astimezone(self.zone):%Y-%m-%d %H:%M}" if at else ""

    @property
    def page(self) -> int:
        """`?page=`: of a long list, from 1."""
        asked = self.query.get("page", "")
        return max(int(asked), 1) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 1

    def skip(self, at_once: int) -> int:
        return (self.page - 1) * at_once

    @property
    def today(self) -> date:
        return now().astimezone(self.zone).date()

    @property
    def actor(self) -> str:
        return self.member.name if self.member else ""

    def part_id(self, name: str = "id") -> UUID:
        return as_id(self.parts.get(name, ""))


def as_id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise missing() from None


Handler = Callable[[Visit], Answer]


@dataclass(frozen=True)
class Manner:
    """What all pages of a county have in common."""

    metrics: Metrics = field(default_factory=Metrics)
    zone: ZoneInfo = ZONE


class Web:
    """Turns page functions into routes."""

    def __init__(self, county: County, rate: Rate, manner: Manner, *, origin_needed: bool = True) -> None:
        """`origin_needed`: else a form may come from a browser that says nothing of where it was sent from."""
        self._origin_needed = origin_needed
        self._manner = manner
        self._county = county
        self._rate = rate
        self._templates = Environment(
            loader=FileSystemLoader(HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def open(self, path: str, handler: Handler, *methods: str) -> Route:
        """For anybody."""
        return Route(path, partial(self._counted, path, handler, False), methods=list(methods or ("GET",)))

    def closed(self, path: str, handler: Handler, *methods: str) -> Route:
        """For county staff who are signed in."""
        return Route(path, partial(self._counted, path, handler, True), methods=list(methods or ("GET",)))

    async def _counted(self, path: str, handler: Handler, closed: bool, request: Request) -> Response:
        """By route: a path's values (a slip's token, a row's id) are nobody's business."""
        started = time.perf_counter()
        response = await self._answer(handler, closed, request)
        self._manner.metrics.request(path, response.status_code, time.perf_counter() - started)
        return response

    async def _answer(self, handler: Handler, closed: bool, request: Request) -> Response:
        language = Language(request.query_params.get("lang") or request.cookies.get(LANGUAGE) or "zh")
        try:
            self._rate.take(request.client.host if request.client else "")
            form = await self._form(request)
            response = await run_in_threadpool(self._run, handler, closed, request, form, language)
        except Refused as refused:
            response = self._plain(language, refused)
        except TooLarge:
            response = self._plain(language, Refused(413, "内容太多", "请减少内容再提交。"))
        except TooOften as error:
            response = self._plain(language, Refused(429, "操作太快", "请过一会儿再试。"))
            response.headers["retry-after"] = str(int(error.wait) + 1)
        except DatabaseMissing:
            response = self._plain(
                language, Refused(503, "数据库没有应答", "请过几分钟再试；还不行请找技术人员。")
            )
        except ClientDisconnect:
            return Response(status_code=CUT)
        except Exception as error:
            where = getattr(handler, "__name__", "page")
            log.error("bug in page %s: %s", where, type(error).__name__, exc_info=without_values(error))
            response = self._plain(
                language, Refused(500, "出了点问题", "已经办好的不受影响。请再试一次，还不行请找技术人员。")
            )
        if request.query_params.get("lang") == language.code:
            _set_cookie(response, LANGUAGE, language.code, LANGUAGE_LASTS)
        return response

    async def _form(self, request: Request) -> dict[str, str]:
        if request.method != "POST":
            return {}
        origin, own = request.headers.get("origin"), f"https://{request.headers.get('host', '')}"
        if origin != own and (origin is not None or self._origin_needed):
            raise Refused(403, "这个请求不是从本页面发出的", "请回到页面上重新操作。")
        body = await read_body(request, MOST_FORM)
        try:
            pairs = parse_qsl(
                body.decode(), keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="strict"
            )
        except ValueError as error:
            raise Refused(400, "表单不完整", "请回到页面上重新操作。") from error
        return {name: _clean(value) for name, value in pairs}

    def _run(
        self, handler: Handler, closed: bool, request: Request, form: dict[str, str], language: Language
    ) -> Response:
        token = request.cookies.get(SESSION, "")
        visit = Visit(
            self._county,
            request.url.path,
            request.headers.get("host", ""),
            request.client.host if request.client else "",
            language,
            {name: _clean(value) for name, value in request.query_params.items()},
            form,
            request.path_params,
            self._manner.zone,
            token,
        )
        if closed:
            visit.member = sessions.member_of(self._county, token) if token else None
            if visit.member is None:
                return self._go(Go("/console/sign-in"))
            if form or request.method == "POST":
                given = form.get(FORM_TOKEN, "")
                if not sessions.same(given, sessions.form_token(self._county, token)):
                    raise Refused(403, "这个请求不是从本页面发出的", "请回到页面上重新操作。")
            if visit.member.must_change and visit.path not in ("/console/password", "/console/sign-out"):
                return self._go(Go("/console/password"))
        match self._done(handler, visit):
            case Go() as go:
                return self._go(go)
            case File(name, content, kind):
                headers = {"content-disposition": f'attachment; filename="{name}"'}
                return Response(content, media_type=kind, headers=headers)
            case Page() as page:
                return self._page(visit, page)

    def _done(self, handler: Handler, visit: Visit) -> Answer:
        for _ in range(TRIES - 1):
            with suppress(psycopg.errors.TransactionRollback):
                return handler(visit)
        return handler(visit)

    def _go(self, go: Go) -> Response:
        path = go.path
        if go.said:
            path += ("&" if "?" in path else "?") + urlencode({"said": go.said})
        response = RedirectResponse(path, status_code=303)
        if go.session is not None:
            _set_cookie(response, SESSION, go.session, None if go.session else 0)
        return response

    def _page(self, visit: Visit, page: Page) -> Response:
        language = visit.language
        values = {
            "t": language.text,
            "language": language,
            "visit": visit,
            "member": visit.member,
            "said": words.SAID.get(visit.query.get("said", ""), ""),
            "done": visit.query.get("said", "") not in words.NOT_DONE,
            "form_token": sessions.form_token(self._county, visit.session) if visit.member else "",
            "other_language": "zh" if language.code == "en" else "en",
            "moment": visit.moment,
            "day": day,
            "words": words,
            **page.values,
        }
        return HTMLResponse(self._templates.get_template(page.template).render(values), page.status)

    def _plain(self, language: Language, refused: Refused) -> Response:
        values = {"t": language.text, "language": language, "title": refused.title, "text": refused.text}
        body = self._templates.get_template("plain.html").render(values)
        return HTMLResponse(body, refused.status)


def day(at: date | None) -> str:
    return f"{at:%Y-%m-%d}" if at else ""


def _clean(text: str) -> str:
    """PostgreSQL takes no NUL; nobody types this much."""
    return text.replace("\0", "")[:FIELD_MOST]


def _set_cookie(response: Response, name: str, value: str, lasts: int | None) -> None:
    response.set_cookie(
        name,
        value,
        max_age=lasts,
        path="/",
        secure=True,
        httponly=True,
        samesite="strict" if name == SESSION else "lax",
    )
