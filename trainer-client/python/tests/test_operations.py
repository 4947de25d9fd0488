"""Every operation of the contract has a method of this client, or a reason, in CLIENTS.md."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import mixwell

_HOME = Path(__file__).resolve().parents[3]
_PAGE = "trainer-client/CLIENTS.md"
_ROWS = {
    row[0]: row[1:]
    for row in re.findall(
        r"^\| `(\w+)` \| (.*?) \| (.*?) \| ?(.*?) ?\|$", (_HOME / _PAGE).read_text(), re.M
    )
}
_CONTRACT = (_HOME / "api-spec/src/main/resources/openapi.yaml").read_text()
_OPERATIONS = re.findall(r"^ +operationId: (\w+)$", _CONTRACT, re.M)


@pytest.mark.parametrize("operation", _OPERATIONS)
def test_every_operation_has_a_method_or_a_reason(operation: str) -> None:
    assert operation in _ROWS, (
        f"the operation {operation} has no row in {_PAGE}: name the client's method there, "
        "or why it has none"
    )
    _, method, reason = _ROWS[operation]
    if method == "-":
        assert reason, f"{_PAGE}: no reason in the row of {operation}"
        return
    for kind, name in re.findall(r"`(\w+)\.(\w+)`", method):
        assert callable(getattr(getattr(mixwell, kind, None), name, None)), (
            f"{_PAGE}: the row of {operation} names {kind}.{name}, which there is not"
        )
    assert re.fullmatch(r"`\w+\.\w+`(, `\w+\.\w+`)*", method), f"{_PAGE}: {method}"


def test_every_row_is_of_an_operation() -> None:
    assert set(_ROWS) == set(_OPERATIONS)
