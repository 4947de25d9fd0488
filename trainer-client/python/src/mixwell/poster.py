"""Feedback posted behind the trainer's back, in order."""

from __future__ import annotations

import atexit
import multiprocessing.util
import os
import queue
import threading
import time
import weakref
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from mixwell.errors import Conflict, InvalidFeedback, StepClosed
from mixwell.launch import ANEW
from mixwell.outage import log
from mixwell.requests import Requests

_MAX_WAITING = 64
_EXIT_SECONDS = 10.0


class Groups(Protocol):
    """Losses that may still be on their way from a device."""

    def begin(self) -> None:
        """Called on the training thread when they are handed over; does not wait."""

    def feedback(self) -> Mapping[str, Mapping[str, Any]] | None:
        """The `groups` of a post; None if they hold a number that no mixer can use."""


@dataclass(frozen=True, slots=True)
class Post:
    """One post.

    Attributes:
        step: whose feedback it is.
        kind: of the feedback.
        rank: who posts; None where one rank posts for all.
        groups: what is posted.
        members: further ones of the post.
        share_tokens: one rank's share of the step, where one posts for several; else 0.
    """

    step: int
    kind: str
    rank: int | None
    groups: Groups
    members: Mapping[str, Any] = field(default_factory=dict)
    share_tokens: int = 0


class Poster:
    """Posts an attempt's feedback, on a thread of its own, through restarts of the server.

    Owned by the training thread. Its thread begins with the first post. When Python ends, what was
    handed over is still delivered, for up to 10 s: a thread that is in PyTorch's code at that
    moment would abort the process, and the last losses would be lost without a word.
    """

    def __init__(self, requests: Requests, attempt_path: str) -> None:
        self._requests = requests
        self._path = attempt_path
        self._begin()

    def _begin(self) -> None:
        self._process = os.getpid()
        self._waiting: queue.Queue[Post] = queue.Queue(_MAX_WAITING)
        self._settling = threading.Condition()  # guards the next two
        self._unsettled = 0
        self._failure: BaseException | None = None
        self._is_failure_told = False
        self._thread: threading.Thread | None = None
        self._told_share = False

    def post(self, post: Post) -> None:
        """Hands a post over; waits only where many are under way.

        Raises:
            MixwellError: why an earlier post could not be delivered, `Fenced` among them.
        """
        self.check()
        post.groups.begin()
        if self._thread is None:
            self._thread = threading.Thread(
                target=self._deliver_all, name="mixwell-post", daemon=True
            )
            self._thread.start()
            _posting.add(self)
            _end_with_this_process()
        with self._settling:
            self._unsettled += 1
        self._waiting.put(post)

    def check(self) -> None:
        """Raises what made an earlier post fail, if any did."""
        if self._process != os.getpid():  # forked: the thread, its queue and posts are the parent's
            self._begin()
        if self._failure is not None:
            self._is_failure_told = True
            raise self._failure

    def settle(self, timeout: float | None = None) -> None:
        """Returns once every post so far is recorded, or its step was closed without it.

        Raises:
            MixwellError: why a post could not be delivered.
            TimeoutError: if that takes longer.
        """
        self.check()
        end = None if timeout is None else time.monotonic() + timeout
        with self._settling:
            while self._unsettled and self._failure is None:
                left = None if end is None else end - time.monotonic()
                if left is not None and left <= 0:
                    raise TimeoutError(f"{self._unsettled} posts are not settled")
                self._settling.wait(left)
        self.check()

    def end(self, timeout: float) -> None:
        """Settles when Python ends, and says what is not recorded; raises nothing."""
        if self._thread is None or not self._thread.is_alive():  # in a forked child it is not
            return
        if self._is_failure_told:
            return
        began = time.monotonic()
        try:
            self.settle(timeout)
        except (TimeoutError, KeyboardInterrupt):
            log.warning(
                "mixwell: Python ends, and %d posts of losses are not recorded: the server did not "
                "take them within %.0f s",
                self._unsettled,
                time.monotonic() - began,
            )
        except Exception as e:
            log.warning("mixwell: the last losses are not recorded: %s", e)

    def _deliver_all(self) -> None:
        while True:
            post = self._waiting.get()
            failure: BaseException | None = None
            try:
                if self._failure is None:
                    self._deliver(post)
            except BaseException as e:  # the training thread must learn of it, whatever it is
                failure = e
            with self._settling:
                self._failure = self._failure or failure
                self._unsettled -= 1
                self._settling.notify_all()

    def _deliver(self, post: Post) -> None:
        groups = post.groups.feedback()
        if groups is None:
            log.warning(
                "mixwell: the %s losses of step %d are not finite: posted as nothing usable",
                post.kind,
                post.step,
            )
        elif post.share_tokens:
            self._warn_of_a_share(post, groups)
        try:
            self._send(post, groups or {})
        except StepClosed as e:
            log.warning("mixwell: %s losses came too late: %s", post.kind, e.detail)
        except InvalidFeedback as e:
            if e.type != "bad-feedback" or not groups:
                raise
            log.warning(
                "mixwell: the %s losses of step %d cannot be used (%s): posted as nothing usable",
                post.kind,
                post.step,
                e.detail,
            )
            self._settle_empty(post)

    def _warn_of_a_share(self, post: Post, groups: Mapping[str, Mapping[str, Any]]) -> None:
        seen = sum(int(g.get("tokens", 0)) for g in groups.values())
        if seen > post.share_tokens or self._told_share:
            return
        self._told_share = True
        log.warning(
            "mixwell: step %d was reported with %d tokens, which is one rank's share: one rank "
            "posts for all in this run, so add up the ranks' losses first "
            "(mixwell.torch.reduce_losses)",
            post.step,
            seen,
        )

    def _settle_empty(self, post: Post) -> None:
        try:
            self._send(post, {})
        except StepClosed:
            return

    def _send(self, post: Post, groups: Mapping[str, Any]) -> None:
        body: dict[str, Any] = {"kind": post.kind, "groups": groups, **post.members}
        if post.rank is not None:
            body["rank"] = post.rank
        try:
            self._requests.exchange("POST", f"{self._path}/steps/{post.step}/feedback", body)
        except Conflict as e:
            if e.type == "feedback-conflict":
                raise e.advising(ANEW) from e
            raise


_posting: weakref.WeakSet[Poster] = weakref.WeakSet()


_registered = 0  # the process whose end is heard of


def _end_with_this_process() -> None:
    """Has `_end_all` called: a child of multiprocessing ends without what atexit has."""
    global _registered
    if _registered == os.getpid():
        return
    _registered = os.getpid()
    if multiprocessing.parent_process() is None:
        atexit.register(_end_all)
    else:
        multiprocessing.util.Finalize(None, _end_all, exitpriority=1)


def _end_all() -> None:
    """Called while threads still run, before Python lets none take its lock any more."""
    end = time.monotonic() + _EXIT_SECONDS
    for poster in list(_posting):
        poster.end(max(0.0, end - time.monotonic()))
