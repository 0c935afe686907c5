"""What of a person may stand where: every column of every table, on the device and at the county, has its class.

A new column without a class fails here; then think: `db.privacy` empties what is personal, copies it knows by name.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Table

from db.county.tables import METADATA, SYNCED
from db.models import Base
from db.models.base import BLIND_INDEX, PERSONAL, SEALED
from db.privacy import GONE, personal, without_person

# personal: tells of a person, in words or pictures; sealed at the county, emptied with the person it hangs on
# sealed, index: the ID number; at the purge both become a number that nobody has (a ban's index stays while it holds)
# copy: a whole row or paper once more; emptied or deleted by `db.privacy.forget` and `db.county.purge`
# staff: by and about those who work there, of tools and cash; not of visitors
# public: what hall, county or employer publish
# machine: keys, addresses, what proves who somebody is
# code: words of ours, ids, figures, days; never typed by or about a visitor
# none: states, times, sums, references
DEVICE = """
audit | code: actor act subject details previous_hash hash | none: number
bans | personal: decided_by ended_by | index: person | none: employer_id reason starts_on until ended_at
call_notes | personal: note | none: rental_id staff_id called_at
cash_postings | personal: note | none: posted_at kind debit credit amount drawer_id staff_id rental_id
    return_id tool_id
conflicts | personal: details | staff: resolved_by | code: table resolution | none: kind row_id state
    resolved_at
daily_counts | code: day kind | none: amount
deductions | personal: reason | none: line_id kind amount
devices | public: name | none: number kind revoked_at
disputes | personal: words photos answer | none: line_id raised_by raised_at answered_by confirmed_by
    answered_at given_back
drawers | staff: reason | code: number | none: staff_id opened_at opening_float closed_at closed_by expected
    counted
employers | personal: name | public: credit_code | none: kind state
erasures | code: rows | none: seeker_id reason state requested_by requested_at decided_by decided_at
guidance_wages | none: occupation_id unit low middle high
halls | public: name region address hours hotline complaint_line legal_aid_line | none: nature latitude
    longitude
locker_uses | personal: contents note | code: number | none: locker_id seeker_id serial stored_at stored_by
    due_at collected_at collected_by
lockers | public: name | none: usable position
notices | public: title body | code: kind | none: position
occupations | public: name name_en | code: key code group group_en group_icon icon | none: position
origin | none: device_number epoch slip_serial audit_lines
outbox | copy: payload | code: table op schema_version changed | none: seq epoch event_id row_id written_at
    shape
outbox_shapes | code: table schema_version columns
posting_counts | code: by_hall
postings | personal: contact_name contact_phone | public: title description place conditions benefits | none:
    employer_id occupation_id openings level latitude longitude starts_on ends_on opens_minute closes_minute
    pay pay_unit settlement urgent public_welfare state
print_jobs | copy: slip | code: document kind printer reason | none: copy state attempts expires_at
    finished_at
pulled_changes | code: table | none: number row_id
referrals | code: slip_number reason | none: seeker_id posting_id slip_serial state issued_at valid_until hired_at
refused_rows | code: table reason | none: event_id seq row_id refused_at
rental_lines | personal: out_note photos no_photo note | code: terms checklist findings derivation | none:
    rental_id model_id tool_id position state deposit deposit_held returned_at backdated_with inspected_by
    inspected_at lost found_at rent deducted return_id given_back
rentals | personal: signature_strokes signature_bits reason | code: number | none: seeker_id serial state
    asked_at_kiosk requested_at valid_until approved_by approved_at briefed_at signed_at signature_width
    deposited_at handed_out_by out_at backdated_with due_at ended_at
search_entries | none: number posting_id
seeker_trades | none: seeker_id occupation_id level position
seekers | personal: name birth ethnicity address phone hardship | sealed: number_sealed | index: number_index
    | code: sex consent_version | none: assurance consent_at last_seen_at
settings | public: value | code: key
staff | personal: name | code: roles | none: active
staff_secrets | machine: pin_hash | none: staff_id badge_serial failures locked_until
stock_count_lines | none: count_id tool_id state seen_at
stock_counts | none: place_id started_by started_at finished_at missing unexpected
stock_requests | staff: labels reason decision_note | none: kind model_id tool_id place_id quantity amount
    bought_on batch state requested_by requested_at decided_by decided_at finished_at cost
storage_places | public: name | none: position active
sync_state | machine: county_address authority county_sign_key county_box_key device_key_sealed
    next_key_sealed index_key_sealed slip_key_sealed public_address | code: snapshot_at cursor pulled_schema
    trouble | none: first_number enrolled_at acked_epoch acked_seq acked_event_id backed_up_seq last_tried_at
    last_success_at failures clock_offset_ms
tool_models | public: name name_en picture safety accessories | code: key category icon | none: unit price
    free_minutes minimum daily_cap late_price late_grace_minutes late_cap deposit value adults_only offered
    position
tool_returns | code: number | none: rental_id serial staff_id settled_at deposit rent deducted refunded paid
    owed owed_paid given_back claim_confirmed_by
tools | staff: label note | code: tag | none: model_id tag_serial place_id state cost acquired_at
waiting_rows | copy: payload | code: table op reason | none: row_id since
"""
COUNTY = """
confirmations | code: outcome reason | none: referral_id at
console_audit | staff: actor | code: act subject details | none: number at
console_sessions | machine: digest | none: staff_id made_at used_at
console_staff | staff: name name_key | machine: password | none: id must_change made_at stopped_at
console_tries | machine: digest | none: failures last_at barred_until
county | none: id county_id feed_id feed_floor auto_publish backed_up_at
enrol_codes | public: name | machine: digest | none: hall_id made_at expires_at used_at device_id replaces
enrolled | public: name | machine: public_key box_key next_public_key next_box_key | code: schema_version
    state | none: device_id hall_id number enrolled_at stopped_at epoch mark last_event_id backed_up waiting
    refused clock_offset_ms last_seen_at last_push_at last_pull_at
epochs | none: device_id epoch first_seq opened_at forgiven_at
feed | code: table | none: number xid row_id hall_id device_id at
hall_keys | machine: slip_key_sealed | none: hall_id since
inbox | none: event_id device_id epoch seq
lookups | none: number device_id hall_id found at
purges | code: reason rows | none: id at
quarantine | copy: payload | code: table op schema_version changed state reason | none: event_id device_id
    hall_id epoch seq row_id since worked_off_at
shares | code: table | none: row_id hall_id at
tombstones | code: table reason | none: row_id hall_id at
"""
BOOKKEEPING = {"id", "hall_id", "device_id", "created_at", "updated_at", "version"}  # of every row, none
CLASSES = {"personal", "sealed", "index", "copy", "staff", "public", "machine", "code", "none"}


def classed(said: str) -> dict[str, dict[str, str]]:
    """Table → column → class."""
    found: dict[str, dict[str, str]] = {}
    for line in said.replace("\n    ", " ").strip().splitlines():
        name, *parts = (part.strip() for part in line.split(" | "))
        found[name] = {
            column: kind
            for kind, columns in (part.split(": ") for part in parts)
            for column in columns.split()
        }
    return found


def columns(tables: Iterable[Table], without: set[str]) -> dict[str, set[str]]:
    return {str(table.name): {str(column.key) for column in table.columns} - without for table in tables}


def test_every_column_of_a_device_has_a_class() -> None:
    said = classed(DEVICE)
    assert {name: set(of) for name, of in said.items()} == columns(Base.metadata.sorted_tables, BOOKKEEPING)
    assert {kind for of in said.values() for kind in of.values()} == CLASSES


def test_every_column_of_the_county_has_a_class() -> None:
    own = [table for table in METADATA.sorted_tables if table.name not in SYNCED]
    assert {name: set(of) for name, of in classed(COUNTY).items()} == columns(own, set())


def test_the_models_say_the_same() -> None:
    marks = {"personal": [PERSONAL], "sealed": [SEALED], "index": [BLIND_INDEX, {}]}
    for name, of in classed(DEVICE).items():
        for column, kind in of.items():
            assert Base.metadata.tables[name].columns[column].info in marks.get(kind, [{}]), (name, column)


def test_what_had_to_be_said_stays_said_without_its_words() -> None:
    """Checks of the database want a reason; counts want the row."""
    assert "photos" in personal("disputes")
    said = {"words": "张样本说没有坏", "answer": "", "photos": ["a"], "given_back": 100}
    assert without_person("disputes", said) == {"words": GONE, "answer": "", "photos": []}
    signed = {"signature_strokes": [[[0, 0]]], "signature_bits": b"1", "reason": ""}
    assert without_person("rentals", signed) == {
        "signature_strokes": None,
        "signature_bits": None,
        "reason": "",
    }
