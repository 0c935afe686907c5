"""Signing in, locking out, and who may change whom (R1)."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select

from db.models import AuditEntry, OutboxRow, PrintJob, Role, StaffSecret
from db.store import Store
from kiosk.clock import Clock
from kiosk.errors import CodeInvalid, InputInvalid, NotAllowed, NotFound, SetupNeeded, SignInFailed
from kiosk.identity.slip_code import CodeKind, SlipCode, SlipCodes
from kiosk.settings import Settings
from kiosk.staff import audit
from kiosk.staff.accounts import AccountsDesk, Authority, Means, named, second
from printing import slip_json
from printing.slip import Code, Line
from tests.tools.shop import PIN, QUICK, ZONE, MovingTime

OTHER = "271828"


@pytest.fixture
def time() -> MovingTime:
    return MovingTime()


@pytest.fixture
def desk(store: Store, settings: Settings, time: MovingTime) -> AccountsDesk:
    codes = SlipCodes(store.keys.own_slip_key)
    return AccountsDesk(store, settings, Clock(ZONE, time), codes, QUICK)


@pytest.fixture
def boss(desk: AccountsDesk) -> Authority:
    return desk.set_up("样本主任", PIN)


class TestFirstStart:
    def test_nobody_has_a_pin_that_was_not_chosen_here(self, desk: AccountsDesk, store: Store) -> None:
        assert desk.needs_setup()
        with store.read() as session:
            assert session.scalars(select(StaffSecret)).all() == []
        with pytest.raises(SetupNeeded):
            desk.sign_in(uuid4(), "000000")

    def test_makes_one_supervisor_once(self, desk: AccountsDesk) -> None:
        boss = desk.set_up("样本主任", PIN, (Role.CLERK,))
        assert boss.roles == {Role.SUPERVISOR, Role.CLERK}
        assert not desk.needs_setup()
        with pytest.raises(NotAllowed):
            desk.set_up("第二个", OTHER)

    @pytest.mark.parametrize(
        "pin",
        ["", "12345", "1234567", "31415a", "１２３１２３", "123456", "654321", "111111", "135791", "111121"],
    )
    def test_a_pin_that_is_guessed_first_is_refused(self, desk: AccountsDesk, pin: str) -> None:
        with pytest.raises(InputInvalid) as refused:
            desk.set_up("样本主任", pin)
        assert refused.value.context["field"] == "pin"
        assert desk.needs_setup()


class TestSignIn:
    def test_by_pin(self, desk: AccountsDesk, boss: Authority) -> None:
        signed = desk.sign_in(boss.staff_id, PIN)
        assert (signed.staff_id, signed.means) == (boss.staff_id, Means.PIN)
        assert boss.name not in repr(signed)

    def test_waits_grow_and_even_the_right_pin_waits(
        self, desk: AccountsDesk, boss: Authority, time: MovingTime
    ) -> None:
        waits = []
        for _ in range(12):
            with pytest.raises(SignInFailed) as refused:
                desk.sign_in(boss.staff_id, OTHER)
            assert refused.value.context["reason"] == "wrong"
            waits.append(refused.value.context["wait"])
            if refused.value.context["wait"]:
                with pytest.raises(SignInFailed) as refused:
                    desk.sign_in(boss.staff_id, PIN)
                assert refused.value.context == {"reason": "locked", "wait": waits[-1]}
                time.forward(seconds=waits[-1])  # type: ignore[arg-type]
        assert waits == [0, 0, 30, 60, 120, 240, 480, 960, 1920, 3600, 3600, 3600]
        assert desk.sign_in(boss.staff_id, PIN).staff_id == boss.staff_id
        with pytest.raises(SignInFailed) as refused:  # and the count starts anew
            desk.sign_in(boss.staff_id, OTHER)
        assert refused.value.context["wait"] == 0

    def test_trying_while_locked_does_not_count(
        self, desk: AccountsDesk, boss: Authority, time: MovingTime, store: Store
    ) -> None:
        for _ in range(20):
            with pytest.raises(SignInFailed):
                desk.sign_in(boss.staff_id, OTHER)
        with store.read() as session:
            assert session.scalars(select(StaffSecret.failures)).one() == 3
        time.forward(seconds=31)
        assert desk.sign_in(boss.staff_id, PIN)

    def test_a_restart_does_not_forget(
        self, desk: AccountsDesk, boss: Authority, store: Store, time: MovingTime
    ) -> None:
        for _ in range(3):
            with pytest.raises(SignInFailed):
                desk.sign_in(boss.staff_id, OTHER)
        codes = SlipCodes(store.keys.own_slip_key)
        again = AccountsDesk(store, Settings(), Clock(ZONE, time), codes, QUICK)
        with pytest.raises(SignInFailed) as refused:
            again.sign_in(boss.staff_id, PIN)
        assert refused.value.context["reason"] == "locked"

    def test_a_lock_out_stands_in_the_audit(self, desk: AccountsDesk, boss: Authority, store: Store) -> None:
        for _ in range(3):
            with pytest.raises(SignInFailed):
                desk.sign_in(boss.staff_id, OTHER)
        with store.read() as session:
            acts = session.scalars(select(AuditEntry.act).order_by(AuditEntry.number)).all()
            assert acts == ["staff_set_up", "staff_locked_out"]
            assert audit.first_broken(session) is None


class TestBadge:
    def test_signs_in_and_the_one_before_it_stops(self, desk: AccountsDesk, boss: Authority) -> None:
        first = desk.issue_badge(boss, boss.staff_id)
        assert desk.sign_in_by_badge(first).means is Means.BADGE
        second_badge = desk.issue_badge(boss, boss.staff_id)
        with pytest.raises(SignInFailed):
            desk.sign_in_by_badge(first)
        assert desk.sign_in_by_badge(second_badge).staff_id == boss.staff_id

    def test_no_other_code_is_a_badge(self, desk: AccountsDesk, boss: Authority, store: Store) -> None:
        badge = desk.issue_badge(boss, boss.staff_id)
        codes = SlipCodes(store.keys.own_slip_key)
        serial = codes.read(badge).serial
        for code in (SlipCode(CodeKind.TOOL, 1, serial), SlipCode(CodeKind.STAFF, 2, serial)):
            with pytest.raises(SignInFailed):
                desk.sign_in_by_badge(codes.make(code))
        foreign = SlipCodes(bytes(32)).make(SlipCode(CodeKind.STAFF, 1, serial))
        for text in ("", "hello", foreign):
            with pytest.raises(CodeInvalid):
                desk.sign_in_by_badge(text)


class TestPeople:
    def test_supervisors_hire_and_others_do_not(self, desk: AccountsDesk, boss: Authority) -> None:
        clerk = desk.hire(boss, "样本柜员", (Role.CLERK, Role.FINANCE), OTHER)
        assert clerk.roles == {Role.CLERK, Role.FINANCE}
        signed = desk.sign_in(clerk.id, OTHER)
        with pytest.raises(NotAllowed):
            desk.hire(signed, "x", (Role.CLERK,), PIN)
        for act in (desk.issue_badge, desk.leave):
            with pytest.raises(NotAllowed):
                act(signed, boss.staff_id)
        with pytest.raises(NotAllowed):
            desk.reset_pin(signed, boss.staff_id, OTHER)
        with pytest.raises(NotAllowed):
            desk.change_roles(signed, clerk.id, (Role.SUPERVISOR,))
        assert [card.name for card in desk.staff()] == ["样本主任", "样本柜员"]

    def test_the_last_supervisor_stays_one(self, desk: AccountsDesk, boss: Authority) -> None:
        with pytest.raises(NotAllowed) as refused:
            desk.change_roles(boss, boss.staff_id, (Role.CLERK,))
        assert refused.value.context["reason"] == "last_supervisor"
        with pytest.raises(NotAllowed):
            desk.leave(boss, boss.staff_id)
        desk.hire(boss, "另一位", (Role.SUPERVISOR,), OTHER)
        desk.change_roles(boss, boss.staff_id, (Role.CLERK,))

    def test_whoever_left_is_refused_at_once(
        self, desk: AccountsDesk, boss: Authority, store: Store, settings: Settings, time: MovingTime
    ) -> None:
        clerk = desk.hire(boss, "样本柜员", (Role.CLERK,), OTHER)
        badge, signed = desk.issue_badge(boss, clerk.id), desk.sign_in(clerk.id, OTHER)
        desk.leave(boss, clerk.id)
        with pytest.raises(SignInFailed):
            desk.sign_in(clerk.id, OTHER)
        with pytest.raises(SignInFailed):
            desk.sign_in_by_badge(badge)
        with store.read() as session, pytest.raises(NotAllowed):  # also with what they still hold
            named(session, signed, settings, time(), (Role.CLERK,))
        with pytest.raises(NotFound):
            desk.reset_pin(boss, clerk.id, PIN)
        assert not desk.staff()[-1].active

    def test_whoever_left_comes_back_with_a_new_pin(self, desk: AccountsDesk, boss: Authority) -> None:
        clerk = desk.hire(boss, "样本柜员", (Role.CLERK,), OTHER)
        with pytest.raises(NotFound):
            desk.come_back(boss, clerk.id, PIN)  # is here
        badge = desk.issue_badge(boss, clerk.id)
        desk.leave(boss, clerk.id)
        with pytest.raises(InputInvalid):
            desk.come_back(boss, clerk.id, "111111")
        back = desk.come_back(boss, clerk.id, PIN)
        assert (back.active, back.has_pin, back.has_badge, back.roles) == (True, True, False, clerk.roles)
        assert desk.sign_in(clerk.id, PIN).staff_id == clerk.id
        with pytest.raises(SignInFailed):
            desk.sign_in_by_badge(badge)

    def test_a_badge_is_a_paper_and_can_be_cancelled(
        self, hall: Store, settings: Settings, time: MovingTime
    ) -> None:
        codes = SlipCodes(hall.keys.own_slip_key)
        desk, store = AccountsDesk(hall, settings, Clock(ZONE, time), codes, QUICK), hall
        boss = desk.set_up("样本主任", PIN)
        clerk = desk.hire(boss, "样本柜员", (Role.CLERK,), OTHER)
        with pytest.raises(NotAllowed):
            desk.print_badge(desk.sign_in(clerk.id, OTHER), clerk.id)
        with pytest.raises(NotFound):
            desk.revoke_badge(boss, clerk.id)
        first = desk.issue_badge(boss, clerk.id)
        job = desk.print_badge(boss, clerk.id)
        with store.read() as session:
            slip = slip_json.decode(session.get_one(PrintJob, job).slip)
        texts = [part.text for part in slip.parts if isinstance(part, Line)]
        assert {"样本柜员", "柜台"} <= set(texts)
        (code,) = [part.text for part in slip.parts if isinstance(part, Code)]
        with pytest.raises(SignInFailed):
            desk.sign_in_by_badge(first)
        assert desk.sign_in_by_badge(code).staff_id == clerk.id
        assert not desk.revoke_badge(boss, clerk.id).has_badge
        with pytest.raises(SignInFailed):
            desk.sign_in_by_badge(code)
        assert desk.sign_in(clerk.id, OTHER).means is Means.PIN

    def test_pins_are_changed_by_their_owner_and_reset_by_a_supervisor(
        self, desk: AccountsDesk, boss: Authority
    ) -> None:
        clerk = desk.hire(boss, "样本柜员", (Role.CLERK,), OTHER)
        with pytest.raises(SignInFailed):
            desk.change_pin(clerk.id, "999000", PIN)
        desk.change_pin(clerk.id, OTHER, PIN)
        with pytest.raises(SignInFailed):
            desk.sign_in(clerk.id, OTHER)
        for _ in range(5):
            with pytest.raises(SignInFailed):
                desk.sign_in(clerk.id, OTHER)
        desk.reset_pin(boss, clerk.id, OTHER)
        assert desk.sign_in(clerk.id, OTHER).staff_id == clerk.id  # the lock-out is lifted

    def test_roles_and_name_are_needed(self, desk: AccountsDesk, boss: Authority) -> None:
        for name, roles in (("x", ()), (" ", (Role.CLERK,))):
            with pytest.raises(InputInvalid):
                desk.hire(boss, name, roles, OTHER)


class TestAuthority:
    def test_speaks_for_ten_minutes(
        self, boss: Authority, store: Store, settings: Settings, time: MovingTime
    ) -> None:
        for minutes, stale in ((10, False), (10.1, True), (-1, True)):
            at = boss.at + timedelta(minutes=minutes)
            with store.read() as session:
                if not stale:
                    assert named(session, boss, settings, at).id == boss.staff_id
                    continue
                with pytest.raises(NotAllowed):
                    named(session, boss, settings, at)

    def test_a_second_person_is_another(
        self, desk: AccountsDesk, boss: Authority, store: Store, settings: Settings, time: MovingTime
    ) -> None:
        clerk = desk.hire(boss, "样本柜员", (Role.CLERK,), OTHER)
        signed = desk.sign_in(clerk.id, OTHER)
        with store.read() as session:
            assert second(session, boss, signed, settings, time()).id == clerk.id
            for other, roles in ((None, ()), (boss, ()), (signed, (Role.FINANCE,))):
                with pytest.raises(NotAllowed):
                    second(session, boss, other, settings, time(), roles)


class TestWhatIsStored:
    def test_argon2_over_a_keyed_digest_that_never_leaves(
        self, store: Store, settings: Settings, time: MovingTime
    ) -> None:
        codes = SlipCodes(store.keys.own_slip_key)
        desk = AccountsDesk(store, settings, Clock(ZONE, time), codes)  # the product's own cost
        boss = desk.set_up("样本主任", PIN)
        with store.read() as session:
            kept = session.scalars(select(StaffSecret.pin_hash)).one()
            sent = session.scalars(select(OutboxRow)).all()
        assert kept.startswith("$argon2id$")
        assert not PasswordHasher().check_needs_rehash(kept)
        with pytest.raises(Exception, match="not match"):
            PasswordHasher().verify(kept, PIN)  # the hash alone is worth nothing without the hall's key
        assert {row.table for row in sent} == {"staff", "audit"}
        assert all(kept.encode() not in row.payload and PIN.encode() not in row.payload for row in sent)
        assert desk.sign_in(boss.staff_id, PIN)
