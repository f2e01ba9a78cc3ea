"""The rooms of an audit read the knowledge base at the same time."""

from __future__ import annotations

import subprocess
import sys

SCRIPT = """
import sys
from concurrent.futures import ThreadPoolExecutor
from mailaudit.knowledge.load import platforms
sys.setswitchinterval(1e-6)
with ThreadPoolExecutor(8) as pool:
    assert len({id(found) for found in pool.map(lambda _: platforms(), range(8))}) == 1
"""


def test_threads_that_read_one_file_at_once_read_it_once() -> None:
    for _ in range(5):
        subprocess.run([sys.executable, "-c", SCRIPT], check=True)
