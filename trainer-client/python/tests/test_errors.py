"""Answers that are no success, as exceptions."""

from __future__ import annotations

import json

import pytest

from mixwell import errors, events, tail
from mixwell.contract import EVENT_TYPES, PROBLEM_TYPES
from mixwell.errors import InvalidRequest, MixwellError, ServerUnavailable, problem


def _sent(type: str) -> MixwellError:
    status = PROBLEM_TYPES[type].status
    body = {"type": f"urn:mixwell:problem:{type}", "title": "t", "status": status, "detail": "d"}
    return problem(status, {"content-type": "application/problem+json"}, json.dumps(body).encode())


@pytest.mark.parametrize("type", PROBLEM_TYPES)
def test_a_problem_is_retryable_where_its_type_says_so(type: str) -> None:
    refusal = _sent(type)
    assert refusal.type == type
    assert refusal.retryable is PROBLEM_TYPES[type].retryable
    assert refusal.blame == PROBLEM_TYPES[type].blame


def test_only_what_another_try_can_end_is_retryable() -> None:
    assert _sent("shard-unreachable").retryable
    assert not _sent("precondition-failed").retryable
    assert not _sent("precondition-required").retryable


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_a_proxy_that_does_not_reach_the_server_is_asked_again(status: int) -> None:
    refusal = problem(status, {}, b"<html>")
    assert isinstance(refusal, ServerUnavailable)
    assert refusal.retryable
    assert refusal.blame == ""


def test_a_proxy_that_refuses_is_not_asked_again() -> None:
    assert isinstance(problem(422, {}, b""), InvalidRequest)
    assert not problem(422, {}, b"").retryable


def test_every_type_with_an_exception_of_its_own_is_one_that_servers_send() -> None:
    assert set(errors._BY_TYPE) <= set(PROBLEM_TYPES)


def test_every_event_that_is_named_is_one_that_servers_send() -> None:
    assert {*tail._SHOWN, events._LAST} <= set(EVENT_TYPES)
