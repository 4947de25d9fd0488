"""What can go wrong, as exceptions.

The server answers every failure with a problem (RFC 9457). Each becomes a `MixwellError`; a
subclass where a trainer does something particular about it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from mixwell.contract import PROBLEM_TYPES, RETRIED_STATUSES

_PREFIX = "urn:mixwell:problem:"
_MAX_QUOTED_CHARS = 200
_MAX_PROBLEM_BYTES = 1 << 20
_STANDARD = frozenset({"type", "title", "status", "detail", "instance"})


class MixwellError(Exception):
    """A refusal, or no answer.

    Attributes:
        type: the problem's short name, such as `fenced`; empty if the answer is none of Mixwell's.
        title: the problem in general.
        detail: what, where, and what to do.
        status: of HTTP; 0 where there was no answer.
        retryable: whether the same request can succeed later without anybody changing it.
        blame: who can mend it: `client`, `operator` or `server`; empty where nobody said.
        facts: the problem's further members, such as `missing`.
        retry_after: seconds that the server asks to wait; 0 if it asks for nothing.
    """

    def __init__(
        self,
        detail: str,
        *,
        type: str = "",
        title: str = "",
        status: int = 0,
        facts: Mapping[str, Any] | None = None,
        retry_after: float = 0.0,
    ) -> None:
        super().__init__(": ".join(part for part in (title, detail) if part))
        self.type = type
        self.title = title
        self.detail = detail
        self.status = status
        self.facts: Mapping[str, Any] = facts or {}
        self.retry_after = retry_after
        known = PROBLEM_TYPES.get(type)  # a proxy's answer has no type: only its status says why
        self.retryable = known.retryable if known else status in RETRIED_STATUSES
        self.blame = known.blame if known else ""

    def advising(self, sentence: str) -> MixwellError:
        """The same, with a sentence more in its detail."""
        return type(self)(
            f"{self.detail} {sentence}",
            type=self.type,
            title=self.title,
            status=self.status,
            facts=self.facts,
            retry_after=self.retry_after,
        )


class Fenced(MixwellError):
    """A newer launch of the trainer has taken over. Exit, and do not launch again."""


class Undecided(MixwellError):
    """The step waits for feedback; `facts["missing"]` says which."""


class EvaluationDue(MixwellError):
    """Step `step` cannot be served before validation losses of the model as it stands.

    No batch had announced it. Evaluate, `report_validation(step, sums)`, and go on iterating: the
    stream stands where it stood. A stream with `evaluate=` does this by itself.
    """

    def __init__(self, step: int) -> None:
        super().__init__(
            f"step {step} waits for validation losses of the model as it stands: evaluate, call "
            f"report_validation({step}, sums) and iterate on, or give batches() an evaluate="
        )
        self.step = step

    def __reduce__(self) -> tuple[type[EvaluationDue], tuple[int]]:
        return EvaluationDue, (self.step,)


class RunFinished(MixwellError):
    """The run was finished: nothing more is issued."""


class DataExhausted(MixwellError):
    """The groups are used up, and the run's policy is to stop there."""


class NotFound(MixwellError):
    """There is no such run, attempt, group or address."""


class Conflict(MixwellError):
    """The state of the run forbids it: it exists with another configuration, say."""


class StepClosed(Conflict):
    """Feedback came too late: its step is closed."""


class InvalidRequest(MixwellError):
    """Understood, and not usable: a configuration, a world size, a parent."""


class InvalidFeedback(InvalidRequest):
    """No mixer can use this feedback. A stream warns, and posts that there is nothing usable."""


class ShardDamaged(MixwellError):
    """Stored data (a shard, extents, a timeline) differs from what it was. Tell the operator."""


class ServerUnavailable(MixwellError):
    """The server did not answer, or was at a limit, for as long as the client had patience."""


class BadAnswer(MixwellError):
    """What came is no answer of a Mixwell server: malformed, or above a limit."""


_BY_TYPE: dict[str, type[MixwellError]] = {
    "fenced": Fenced,
    "undecided": Undecided,
    "run-finished": RunFinished,
    "data-exhausted": DataExhausted,
    "step-closed": StepClosed,
    "bad-feedback": InvalidFeedback,
    "shard-damaged": ShardDamaged,
    "index-damaged": ShardDamaged,
    "extents-damaged": ShardDamaged,
    "index-mismatch": ShardDamaged,
    "timeline-damaged": ShardDamaged,
    "storage-failed": ServerUnavailable,
    "shard-unreachable": ServerUnavailable,
    "too-many-requests": ServerUnavailable,
}
_BY_STATUS: dict[int, type[MixwellError]] = {
    404: NotFound,
    409: Conflict,
    422: InvalidRequest,
    429: ServerUnavailable,
    502: ServerUnavailable,
    503: ServerUnavailable,
    504: ServerUnavailable,
}


def problem(status: int, headers: Mapping[str, str], body: bytes) -> MixwellError:
    """The exception for an answer that is no success."""
    members: Mapping[str, Any] = {}
    is_problem = headers.get("content-type", "").startswith("application/problem+json")
    if is_problem and len(body) <= _MAX_PROBLEM_BYTES:
        members = _object(body)
    uri = str(members.get("type", ""))
    name = uri[len(_PREFIX) :] if uri.startswith(_PREFIX) else ""
    text = body[:_MAX_QUOTED_CHARS].decode("utf-8", "replace").strip()
    kind = _BY_TYPE.get(name) or _BY_STATUS.get(status, MixwellError)
    return kind(
        str(members.get("detail", text or "an answer without a reason")),
        type=name,
        title=f"{status} {members.get('title', 'an answer that is no problem of Mixwell')}",
        status=status,
        facts={k: v for k, v in members.items() if k not in _STANDARD},
        retry_after=_seconds(headers.get("retry-after", "")),
    )


def _object(body: bytes) -> Mapping[str, Any]:
    try:
        value = json.loads(body)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def _seconds(text: str) -> float:
    return float(text) if text.isascii() and text.isdigit() and len(text) <= 6 else 0.0
