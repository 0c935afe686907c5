"""Roles, PINs, badges, leaving and coming back, by tapping (R1)."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from db.models import AuditEntry, PrintJob, PrintJobState
from kiosk.errors import SignInFailed
from kiosk.staff.accounts import Role
from printing import slip_json
from printing.slip import Code
from tests.counter_ui.clerk import Clerk
from tests.counter_ui.conftest import MakeClerk
from tests.tools.shop import Shop
from ui.counter.session import Place
from ui.shell import LANDSCAPE, PORTRAIT

BOSS, CLERK, SECOND, FINANCE = range(4)
NEW = "271828"


def badge(shop: Shop) -> tuple[PrintJob, str]:
    with shop.store.read() as session:
        job = session.scalars(select(PrintJob).where(PrintJob.kind == "staff_badge")).one()
    (code,) = [part.text for part in slip_json.decode(job.slip).parts if isinstance(part, Code)]
    return job, code


def roles(shop: Shop, index: int) -> frozenset[Role]:
    return shop.accounts.staff()[index].roles


@pytest.mark.parametrize("size", [LANDSCAPE, PORTRAIT], ids=["landscape", "portrait"])
def test_a_badge_is_printed_signs_in_and_is_cancelled(
    make_clerk: MakeClerk, shop: Shop, size: object, tmp_path: Path
) -> None:
    old = shop.badges["second"]
    clerk = make_clerk(shop.store, shop.counter.clock, size=size).sign_in(BOSS).tapped("tile_people")
    clerk.picture(tmp_path / "people.png")
    clerk.tapped(f"staff{SECOND}").stands(Place.PERSON)
    clerk.picture(tmp_path / "person.png")
    clerk.tapped("badge")
    clerk.picture(tmp_path / "sure.png")
    clerk.tapped("badgeYes")
    job, code = badge(shop)
    with pytest.raises(SignInFailed):
        shop.accounts.sign_in_by_badge(old)
    clerk.tapped("lock").stands(Place.SIGN_IN).scan(code).stands(Place.HOME)
    assert clerk.counter.session.authority is not None
    assert clerk.counter.session.authority.name == "second"
    # the paper is nobody else's: its code is on no screen, and only a supervisor prints it again
    with shop.store.write() as session:
        row = session.get_one(PrintJob, job.id)
        row.state, row.reason = PrintJobState.UNCERTAIN, "connection_lost"
    clerk.tapped("tile_prints", "paper0")
    clerk.picture(tmp_path / "preview.png")
    clerk.tapped("reprint")
    assert clerk.message == "您的岗位办不了这一项，请换有权限的人登录"
    clerk.tapped("lock").sign_in(BOSS).tapped("tile_people", f"staff{SECOND}", "revoke", "revokeYes")
    assert clerk.message == "工牌作废了，还可以用 PIN 登录"
    assert clerk.named("revoke") == []
    with pytest.raises(SignInFailed):
        shop.accounts.sign_in_by_badge(code)


def test_roles_are_changed(counter: Clerk, shop: Shop, tmp_path: Path) -> None:
    counter.sign_in(BOSS).tapped("tile_people", f"staff{FINANCE}", "changeRoles").stands(Place.ROLES)
    assert [row["chosen"] for row in counter.see("roles")] == [False, False, True, False]
    counter.picture(tmp_path / "roles.png")
    counter.tapped("role_finance", "role_clerk", "role_tool_keeper", "next").stands(Place.PERSON)
    assert roles(shop, FINANCE) == {Role.CLERK, Role.TOOL_KEEPER}
    counter.tapped("home", "tile_people", "staff0", "changeRoles", "role_supervisor", "role_clerk", "next")
    assert "至少要留一位负责人" in counter.see("wrong")
    assert roles(shop, BOSS) == {Role.SUPERVISOR}
    counter.tapped("role_supervisor", "next").stands(Place.PERSON)
    assert roles(shop, BOSS) == {Role.SUPERVISOR, Role.CLERK}


def test_somebody_leaves_and_comes_back(counter: Clerk, shop: Shop, tmp_path: Path) -> None:
    second = shop.accounts.staff()[SECOND]
    counter.sign_in(BOSS).tapped("tile_people", f"staff{SECOND}", "leave", "leaveNo", "leave", "leaveYes")
    assert not counter.see("active")
    counter.picture(tmp_path / "left.png")
    with pytest.raises(SignInFailed):
        shop.accounts.sign_in(second.id, NEW)
    counter.tapped("comeBack").stands(Place.COME_BACK).type(NEW).type(NEW).stands(Place.PERSON)
    assert counter.message == "second 可以登录了"
    assert shop.accounts.sign_in(second.id, NEW).roles == second.roles
    with shop.store.read() as session:
        acts = [
            row.act for row in session.scalars(select(AuditEntry).where(AuditEntry.subject == str(second.id)))
        ]
    assert acts[-2:] == ["staff_left", "staff_came_back"]


def test_nobody_sends_themselves_away(counter: Clerk) -> None:
    counter.sign_in(BOSS).tapped("tile_people", f"staff{BOSS}").stands(Place.PERSON)
    assert counter.named("leave") == []
