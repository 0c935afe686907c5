"""The tool counter's papers, queued in the transaction of the act they prove (spec T7; design §4).

Where the desk keeps one (a setting), its copy is a document of its own, so that neither is marked as a reprint.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import CashKind, Hall, LineState, Locker, LockerUse, PrintJob, Rental, Seeker
from db.print_journal import enqueue
from kiosk import words as facts
from kiosk.identity import number as id_number
from kiosk.identity.slip_code import CodeKind, SlipCode
from kiosk.jobs.referrals import mask_phone
from kiosk.language import ENGLISH, Language
from kiosk.staff.accounts import Authority
from kiosk.tools import signature, words
from kiosk.tools.cards import DrawerCard, LineCard, RentalCard, ReturnCard, ToolCard
from kiosk.tools.counter import Counter
from kiosk.tools.words import money
from printing import slip_json
from printing.slip import Slip
from printing.slips import sections
from printing.slips.day_close import Account as Heading
from printing.slips.day_close import DayClose
from printing.slips.day_close import day_close as day_close_slip
from printing.slips.deposit_slip import DepositSlip
from printing.slips.deposit_slip import deposit_slip as deposit_slip_slip
from printing.slips.locker_tag import LockerTag
from printing.slips.locker_tag import locker_tag as locker_tag_slip
from printing.slips.money_slip import MoneySlip
from printing.slips.money_slip import money_slip as money_slip_slip
from printing.slips.rental_receipt import RentalReceipt, RentedTool
from printing.slips.rental_receipt import rental_receipt as rental_receipt_slip
from printing.slips.return_receipt import Amount, ReturnedTool, ReturnReceipt
from printing.slips.return_receipt import return_receipt as return_receipt_slip
from printing.slips.tool_tag import ToolTag
from printing.slips.tool_tag import tool_tag as tool_tag_slip

DESK = ":desk"
TAGS_KEEP = timedelta(hours=24)  # nobody stands and waits for a tag; a box of new tools takes its time
FINDINGS = {"missing": "缺 {name}", "damaged": "{name} 损坏"}
EXPECTED_KINDS = (
    CashKind.FLOAT,
    CashKind.DEPOSIT,
    CashKind.DEPOSIT_REFUND,
    CashKind.RENT,
    CashKind.DEDUCTION,
    CashKind.DUE_PAID,
    CashKind.GIVEN_BACK,
)


def document(kind: str, row_id: UUID) -> str:
    """What the print journal calls the customer's paper; the desk's is this and ":desk"."""
    return f"{kind}:{row_id}"


def latest_job(counter: Counter, name: str) -> UUID | None:
    """The print job of a document's newest copy, for whoever waits for it or asks for another."""
    with counter.store.read() as session:
        return session.scalar(
            select(PrintJob.id).where(PrintJob.document == name).order_by(PrintJob.copy.desc()).limit(1)
        )


def rental_receipt(
    session: Session, counter: Counter, rental: Rental, card: RentalCard, by: Authority, language: Language
) -> UUID:
    say, local = language.text, counter.clock.local
    assert card.out_at is not None
    assert card.due_at is not None
    lines = [line for line in card.lines if line.state is LineState.OUT]
    safety = dict.fromkeys(note for line in lines for note in line.model.safety)
    renter = session.get_one(Seeker, card.seeker_id)
    number = counter.store.keys.open(renter.number_sealed, renter.id.bytes)
    out_at, due_at = (facts.moment_text(local(at), language) for at in (card.out_at, card.due_at))

    def slip(holder: str) -> Slip:
        return rental_receipt_slip(
            RentalReceipt(
                hall_name=_hall(session).name,
                station=_station(counter, language),
                number=card.number,
                code=card.code,
                renter_name=id_number.mask_name(renter.name),
                renter_number_masked=id_number.mask(number),
                renter_phone_masked=mask_phone(renter.phone or ""),
                tools=tuple(_rented(line, language) for line in lines),
                deposit_text=money(card.deposit_held),
                rented_at_text=out_at,
                due_text=due_at,
                staff_name=by.name,
                issued_at_text=f"{local():%Y-%m-%d %H:%M}",
                holder=holder,
                safety_notes=tuple(safety),
                signature=signature.of_rental(rental),
                hotline=_hall(session).hotline,
                notes=(say("归还时当面验收，押金当场结清。"),),
                language=_code(language),
            )
        )

    return _both(session, counter, document("rental", card.id), slip, language)


def return_receipt(
    session: Session,
    counter: Counter,
    card: RentalCard,
    settled: ReturnCard,
    by: Authority,
    language: Language,
) -> UUID:
    say, local = language.text, counter.clock.local
    assert card.out_at is not None
    lines = [line for line in card.lines if line.return_id == settled.id]
    charges = settled.rent + settled.deducted
    amounts = [Amount(say("押金"), money(settled.deposit)), Amount(say("租金与扣款"), money(-charges))]
    if settled.paid:
        amounts.append(Amount(say("另收现金"), money(settled.paid)))
    label, balance = say("退还押金"), settled.refunded
    if settled.owed:
        label, balance = say("尚欠"), settled.owed
    left = sum(line.state in (LineState.OUT, LineState.BACK, LineState.INSPECTED) for line in card.lines)
    notes = [say("还有 {count} 件工具未归还或未结清。", count=left)] if left else []
    out_at = facts.moment_text(local(card.out_at), language)

    def slip(holder: str) -> Slip:
        return return_receipt_slip(
            ReturnReceipt(
                hall_name=_hall(session).name,
                station=_station(counter, language),
                number=settled.number,
                rental_number=card.number,
                renter_name=id_number.mask_name(card.seeker_name),
                tools=tuple(_returned(line, card, counter, language) for line in lines),
                rented_at_text=out_at,
                amounts=tuple(amounts),
                balance_label=label,
                balance_text=money(balance),
                staff_name=by.name,
                issued_at_text=f"{local():%Y-%m-%d %H:%M}",
                holder=holder,
                hotline=_hall(session).complaint_line,
                notes=tuple(notes),
                language=_code(language),
            )
        )

    return _both(session, counter, document("return", settled.id), slip, language)


def deposit_slip(
    session: Session, counter: Counter, card: RentalCard, by: Authority, language: Language
) -> UUID:
    lines = tuple(
        (f"{language.pick(line.model.name, line.model.name_en)} {line.tag}", money(line.deposit_held))
        for line in card.lines
        if line.deposit_held
    )

    def slip(holder: str) -> Slip:
        return deposit_slip_slip(
            DepositSlip(
                hall_name=_hall(session).name,
                station=_station(counter, language),
                number=card.number,
                code=card.code,
                renter_name=id_number.mask_name(card.seeker_name),
                lines=lines,
                total_text=money(card.deposit_held),
                staff_name=by.name,
                issued_at_text=f"{counter.clock.local():%Y-%m-%d %H:%M}",
                holder=holder,
                hotline=_hall(session).hotline,
                language=_code(language),
            )
        )

    return _queue(session, counter, document("deposit", card.id), slip(""))


def money_slip(
    session: Session,
    counter: Counter,
    name: str,
    rental: Rental,
    by: Authority,
    amount: int,
    *,
    struck: int = 0,
    reason: str = "",
    second: str = "",
    language: Language | None = None,
) -> UUID:
    """For both sides: `amount` fen of a debt paid, or given back (below 0), of which `struck` were owed still."""
    language = language or Language()
    number, _ = counter.next_number(session)
    person = session.get_one(Seeker, rental.seeker_id)
    lines = []
    if struck:
        lines = [(language.text("退还"), money(-amount)), (language.text("抵欠款"), money(-struck))]

    def slip(holder: str) -> Slip:
        return money_slip_slip(
            MoneySlip(
                hall_name=_hall(session).name,
                station=_station(counter, language),
                number=number,
                received=amount > 0,
                rental_number=rental.number,
                person_name=id_number.mask_name(person.name),
                lines=tuple(lines),
                total_text=money(abs(amount) - struck),
                reason=language.text(reason) if reason else "",
                staff_name=by.name,
                second_name=second,
                issued_at_text=f"{counter.clock.local():%Y-%m-%d %H:%M}",
                holder=holder,
                hotline=_hall(session).complaint_line,
                language=_code(language),
            )
        )

    return _both(session, counter, name, slip, language)


def tool_tag(session: Session, counter: Counter, card: ToolCard) -> UUID:
    values = ToolTag(_hall(session).name, card.model_name, card.tag, card.code, card.label)
    # a tag may be printed again and again: each is a document of its own
    now = counter.clock.now()
    name, slip = f"{document('tool', card.id)}:{now.timestamp():.6f}", tool_tag_slip(values)
    return enqueue(session, name, slip.kind, slip_json.encode(slip), now + TAGS_KEEP).id


def locker_tag(session: Session, counter: Counter, use: LockerUse, by: Authority, language: Language) -> UUID:
    local = counter.clock.local
    owner = session.get_one(Seeker, use.seeker_id)
    code = counter.codes.make(SlipCode(CodeKind.LOCKER, counter.device, use.serial))

    def slip(holder: str) -> Slip:
        return locker_tag_slip(
            LockerTag(
                hall_name=_hall(session).name,
                station=_station(counter, language),
                number=use.number,
                locker=session.get_one(Locker, use.locker_id).name,
                owner_name=id_number.mask_name(owner.name),
                contents=use.contents,
                stored_at_text=facts.moment_text(local(use.stored_at), language),
                due_text=facts.moment_text(local(use.due_at), language),
                staff_name=by.name,
                issued_at_text=f"{local():%Y-%m-%d %H:%M}",
                code=code if holder != tied else "",
                holder=holder,
                hotline=_hall(session).hotline,
                language=_code(language),
            )
        )

    tied = language.text("随物联（系在物品上）")
    job = _queue(session, counter, document("locker", use.id), slip(language.text("寄存人联")))
    _queue(session, counter, document("locker", use.id) + DESK, slip(tied))
    return job


def day_close(
    session: Session,
    counter: Counter,
    drawer: DrawerCard,
    turnover: dict[CashKind, int],
    language: Language,
) -> UUID:
    say, local = language.text, counter.clock.local
    assert drawer.closed_at is not None
    assert drawer.counted is not None
    difference = drawer.counted - drawer.expected
    closed_at = local(drawer.closed_at)
    lines = tuple(
        (say(words.CASH[kind]), money(turnover[kind])) for kind in EXPECTED_KINDS if kind in turnover
    )

    def slip(holder: str) -> Slip:
        assert drawer.counted is not None
        return day_close_slip(
            DayClose(
                hall_name=_hall(session).name,
                station=_station(counter, language),
                number=drawer.number,
                day_text=f"{closed_at:%Y-%m-%d}",
                drawer=drawer.number,
                staff_name=drawer.staff_name,
                opened_at_text=facts.moment_text(local(drawer.opened_at), language),
                closed_at_text=facts.moment_text(closed_at, language),
                accounts=(Heading(say("现金收支"), lines),),
                expected_text=money(drawer.expected),
                counted_text=money(drawer.counted),
                difference_text=money(difference) if difference else say("无差额"),
                issued_at_text=f"{closed_at:%Y-%m-%d %H:%M}",
                reason=drawer.reason,
                holder=holder,
                language=_code(language),
            )
        )

    return _both(session, counter, document("drawer", drawer.id), slip, language, ("经办人联", "财务联"))


def _rented(line: LineCard, language: Language) -> RentedTool:
    return RentedTool(
        name=language.pick(line.model.name, line.model.name_en),
        tag=line.tag,
        tariff_text=words.tariff_text(line.tariff, language),
        deposit_text=money(line.deposit_held),
        accessories=tuple(f"{name} × {pieces}" for name, pieces in line.checklist.items() if pieces),
    )


def _returned(line: LineCard, card: RentalCard, counter: Counter, language: Language) -> ReturnedTool:
    say = language.text
    assert card.out_at is not None
    assert line.returned_at is not None
    found = [(FINDINGS[finding], name) for name, finding in line.findings.items() if finding in FINDINGS]
    wrong = [say(words, name=name) for words, name in found]
    twice = {words.format(name=name) for words, name in found}  # a note says once more what was found damaged
    noted = [say(words) for words in line.note.split("，") if words and words not in twice]
    listed = language.pick("，", ", ").join((*wrong, *noted))
    inspection = listed or say("完好")
    if line.lost:
        inspection = language.pick("；", "; ").join(filter(None, (say("已丢失"), listed)))
    open_ones = [say("异议：{words}", words=say(dispute.words)) for dispute in line.disputes if dispute.open]
    said = [inspection, *open_ones]
    return ReturnedTool(
        name=language.pick(line.model.name, line.model.name_en),
        tag=line.tag,
        returned_at_text=facts.moment_text(counter.clock.local(line.returned_at), language),
        duration_text=words.duration_text(line.returned_at - card.out_at, language),
        inspection_text=language.pick("；", "; ").join(filter(None, said)),
        amounts=(
            Amount(say("租金"), money(line.charge.amount), words.charge_text(line.charge, language)),
            *(
                Amount(say(words.DEDUCTIONS[one.kind]), money(one.amount), say(one.reason))
                for one in line.deductions
            ),
        ),
    )


def _both(
    session: Session,
    counter: Counter,
    name: str,
    slip: Callable[[str], Slip],
    language: Language,
    holders: tuple[str, str] = ("租用人联", "市场留存联"),
) -> UUID:
    """The customer's paper, and the desk's where it keeps one; the job of the first."""
    job = _queue(session, counter, name, slip(language.text(holders[0])))
    if counter.settings.rental.desk_copies:
        _queue(session, counter, name + DESK, slip(language.text(holders[1])))
    return job


def _queue(session: Session, counter: Counter, name: str, slip: Slip) -> UUID:
    expires = counter.paper_expires(counter.clock.now())
    return enqueue(session, name, slip.kind, slip_json.encode(slip), expires).id


def _hall(session: Session) -> Hall:
    return session.get_one(Hall, session.info["origin"].hall_id)


def _station(counter: Counter, language: Language) -> str:
    return language.text("{number} 号工具柜台", number=counter.device)


def _code(language: Language) -> sections.Language:
    return "en" if language.code == ENGLISH else "zh"
