"""What servers of the tests have in common: how they end, and how one is held open by hand."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Mapping


def stop(process: subprocess.Popen[bytes]) -> None:
    """End a process and all it started: politely, then not.

    Args:
        process: The first of a session of its own.
    """
    for signal_number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, signal_number)
            process.wait(20)
        except ProcessLookupError:
            break
        except subprocess.TimeoutExpired:
            continue
    process.wait()


def hold_open(target: str, environment: Mapping[str, str]) -> None:
    """Say how dbt reaches a server, and wait until Ctrl-C.

    Args:
        target: The target of profiles.yml.
        environment: The variables that lead there.
    """
    for name, value in environment.items():
        print(f"export {name}={value}")
    print(f"dbt build --target {target}  # reaches it; Ctrl-C here stops it", flush=True)
    try:
        signal.pause()
    except KeyboardInterrupt:
        print("Stopping")
