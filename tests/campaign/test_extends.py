from __future__ import annotations

from pathlib import Path

import pytest

from mailaudit import InputError, load_campaign

SHARED = """sending: {platform: brevo, helo: mail.acme.example}
recipients: {suppression: [gone.csv]}
schedule: {rate: 40/h}
fail_on: warning
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "client").mkdir()
    (tmp_path / "shared.yml").write_text(SHARED, encoding="utf-8")
    for name in ("gone.csv", "client/people.csv"):
        (tmp_path / name).write_text("email\na@shop.example\n", encoding="utf-8")
    return tmp_path


def write(folder: Path, text: str) -> Path:
    file = folder / "client" / "campaign.yml"
    file.write_text(f"from: news@acme.example\n{text}", encoding="utf-8")
    return file


def test_what_the_file_does_not_say_the_shared_one_says(folder: Path) -> None:
    text = (
        "extends: ../shared.yml\nsending: {helo: out.acme.example}\nrecipients: {files: [people.csv]}\nfail_on:\n"
    )
    plan, source = load_campaign(write(folder, text))
    assert (plan.sending.platform, plan.sending.helo, plan.fail_on) == ("brevo", "out.acme.example", "warning")
    assert plan.recipients is not None
    assert plan.recipients.files == (folder / "client/people.csv",)
    assert [Path(str(file)).resolve() for file in plan.recipients.suppression] == [folder / "gone.csv"]
    assert source.where("sending.helo").line == 3
    shared = source.where("schedule.rate")
    assert (Path(shared.path).resolve(), shared.line) == (folder / "shared.yml", 3)


def test_a_mistake_in_the_shared_file_is_told_there(folder: Path) -> None:
    (folder / "shared.yml").write_text("fail_on: never\nschedule: {rate: fast}\n", encoding="utf-8")
    with pytest.raises(InputError) as told:
        load_campaign(write(folder, "extends: ../shared.yml\n"))
    (complaint,) = told.value.complaints
    assert complaint.where is not None
    assert (complaint.where.path.endswith("shared.yml"), complaint.where.line) == (True, 2)


@pytest.mark.parametrize(
    ("shared", "extends", "said"),
    [
        ("extends: more.yml\n", "../shared.yml", "extends no other"),
        ("- a\n", "../shared.yml", "no keys"),
        ("from: [", "../shared.yml", "shared.yml"),
        ("", "../shared.yml", "no keys"),
        ("a: 1\na: 2\n", "../shared.yml", "written twice"),
        ("", "../nothing.yml", "no such file"),
        ("", "[a]", "name of a campaign file"),
        ("", "..", "directory"),
    ],
)
def test_a_shared_file_that_cannot_be_used(folder: Path, shared: str, extends: str, said: str) -> None:
    (folder / "shared.yml").write_text(shared, encoding="utf-8")
    with pytest.raises(InputError, match=said):
        load_campaign(write(folder, f"extends: {extends}\n"))


def test_nothing_is_extended_from_the_command_line(folder: Path) -> None:
    with pytest.raises(InputError, match="only the file itself extends"):
        load_campaign(write(folder, ""), changes=["extends=own.yml"])


def test_what_the_command_line_sets_wrongly_is_placed_there_and_not_in_the_file(folder: Path) -> None:
    file = write(folder, "")
    with pytest.raises(InputError) as raised:
        load_campaign(file, changes=["sending.ips=[x]", "foo=1"])
    assert [str(one.where) for one in raised.value.complaints] == ["--set sending.ips", "--set foo"]
    _, source = load_campaign(file, changes=["sending.ips=[192.0.2.1]"])
    assert source.holds("sending.ips")
    assert source.where("sending.ips").path == source.display


def test_an_untrusted_campaign_extends_nothing_outside_its_folder(folder: Path) -> None:
    secret = folder / "shared.yml"
    secret.write_text("password: [open", encoding="utf-8")
    for extends in ("../shared.yml", str(secret), "link.yml"):
        (folder / "client" / "link.yml").unlink(missing_ok=True)
        (folder / "client" / "link.yml").symlink_to(secret)
        with pytest.raises(InputError, match="outside the folder"):
            load_campaign(write(folder, f"extends: {extends}\n"), confined=True)
    (folder / "client" / "own.yml").write_text(SHARED.replace("gone.csv", "people.csv"), encoding="utf-8")
    plan, _ = load_campaign(write(folder, "extends: own.yml\nrecipients: {files: [people.csv]}\n"), confined=True)
    assert plan.sending.platform == "brevo"
