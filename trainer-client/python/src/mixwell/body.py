"""A batch's body: safetensors (https://huggingface.co/docs/safetensors), read in place.

offset 0       8 bytes, little-endian: h
offset 8       h bytes of JSON: {"__metadata__": {text: text}, name: {dtype, shape,
               data_offsets: [begin, end]}, ...}
offset 8 + h   the data, which the offsets count from
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from mixwell.errors import BadAnswer
from mixwell.wire import Bytes

_LENGTH_BYTES = 8
_MAX_HEADER_BYTES = 8 << 20
_DTYPES: dict[str, np.dtype[Any]] = {
    "U16": np.dtype("<u2"),
    "I32": np.dtype("<i4"),
    "U8": np.dtype("u1"),
}


@dataclass(frozen=True, slots=True)
class Body:
    """Views into the bytes that came; nothing is copied.

    Attributes:
        tokens: [rows, T+1], uint16 or int32.
        groups: uint16 [rows].
        cu_seqlens: int32 [n].
        loss_mask: uint8 [rows, T+1], 1 where a token counts as a label; None where all do.
    """

    metadata: dict[str, str]
    tokens: npt.NDArray[Any]
    groups: npt.NDArray[np.uint16]
    cu_seqlens: npt.NDArray[np.int32]
    loss_mask: npt.NDArray[np.uint8] | None


def parse(data: Bytes) -> Body:
    """Reads a whole body.

    Raises:
        BadAnswer: if it is not one of the server's.
    """
    try:
        header_bytes = int.from_bytes(data[:_LENGTH_BYTES].tobytes(), "little")
        start = _LENGTH_BYTES + header_bytes
        if start > data.size or header_bytes > _MAX_HEADER_BYTES:
            raise ValueError(f"a header of {header_bytes} bytes in {data.size}")
        header = json.loads(data[_LENGTH_BYTES:start].tobytes())
        size = data.size - start
        tokens = _tensor(data, start, size, header["tokens"])
        groups = _tensor(data, start, size, header["groups"])
        cu_seqlens = _tensor(data, start, size, header["cu_seqlens"])
        if tokens.ndim != 2 or tokens.shape[1] < 2 or groups.shape != tokens.shape[:1]:
            raise ValueError(f"groups {groups.shape} for tokens {tokens.shape}")
        if groups.dtype != np.uint16 or cu_seqlens.dtype != np.int32 or cu_seqlens.ndim != 1:
            raise ValueError(f"groups are {groups.dtype}, cu_seqlens {cu_seqlens.dtype}")
        entry = header.get("loss_mask")
        loss_mask = None if entry is None else _tensor(data, start, size, entry)
        if loss_mask is not None and (
            loss_mask.shape != tokens.shape or loss_mask.dtype != np.uint8
        ):
            raise ValueError(f"a loss mask {loss_mask.dtype} {loss_mask.shape}")
        return Body(header.get("__metadata__", {}), tokens, groups, cu_seqlens, loss_mask)
    except (ValueError, KeyError, TypeError, AttributeError) as e:
        raise BadAnswer(f"not a batch of {data.size} bytes: {e!r}") from e


def _tensor(data: Bytes, start: int, size: int, entry: dict[str, Any]) -> npt.NDArray[Any]:
    dtype = _DTYPES[entry["dtype"]]
    shape = entry["shape"]
    begin, end = entry["data_offsets"]
    length = math.prod(shape) * dtype.itemsize
    if not 0 <= begin <= end <= size or end - begin != length or min(shape, default=0) < 0:
        raise ValueError(f"a tensor does not fit {size} bytes of data: {entry}")
    array: npt.NDArray[Any] = np.ndarray(shape, dtype, data, start + begin)
    array.flags.writeable = False
    return array
