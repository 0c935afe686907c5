"""The console's routes, put together: what `Service.app` takes behind its own."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from db.county.authority import Tls
from db.county.base import County
from db.county.console import (
    account,
    conflicts,
    devices,
    employer,
    figures,
    overview,
    people,
    postings,
    quarantine,
)
from db.county.console.web import HERE, ZONE, Manner, Web
from db.county.limits import Rate
from db.county.metrics import Metrics

STYLE = HERE / "style.css"


def routes(
    county: County,
    tls: Tls,
    console: Rate | None = None,
    slips: Rate | None = None,
    metrics: Metrics | None = None,
    zone: ZoneInfo = ZONE,
) -> tuple[BaseRoute, ...]:
    """`console`, `slips`: how often one address may ask (ours: 20 a second; 30 slips, then one every two seconds).

    `metrics`: where requests are counted; `zone`: of the county's wall clock.
    """
    manner = Manner(metrics or Metrics(), zone)
    web = Web(county, console or Rate(20, 200), manner)
    # a slip's token is its own proof, and scanners inside other apps are odd browsers
    paper = Web(county, slips or Rate(0.5, 30), manner, origin_needed=False)
    return (
        Route("/", _to_console, methods=["GET"]),
        Route("/console/style.css", partial(_file, STYLE, "text/css"), methods=["GET"]),
        web.open("/console/sign-in", account.sign_in_form),
        web.open("/console/sign-in", account.sign_in, "POST"),
        web.closed("/console/sign-out", account.sign_out, "POST"),
        web.closed("/console/password", account.password_form),
        web.closed("/console/password", account.change_password, "POST"),
        web.closed("/console", overview.overview),
        web.closed("/console/devices/{id}", devices.device),
        web.closed("/console/devices/{id}/revoke", devices.revoke, "POST"),
        web.closed("/console/devices/{id}/forgive", devices.forgive, "POST"),
        web.closed("/console/enrol", devices.enrol_form),
        web.closed("/console/enrol", partial(devices.make_code, tls), "POST"),
        web.closed("/console/quarantine", quarantine.quarantine),
        web.closed("/console/quarantine/release", quarantine.release_all, "POST"),
        web.closed("/console/quarantine/{id}/release", quarantine.release, "POST"),
        web.closed("/console/quarantine/{id}/discard", quarantine.discard, "POST"),
        web.closed("/console/conflicts", conflicts.conflicts),
        web.closed("/console/conflicts/{id}", conflicts.conflict),
        web.closed("/console/conflicts/{id}", conflicts.resolve, "POST"),
        web.closed("/console/postings", postings.postings),
        web.closed("/console/postings/auto", postings.auto_publish, "POST"),
        web.closed("/console/postings/{id}/publish", postings.publish, "POST"),
        web.closed("/console/postings/{id}/close", postings.close, "POST"),
        web.closed("/console/notices", postings.notices),
        web.closed("/console/notices", postings.save_notice, "POST"),
        web.closed("/console/notices/{id}", postings.notice),
        web.closed("/console/notices/{id}/withdraw", postings.withdraw_notice, "POST"),
        web.closed("/console/people", people.people),
        web.closed("/console/people", people.find, "POST"),
        web.closed("/console/people/{id}", people.show),
        web.closed("/console/people/{id}/erase", people.remove, "POST"),
        web.closed("/console/people/{id}/export", people.export, "POST"),
        web.closed("/console/figures", figures.figures),
        web.closed("/console/log", account.log),
        # last: one word after the address is a slip's token
        paper.open("/{token}", employer.show),
        paper.open("/{token}", employer.confirm, "POST"),
    )


async def _to_console(request: Request) -> Response:
    return RedirectResponse("/console", status_code=303)


async def _file(path: Path, kind: str, request: Request) -> Response:
    return Response(path.read_bytes(), media_type=kind, headers={"cache-control": "max-age=300"})
