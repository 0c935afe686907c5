"""How roles read, on screens and badges alike."""

from __future__ import annotations

from collections.abc import Iterable

from db.models import Role
from kiosk.language import Language

ROLES = {
    Role.CLERK: "柜台",
    Role.TOOL_KEEPER: "工具管理",
    Role.FINANCE: "财务",
    Role.SUPERVISOR: "负责人",
}


def roles_text(roles: Iterable[Role], language: Language) -> str:
    held = set(roles)
    return language.pick("，", ", ").join(language.text(word) for role, word in ROLES.items() if role in held)
