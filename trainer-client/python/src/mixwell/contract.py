"""What the contract says, made from its Java records.

Problems are those of dev.mixwell.base.ProblemType that a server sends. To write this file anew,
run

    mvn -pl api-spec test -Dtest=PythonContractTest -DwriteContract
"""

import re
from typing import NamedTuple


class ProblemType(NamedTuple):
    """What can be done about a problem.

    Attributes:
        status: of HTTP.
        retryable: whether the same request can succeed later without anybody changing it.
        blame: who can mend it: "client", "operator", or "server" (its developers).
    """

    status: int
    retryable: bool
    blame: str


PROBLEM_TYPES: dict[str, ProblemType] = {
    "malformed-request": ProblemType(400, False, "client"),
    "not-found": ProblemType(404, False, "client"),
    "run-not-found": ProblemType(404, False, "client"),
    "attempt-not-found": ProblemType(404, False, "client"),
    "group-not-found": ProblemType(404, False, "client"),
    "step-of-another-attempt": ProblemType(404, False, "client"),
    "method-not-allowed": ProblemType(405, False, "client"),
    "not-acceptable": ProblemType(406, False, "client"),
    "fenced": ProblemType(409, False, "client"),
    "run-finished": ProblemType(409, False, "client"),
    "run-conflict": ProblemType(409, False, "client"),
    "launch-conflict": ProblemType(409, False, "client"),
    "feedback-conflict": ProblemType(409, False, "client"),
    "not-issued": ProblemType(409, False, "client"),
    "step-closed": ProblemType(409, False, "client"),
    "already-issued": ProblemType(409, False, "operator"),
    "data-exhausted": ProblemType(410, False, "operator"),
    "precondition-failed": ProblemType(412, False, "operator"),
    "payload-too-large": ProblemType(413, False, "client"),
    "invalid-run": ProblemType(422, False, "operator"),
    "invalid-query": ProblemType(422, False, "operator"),
    "too-few-held-out": ProblemType(422, False, "operator"),
    "world-not-divisible": ProblemType(422, False, "operator"),
    "rank-out-of-range": ProblemType(422, False, "client"),
    "parent-ambiguous": ProblemType(422, False, "client"),
    "parent-not-reached": ProblemType(422, False, "client"),
    "bad-feedback": ProblemType(422, False, "client"),
    "invalid-mixer": ProblemType(422, False, "operator"),
    "invalid-operation": ProblemType(422, False, "operator"),
    "not-previewable": ProblemType(422, False, "operator"),
    "precondition-required": ProblemType(428, False, "operator"),
    "too-many-requests": ProblemType(429, True, "client"),
    "internal": ProblemType(500, False, "server"),
    "shard-damaged": ProblemType(500, False, "operator"),
    "index-damaged": ProblemType(500, False, "operator"),
    "extents-damaged": ProblemType(500, False, "operator"),
    "index-mismatch": ProblemType(500, False, "operator"),
    "timeline-damaged": ProblemType(500, False, "operator"),
    "undecided": ProblemType(503, True, "client"),
    "storage-failed": ProblemType(503, True, "operator"),
    "shard-unreachable": ProblemType(503, True, "operator"),
    "mixer-version": ProblemType(409, False, "operator"),
}

# What a proxy answers while it, or the server behind it, cannot answer now.
RETRIED_STATUSES = frozenset({429, 502, 503, 504})

EVENT_TYPES = (
    "run-created",
    "attempt-opened",
    "issued",
    "feedback",
    "step-closed",
    "boundary-closed",
    "mixer-installed",
    "override-set",
    "override-cleared",
    "rows-skipped",
    "operation-cancelled",
    "run-finished",
)

RUN_NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9_.-]{0,99}")
RUN_NAME_RULE = "use 1 to 100 of A-Z a-z 0-9 _ - . and no leading dot"
