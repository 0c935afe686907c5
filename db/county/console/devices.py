"""One device: what is known of it, revoke, let a supposed clone go on; and codes that let new ones in (spec C4)."""

from __future__ import annotations

from uuid import UUID

from db.county import enrol
from db.county.authority import Tls
from db.county.console import audit
from db.county.console.overview import advice, ago, devices, halls
from db.county.console.quarantine import why
from db.county.console.web import Go, Page, Refused, Visit, as_id, missing

NAME_MOST = 60


def device(visit: Visit) -> Page:
    device_id = visit.part_id()
    with visit.county.transaction() as tx:
        found = devices(tx, device_id)
        if not found:
            raise missing()
        epochs = tx.execute(
            "SELECT epoch, first_seq, opened_at, forgiven_at FROM epochs WHERE device_id = %s ORDER BY epoch DESC",
            (device_id,),
        ).fetchall()
        history = audit.lines(tx, device_id)
        refused = tx.execute(
            "SELECT \"table\", reason, count(*) FROM quarantine WHERE device_id = %s AND state = 'refused'"
            " GROUP BY 1, 2 ORDER BY 3 DESC LIMIT 20",
            (device_id,),
        ).fetchall()
    values = {
        "device": found[0],
        "advice": advice(found[0], visit.language),
        "epochs": epochs,
        "history_lines": history,
        "refused": refused,
        "ago": lambda at: ago(at, visit.language),
        "why": lambda reason: why(reason, visit.language),
    }
    return Page("device.html", values)


def revoke(visit: Visit) -> Go:
    device_id = _known(visit)
    audit.note(visit.county, visit.actor, "revoke", device_id)
    enrol.revoke(visit.county, device_id)
    return Go(f"/console/devices/{device_id}", "revoked")


def forgive(visit: Visit) -> Go:
    device_id = _known(visit)
    audit.note(visit.county, visit.actor, "forgive", device_id)
    enrol.forgive(visit.county, device_id)
    return Go(f"/console/devices/{device_id}", "forgiven")


def enrol_form(visit: Visit) -> Page:
    with visit.county.transaction() as tx:
        return Page("enrol.html", {"halls": halls(tx), "code": "", "name": "", "wrong": ""})


def make_code(tls: Tls, visit: Visit) -> Page:
    """The code is on this one answer and nowhere else."""
    name, hall = visit.form.get("name", "").strip(), visit.form.get("hall", "")
    with visit.county.transaction() as tx:
        known = halls(tx)
    if not 0 < len(name) <= NAME_MOST or not name.isprintable():
        values = {"halls": known, "code": "", "name": name, "wrong": visit.language.text("请填写设备名称。")}
        return Page("enrol.html", values, 400)
    hall_id = as_id(hall) if hall else None
    if hall_id is not None and hall_id not in dict(known):
        raise Refused(400, "没有这个大厅")
    audit.note(visit.county, visit.actor, "enrol_code", hall_id or "", name=name)
    code = tls.full_code(enrol.make_code(visit.county, name, hall_id))
    values = {"halls": known, "code": code, "name": name, "wrong": "", "pin": tls.fingerprint}
    return Page("enrol.html", values)


def _known(visit: Visit) -> UUID:
    device_id = visit.part_id()
    with visit.county.transaction() as tx:
        if not devices(tx, device_id):
            raise missing()
    return device_id
