"""What others install is what is tested here, file by file, and what comes with it is told."""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import distribution
from pathlib import Path

import yaml

ROOT = Path(__file__).parent.parent
PIN = re.compile(r"^([\w.-]+)==([^\s;]+)", re.MULTILINE)


def pins(file: str) -> dict[str, str]:
    text = (ROOT / file).read_text(encoding="utf-8")
    return {name.lower().replace("_", "-"): version for name, version in PIN.findall(text)}


def test_every_package_is_pinned_as_it_is_tested_and_has_hashes() -> None:
    tested, locked = pins("constraints.txt"), pins("requirements.txt")
    assert {name: version for name, version in locked.items() if tested.get(name, version) != version} == {}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    needed = {re.split(r"[\[>=<;]", line)[0].strip().lower() for line in project["dependencies"]}
    assert needed | {"babel", "hatchling"} <= set(locked)
    blocks = re.split(r"\n(?=[\w])", (ROOT / "requirements.txt").read_text(encoding="utf-8").strip())
    assert len(blocks) == len(locked)
    assert all(re.search(r"--hash=sha256:[0-9a-f]{64}", block) for block in blocks)


def test_the_image_and_the_action_install_nothing_else() -> None:
    action = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
    for script in (action["runs"]["steps"][0]["run"], (ROOT / "Dockerfile").read_text(encoding="utf-8")):
        installs = [line for line in script.splitlines() if "pip install" in line or '"${pip[@]}"' in line]
        asked = [line for line in installs if "--disable-pip-version-check)" not in line]
        assert len(asked) == 2
        assert all("--require-hashes" in line or "--no-deps --no-build-isolation" in line for line in asked)


def test_the_data_that_comes_with_packages_is_told_with_its_licence() -> None:
    notice = (ROOT / "NOTICE").read_text(encoding="utf-8")
    for name in ("publicsuffixlist", "disposable-email-domains", "checkdmarc", "tzdata"):
        assert re.search(rf"^  {name} .+, .+$", notice, re.MULTILINE), name
    wheel = distribution("publicsuffixlist").metadata
    assert "MPL" in str(wheel)
