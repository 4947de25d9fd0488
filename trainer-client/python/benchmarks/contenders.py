"""Who is measured: Mixwell by mixer and transport, and the peers with what each needs from pip."""

from __future__ import annotations

from dataclasses import dataclass

from .rates import NGINX


@dataclass(frozen=True)
class Contender:
    """module: in the package `peers`. mixer: empty for one that needs no Mixwell server."""

    name: str
    module: str
    package: str
    mixer: str = ""


OURS = (
    Contender("static", "mixwell_client", "numpy", "static"),
    Contender("odm", "mixwell_client", "numpy", "odm"),
    Contender("raw", "raw_socket", "numpy", "static"),
)
PEERS = (
    Contender("numpy", "numpy_gather", "numpy"),
    Contender("torch", "torch_loader", "torch"),
    Contender("datasets", "hf_interleave", "datasets"),
    Contender("tf.data", "tf_service", "tensorflow-cpu"),
)


def names() -> list[str]:
    return [contender.name for contender in (*OURS, *PEERS)] + [NGINX]
