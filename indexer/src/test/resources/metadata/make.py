"""Rows of metadata as Parquet and as JSON lines, by pyarrow 25.0.1."""

import datetime
import json

import pyarrow as pa
import pyarrow.parquet as pq

ROWS = [
    {"id": "b1", "quality": 0.9, "seen": datetime.date(2020, 2, 2), "words": 7, "tags": ["x", "y"],
     "meta": {"source": "poems"}, "good": True},
    {"id": "7", "quality": None, "seen": None, "words": None, "tags": [], "meta": None, "good": None},
    {"id": "nobody", "quality": 1.0, "seen": datetime.date(1999, 12, 31), "words": -1, "tags": None,
     "meta": {"source": None}, "good": False},
]  # fmt: skip
SCHEMA = pa.schema({
    "id": pa.string(), "quality": pa.float64(), "seen": pa.date32(), "words": pa.int64(),
    "tags": pa.list_(pa.string()), "meta": pa.struct({"source": pa.string()}), "good": pa.bool_(),
})  # fmt: skip

table = pa.Table.from_pylist(ROWS, SCHEMA)
pq.write_table(table, "rows.parquet", compression="zstd")
with open("rows.jsonl", "w") as out:
    for row in ROWS:
        out.write(json.dumps(row, default=str) + "\n")
numbered = pa.table({"doc": pa.array([7, 8]), "k": ["p", "q"]})
pq.write_table(numbered, "numbered.parquet")
unnamed = pa.table({"id": ["b1", None], "k": [1, 2]})
pq.write_table(unnamed, "unnamed.parquet")
