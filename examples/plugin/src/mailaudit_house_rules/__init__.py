"""House rules of ACME: an example of a plug-in for mailaudit."""

from pathlib import Path

KNOWLEDGE = Path(__file__).parent / "knowledge"
