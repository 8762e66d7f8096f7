"""Who a reader who has logged in is taken for."""

from __future__ import annotations

from typing import Any

import pytest

from store.records import Role
from ui import auth


@pytest.mark.parametrize(
    ("told", "role"),
    [
        ({"email": "Anna@kommun.se", "email_verified": True, "name": "Anna"}, Role.DECIDER),
        ({"email": "anna@kommun.se", "name": "Anna"}, Role.DECIDER),
        ({"email": "anna@kommun.se", "email_verified": False, "name": "Anna"}, Role.READER),
        ({"email": "bo@kommun.se", "email_verified": True, "name": "Bo"}, Role.READER),
        ({}, Role.READER),
    ],
    ids=["verified", "a provider that does not say", "unverified", "not in the file", "nothing told"],
)
def test_the_role_follows_a_verified_address(told: dict[str, Any], role: Role, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(auth, "login_is_set_up", lambda: True)
    monkeypatch.setattr(auth, "_roles", lambda: {"anna@kommun.se": Role.DECIDER})
    monkeypatch.setattr(auth.st, "user", told)
    assert auth.actor().role is role
