"""Every table once; kiosk and county share the definitions."""

from db.models.audit import AuditEntry
from db.models.base import Base, Record, now
from db.models.hall import DailyCount, Device, DeviceKind, Hall, HallNature, Notice, Setting
from db.models.job import (
    HOLDS_OPENING,
    Employer,
    EmployerKind,
    GuidanceWage,
    Occupation,
    PayUnit,
    Posting,
    PostingState,
    Referral,
    ReferralState,
    ReviewState,
    Settlement,
)
from db.models.outbox import Origin, OutboxRow, SearchEntry
from db.models.print_job import PrintJob, PrintJobState
from db.models.seeker import Seeker, SeekerTrade, SkillLevel

__all__ = [
    "HOLDS_OPENING",
    "AuditEntry",
    "Base",
    "DailyCount",
    "Device",
    "DeviceKind",
    "Employer",
    "EmployerKind",
    "GuidanceWage",
    "Hall",
    "HallNature",
    "Notice",
    "Occupation",
    "Origin",
    "OutboxRow",
    "PayUnit",
    "Posting",
    "PostingState",
    "PrintJob",
    "PrintJobState",
    "Record",
    "Referral",
    "ReferralState",
    "ReviewState",
    "SearchEntry",
    "Seeker",
    "SeekerTrade",
    "Setting",
    "Settlement",
    "SkillLevel",
    "now",
]
