"""A server of tf.data service: `dispatcher` or `worker ADDRESS`. It ends when its input does."""

from __future__ import annotations

import os
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

from tensorflow.data.experimental import service


def main() -> None:
    if sys.argv[1] == "dispatcher":
        dispatcher = service.DispatchServer(service.DispatcherConfig(port=0))
        print(dispatcher.target.removeprefix("grpc://"), flush=True)
        sys.stdin.read()
    else:
        worker = service.WorkerServer(service.WorkerConfig(dispatcher_address=sys.argv[2]))
        print("ready", flush=True)
        sys.stdin.read()
        del worker


if __name__ == "__main__":
    main()
