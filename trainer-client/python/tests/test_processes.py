"""What is sent to other processes, and what a worker's parent says of itself."""

from __future__ import annotations

import copy
import multiprocessing
import pickle
import uuid

import pytest

from mixwell import Client, EvaluationDue, Fenced, Patience, launch
from mixwell.requests import Requests
from mixwell.wire import Address
from serving import GROUPS, Server, spec

torch = pytest.importorskip("torch", reason="torch is not installed: pip install mixwell[torch]")

from torch.utils.data import DataLoader  # noqa: E402

from mixwell.torch import MixwellDataset  # noqa: E402
from mixwell.torch import dataset as dataset_module  # noqa: E402

_CONTEXTS = ("fork", "spawn", "forkserver")
_SUMS = dict.fromkeys(GROUPS, (50.0, 20))


def _loader(dataset: MixwellDataset, context: str | None = None, **members: object) -> DataLoader:
    return DataLoader(
        dataset, batch_size=None, num_workers=1, multiprocessing_context=context, **members
    )


def _steps_in_child(dataset: MixwellDataset, out: object) -> None:
    out.put([batch.step for batch in dataset])


def _describe_in_child(client: Client, out: object) -> None:
    out.put(client.describe()["spec"]["seed"])


def test_clients_requests_and_datasets_are_pickled_without_locks(
    server: Server, client: Client
) -> None:
    client.create(spec("static"))
    client.describe()  # leaves an idle connection
    dataset = MixwellDataset(server.url, client.run, patience=Patience(server=7.0), stop_step=2)
    for copied in (pickle.loads(pickle.dumps(client)), copy.deepcopy(client)):
        assert copied.describe() == client.describe()
    requests = Requests(Address.parse(server.url), Patience(server=7.0))
    assert pickle.loads(pickle.dumps(requests)).patience.server == 7.0
    for copied in (pickle.loads(pickle.dumps(dataset)), copy.deepcopy(dataset)):
        assert copied.client.patience.server == 7.0
        assert [batch.step for batch in copied] == [0, 1]


@pytest.mark.parametrize("context", _CONTEXTS)
def test_a_dataset_and_a_client_are_sent_to_a_process(
    server: Server, client: Client, context: str
) -> None:
    client.create(spec("static"))
    processes = multiprocessing.get_context(context)
    out = processes.Queue()
    dataset = MixwellDataset(server.url, client.run, stop_step=3)
    for target, sent in ((_steps_in_child, dataset), (_describe_in_child, client)):
        process = processes.Process(target=target, args=(sent, out))
        process.start()
        assert out.get(timeout=120) == ([0, 1, 2] if sent is dataset else 3)
        process.join()


def test_what_is_bound_to_its_process_says_so(server: Server, client: Client) -> None:
    client.create(spec("static"))
    stream = client.batches(stop_step=2)
    with pytest.raises(TypeError, match="send its client or dataset"):
        pickle.dumps(stream)
    with pytest.raises(TypeError, match="send its client or dataset"):
        copy.copy(stream)
    dataset = MixwellDataset(server.url, client.run, stop_step=2)
    next(iter(dataset))
    with pytest.raises(TypeError, match="send it before the first batch"):
        pickle.dumps(dataset)


def test_an_evaluation_that_stays_behind_says_so_when_it_is_due(server: Server) -> None:
    client = Client(server.url, "run-" + uuid.uuid4().hex)
    client.create(spec("aioli"))
    dataset = MixwellDataset(server.url, client.run, evaluate=lambda _: _SUMS, stop_step=2)
    sent = pickle.loads(pickle.dumps(dataset))
    with pytest.raises(RuntimeError, match="call evaluate_with"):
        next(iter(sent))
    again = pickle.loads(pickle.dumps(dataset))
    again.evaluate_with(lambda _: _SUMS)
    assert next(iter(again)).step == 0
    named = MixwellDataset(server.url, client.run, evaluate=_named_evaluation)
    assert pickle.loads(pickle.dumps(named))._evaluate is _named_evaluation


def _named_evaluation(_step: int) -> dict[str, tuple[float, int]]:
    return _SUMS


def test_errors_are_pickled_as_they_are() -> None:
    due = pickle.loads(pickle.dumps(EvaluationDue(7)))
    assert due.step == 7
    assert str(due) == str(EvaluationDue(7))
    fenced = Fenced("gone", type="fenced", title="409", status=409, facts={"attempt": 1})
    same = pickle.loads(pickle.dumps(fenced))
    assert (str(same), same.detail, same.facts) == ("409: gone", "gone", {"attempt": 1})


@pytest.mark.parametrize("context", _CONTEXTS)
def test_a_workers_parent_checkpoints_what_is_trained_or_refuses(
    server: Server, client: Client, context: str
) -> None:
    client.create(spec("static"))
    dataset = MixwellDataset(server.url, client.run, stop_step=50)
    batches = iter(_loader(dataset, context))
    last = [next(batches) for _ in range(4)][-1]
    with pytest.raises(RuntimeError, match=r"state_dict\(step=n\)"):
        dataset.state_dict()
    assert dataset.state_dict(step=4) == {"attempt": 0, "step": 4}
    dataset.report(last, _SUMS)
    state = dataset.state_dict()
    assert state == {"attempt": 0, "step": 4}
    again = MixwellDataset(server.url, client.run, stop_step=6)
    again.load_state_dict(state)
    assert again.state_dict() == state
    assert [batch.step for batch in _loader(again, context)] == [4, 5]


@pytest.mark.parametrize("persistent", [False, True])
def test_a_second_iteration_goes_on_behind_what_was_trained(
    server: Server, client: Client, persistent: bool
) -> None:
    client.create(spec("static"))
    dataset = MixwellDataset(server.url, client.run, stop_step=8)
    loader = _loader(dataset, persistent_workers=persistent)
    for batch in loader:
        dataset.report(batch, _SUMS)
        if batch.step == 2:
            break
    assert [batch.step for batch in loader] == [3, 4, 5, 6, 7]
    assert client.describe()["newestAttempt"] == 0
    with pytest.raises(RuntimeError, match="before the first batch"):
        dataset.load_state_dict({"attempt": 0, "step": 3})


def test_a_second_iteration_from_nobody_knows_where_is_refused(
    server: Server, client: Client
) -> None:
    client.create(spec("static"))
    loader = _loader(MixwellDataset(server.url, client.run, stop_step=50))
    next(iter(loader))
    with pytest.raises(RuntimeError, match="nobody knows where to go on"):
        next(iter(loader))


def test_a_worker_has_no_model_to_evaluate(server: Server, client: Client) -> None:
    client.create(spec("aioli"))
    dataset = MixwellDataset(server.url, client.run, evaluate=lambda _: _SUMS)
    with pytest.raises(ValueError, match="use num_workers=0"):
        next(iter(_loader(dataset)))


def test_a_worker_of_several_ranks_needs_a_launch_id(server: Server, client: Client) -> None:
    client.create(spec("static"))
    nameless = MixwellDataset(server.url, client.run, rank=0, world=2)
    with pytest.raises(ValueError, match="2 ranks need one launch_id"):
        next(iter(_loader(nameless)))
    named = MixwellDataset(server.url, client.run, rank=0, world=2, launch_id="two")
    assert next(iter(_loader(named))).tokens.shape[0] == 4


def test_a_dataset_of_which_copies_are_elsewhere_keeps_no_state(server: Server) -> None:
    dataset = MixwellDataset(server.url, "none")
    pickle.dumps(dataset)
    with pytest.raises(RuntimeError, match="no batch was asked for in this process"):
        dataset.state_dict()
    with pytest.raises(RuntimeError, match="no batch was asked for in this process"):
        MixwellDataset(server.url, "none", rank=0, world=2).state_dict()


def test_the_place_is_read_when_it_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    dataset = MixwellDataset("http://127.0.0.1:1", "run")
    assert (dataset.rank, dataset.world) == (0, 1)
    for name, value in {"RANK": "1", "WORLD_SIZE": "2"}.items():
        monkeypatch.setenv(name, value)
    assert (dataset.rank, dataset.world) == (1, 2)
    monkeypatch.setattr(dataset_module, "_distributed", lambda: launch.Place(3, 4))
    assert (dataset.rank, dataset.world) == (3, 4)
    dataset.placed(5, 8)
    assert (dataset.rank, dataset.world) == (5, 8)
    dataset.placed(0, 1)
    with pytest.raises(launch.Ambiguous, match=r"trains alone.*its launcher started 2"):
        _ = dataset.rank
    given = MixwellDataset("http://127.0.0.1:1", "run", rank=6, world=7)
    given.placed(5, 8)
    assert (given.rank, given.world) == (6, 7)
    with pytest.raises(ValueError, match="there is no rank 2 among 2"):
        MixwellDataset("http://127.0.0.1:1", "run", rank=2, world=2)
