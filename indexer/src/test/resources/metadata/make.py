"""Rows of metadata as Parquet and as JSON lines, by pyarrow 25.0.1."""

import datetime
import json

import pyarrow as pa
import pyarrow.parquet as pq

NOON = datetime.datetime(2020, 2, 2, 12, 0, 0, 250000)
ROWS = [
    {"id": "b1", "quality": 0.9, "score": 2.0, "ratio": 0.5, "seen": datetime.date(2020, 2, 2), "at": NOON,
     "words": 7, "counts": [3, -1, 2], "tags": ["x", "y"], "good": True,
     "meta": {"source": "poems", "places": ["a", "b"], "deep": {"n": 4}},
     "links": [{"to": "p", "weight": 1.5}, {"to": "q", "weight": None}]},
    {"id": "7", "quality": None, "score": None, "ratio": None, "seen": None, "at": None,
     "words": None, "counts": None, "tags": [], "good": None, "meta": None, "links": []},
    {"id": "nobody", "quality": 1.0, "score": -0.25, "ratio": 3.0, "seen": datetime.date(1999, 12, 31), "at": None,
     "words": -1, "counts": [], "tags": None, "good": False,
     "meta": {"source": None, "places": [None, "c"], "deep": None}, "links": None},
]  # fmt: skip
LINK = pa.struct({"to": pa.string(), "weight": pa.float64()})
META = pa.struct({
    "source": pa.string(), "places": pa.list_(pa.string()), "deep": pa.struct({"n": pa.int16()}),
})  # fmt: skip
SCHEMA = pa.schema({
    "id": pa.string(), "quality": pa.float64(), "score": pa.float64(), "ratio": pa.float32(), "seen": pa.date32(),
    "at": pa.timestamp("us", tz="UTC"), "words": pa.int64(), "counts": pa.list_(pa.int32()),
    "tags": pa.list_(pa.string()), "good": pa.bool_(), "meta": META, "links": pa.list_(LINK),
})  # fmt: skip


def plain(value):
    return value.isoformat(timespec="milliseconds") + "Z" if value == NOON else str(value)


table = pa.Table.from_pylist(ROWS, SCHEMA)
pq.write_table(table, "rows.parquet", compression="zstd")
with open("rows.jsonl", "w") as out:
    for row in ROWS:
        out.write(json.dumps(row, default=plain) + "\n")
LARGE = 2**64 - 1
numbered = pa.table({"doc": pa.array([7, LARGE], pa.uint64()), "k": ["p", "q"], "hash": pa.array([8, LARGE], pa.uint64())})
pq.write_table(numbered, "numbered.parquet")
unnamed = pa.table({"id": ["b1", None], "k": [1, 2], "half": [0.5, 1.5]})
pq.write_table(unnamed, "unnamed.parquet")
