"""`mailaudit check` with several campaigns, a bare domain, standard input, and again and again."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from mailaudit.campaign.of_domain import Domain
from mailaudit.checks.finding import Outcome
from mailaudit.cli.auditing import watch
from mailaudit.cli.auditing.fleet import worst
from mailaudit.cli.auditing.single import Audited
from mailaudit.cli.auditing.targets import targets
from mailaudit.errors import InputError, refused
from mailaudit.reports.formats import RenderOptions
from reports import sample_documents as sample
from support.command import mailaudit

ROOT = Path(__file__).parents[3]
ZONE = """$ORIGIN acme.example.
@ 3600 IN SOA ns1 hostmaster 1 7200 3600 1209600 300
@ 3600 IN MX 10 mx
mx 3600 IN A 192.0.2.10
@ 3600 IN TXT "v=spf1 mx -all"
_dmarc 3600 IN TXT "v=DMARC1; p=reject; rua=mailto:dmarc@acme.example"
"""


@pytest.fixture
def clients(tmp_path: Path) -> Path:
    (tmp_path / "acme.zone").write_text(ZONE, encoding="utf-8")
    (tmp_path / "shared.yml").write_text("sending: {platform: none}\n", encoding="utf-8")
    for name, ip in (("good", "192.0.2.10"), ("bad", "203.0.113.9")):
        (tmp_path / "clients" / name).mkdir(parents=True)
        text = (
            f"extends: ../../shared.yml\nname: {name}\nfrom: ACME <news@acme.example>\nsending: {{ips: [{ip}]}}\n"
        )
        (tmp_path / "clients" / name / "campaign.yml").write_text(text, encoding="utf-8")
    return tmp_path


def test_a_folder_is_every_campaign_below_it(clients: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(clients)
    (clients / "clients/.hidden").mkdir()
    shutil.copy(clients / "clients/good/campaign.yml", clients / "clients/.hidden")
    (clients / "clients/again").symlink_to(clients / "clients")
    both = [Path("clients/bad/campaign.yml"), Path("clients/good/campaign.yml")]
    assert targets(["clients"]) == both
    assert targets(["clients/good/campaign.yml", "clients", "clients"]) == both[::-1]
    assert targets([]) == [Path("campaign.yml")]


def test_what_is_no_file_and_looks_like_a_domain_is_one(clients: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(clients)
    (clients / "acme.fr").write_text("", encoding="utf-8")
    named = ["acme.example", "sub.acme.example.", "acme.fr", "campaign.yml", "a/b.c", "nothing", "-", "x.yaml"]
    assert [one for one in targets(named) if isinstance(one, Domain)] == ["acme.example", "sub.acme.example"]
    assert targets(["ann@acme.example"]) == targets(["https://acme.example/"]) == ["acme.example"]
    assert not isinstance(targets(["ann@bob@acme.example"])[0], Domain)


def test_a_folder_without_a_campaign_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no campaign\.yml"):
        targets([str(tmp_path)])


@pytest.mark.slow
def test_several_campaigns_give_one_summary_and_each_report(clients: Path) -> None:
    written = [f"fleet.{suffix}" for suffix in ("json", "html", "csv", "md", "sarif")]
    outputs = [word for name in written for word in ("-o", name)]
    done = mailaudit("check", "clients", "--zone", "acme.zone", *outputs, cwd=clients)
    assert done.returncode == 1, done.stderr
    assert done.stdout.startswith("2 campaigns: 1 not ready, 1 not certain.")
    assert done.stdout.count("More: -v") == 2
    told = json.loads((clients / "fleet.json").read_text(encoding="utf-8"))
    assert (told["schema_version"], [one["campaign"]["name"] for one in told["reports"]]) == (1, ["bad", "good"])
    assert [row["verdict"] for row in told["campaigns"]] == [one["verdict"] for one in told["reports"]]
    assert len(json.loads((clients / "fleet.sarif").read_text(encoding="utf-8"))["runs"]) == 2
    table = (clients / "fleet.csv").read_text(encoding="utf-8").splitlines()
    assert table[1].startswith('bad,clients/bad/campaign.yml,not ready,"Let 203.0.113.9 send as acme.example')
    for name in ("fleet.html", "fleet.md"):
        assert "Let 203.0.113.9 send as acme.example" in (clients / name).read_text(encoding="utf-8")

    good = clients / "clients/bad/campaign.yml"
    good.write_text(good.read_text(encoding="utf-8").replace("203.0.113.9", "192.0.2.10"), encoding="utf-8")
    again = mailaudit("check", "clients", "--zone", "acme.zone", "--since", "fleet.json", cwd=clients)
    summary = " ".join(again.stdout.partition("\n\n")[0].split())
    assert "not ready before" in summary
    assert "fixed" in summary
    assert "as before" in summary


@pytest.mark.slow
def test_each_report_is_as_if_it_had_been_made_alone(clients: Path) -> None:
    alone = mailaudit("check", "clients/good/campaign.yml", "--zone", "acme.zone", "-f", "json", cwd=clients)
    done = mailaudit("check", "clients", "--zone", "acme.zone", "-f", "json", cwd=clients)
    assert json.loads(done.stdout)["reports"][1] == json.loads(alone.stdout)


def test_one_that_cannot_be_used_hinders_no_other(clients: Path) -> None:
    (clients / "broken.yml").write_text("fromm: a\n", encoding="utf-8")
    args = ("clients/good/campaign.yml", "broken.yml", "none.yml", "--zone", "acme.zone", "-f", "json")
    done = mailaudit("check", *args, cwd=clients)
    assert done.returncode == 2
    assert "broken.yml:1:1: fromm" in done.stderr
    assert "none.yml: there is no such file" in done.stderr
    assert len(json.loads(done.stdout)["reports"]) == 1


def test_a_saved_summary_is_rendered_as_it_was_and_is_no_report_of_one(clients: Path) -> None:
    (clients / "broken.yml").write_text("fromm: a\n", encoding="utf-8")
    args = (
        "clients/good/campaign.yml",
        "broken.yml",
        "--zone",
        "acme.zone",
        "-o",
        "fleet.json",
        "-o",
        "fleet.csv",
    )
    assert mailaudit("check", *args, cwd=clients).returncode == 2
    again = mailaudit("render", "fleet.json", "-f", "csv", cwd=clients)
    assert (again.returncode, again.stdout) == (0, (clients / "fleet.csv").read_text(encoding="utf-8"))
    same = mailaudit("diff", "fleet.json", "fleet.json", "--fail-on", "note", cwd=clients)
    assert (same.returncode, same.stdout.partition(",")[0]) == (0, "0 new")
    alone = mailaudit("forward", "fleet.json", "spf-missing", cwd=clients)
    assert (alone.returncode, "several campaigns" in alone.stderr) == (2, True)


def test_a_campaign_that_only_the_earlier_report_has_is_told(clients: Path) -> None:
    args = ("check", "clients", "--zone", "acme.zone")
    assert mailaudit(*args, "-o", "old.json", cwd=clients).returncode == 1
    (clients / "clients" / "good" / "campaign.yml").unlink()
    files = ("-o", "new.json", "-o", "new.md", "-o", "new.html")
    done = mailaudit(*args, "--since", "old.json", *files, cwd=clients)
    gone = "Only in the earlier report: clients/good/campaign.yml."
    told = [(clients / name).read_text(encoding="utf-8") for name in ("new.md", "new.html")]
    assert [text.count(gone) for text in (done.stdout, *told)] == [1, 1, 1]
    (clients / "clients" / "good" / "campaign.yml").write_text("fromm: a\n", encoding="utf-8")
    assert gone not in mailaudit(*args, "--since", "old.json", cwd=clients).stdout  # it has a row
    assert mailaudit("diff", "old.json", "new.json", cwd=clients).stdout == f"{gone}\n"


def test_no_input_of_any_campaign_is_written_over(clients: Path) -> None:
    for option in ("-o", "--record"):
        target = "csv=clients/good/campaign.yml" if option == "-o" else "clients/good/campaign.yml"
        done = mailaudit("check", "clients", "--zone", "acme.zone", option, target, cwd=clients)
        assert (done.returncode, "is an input file" in done.stderr) == (2, True)


def test_the_worst_exit_code() -> None:
    assert [worst(codes) for codes in ([0, 0], [0, 3], [3, 1], [1, 2, 3], [])] == [0, 3, 1, 2, 0]


def test_a_bare_domain_is_audited_as_a_sender(clients: Path) -> None:
    done = mailaudit("check", "acme.example", "--zone", "acme.zone", "-f", "json", cwd=clients)
    told = json.loads(done.stdout)
    assert told["campaign"]["from_domain"] == "acme.example"
    families = {result["family"] for result in told["results"] if result["outcome"] in {"passed", "failed"}}
    assert families <= {"sender", "gate"}
    assert "mailaudit init --from you@acme.example" in told["gate"]["notes"][0]
    assert mailaudit("check", "acme..example", cwd=clients).returncode == 2


def test_what_is_told_beside_a_bare_domain_counts(clients: Path) -> None:
    told = ("--set", "sending.ips=[203.0.113.9]", "--zone", "acme.zone")
    done = mailaudit("check", "acme.example", *told, cwd=clients)
    assert done.returncode == 1
    assert "Let 203.0.113.9 send" in done.stdout
    assert "There is no campaign file of acme.example" in " ".join(done.stdout.split())
    (clients / "people.csv").write_text("email\nnobody\n", encoding="utf-8")
    listed = mailaudit(
        "check", "acme.example", "--recipients", "people.csv", "--offline", "-f", "lines", cwd=clients
    )
    assert "address-invalid" in listed.stdout


def test_where_nothing_could_be_asked_nothing_is_called_ready(clients: Path) -> None:
    done = mailaudit("check", "acme.example", "--zone", "acme.zone", "--select", "ip-private", cwd=clients)
    assert done.stdout.startswith("? Nothing was checked")


def test_a_campaign_on_standard_input(clients: Path) -> None:
    text = "from: ACME <news@acme.example>\nsending: {ips: [203.0.113.9]}\n"
    done = mailaudit("check", "-", "--zone", "acme.zone", cwd=clients, stdin=text)
    assert done.returncode == 1
    assert "Let 203.0.113.9 send" in done.stdout
    assert mailaudit("check", "-", cwd=clients, stdin="x" * (2 << 20)).returncode == 2
    assert mailaudit("check", "-", "clients", cwd=clients, stdin=text).returncode == 2


class Rounds:
    """Gives one audit after the other; the last one for ever."""

    def __init__(self, *rounds: Audited | InputError) -> None:
        self.left = list(rounds)

    def __call__(self) -> Audited:
        one = self.left.pop(0)
        if isinstance(one, InputError):
            raise one
        return one


@pytest.fixture
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    times: list[float] = []
    monkeypatch.setattr("mailaudit.cli.auditing.watch.time.sleep", times.append)
    return times


FINE = Audited(0, (sample.document((sample.result(),)),), "fine\n")
WRONG = Audited(
    1, (sample.document((sample.result(outcome=Outcome.FAILED, findings=(sample.finding(),)),)),), "wrong\n"
)


def test_a_watch_tells_the_first_report_and_ends_with_the_first_change(
    slept: list[float], capsys: pytest.CaptureFixture[str]
) -> None:
    rounds = Rounds(FINE, FINE, FINE, WRONG)
    assert watch.watch(rounds, "1h", None, RenderOptions()) == 1
    assert slept == [3600.0] * 3
    out = capsys.readouterr().out
    assert out.startswith("fine\ncampaign.yml (2026-11-30 10:00 UTC)\n1 new, 0 fixed, 0 as before.")
    assert out.count("\n1 new") == 1


def test_what_cannot_be_used_for_a_round_is_compared_with_what_it_was(
    slept: list[float], capsys: pytest.CaptureFixture[str]
) -> None:
    rounds = Rounds(FINE, Audited(2, (), "nothing\n"), WRONG)
    assert watch.watch(rounds, "1h", None, RenderOptions()) == 1
    assert "1 new" in capsys.readouterr().out
    assert len(slept) == 2


def test_a_campaign_that_comes_up_later_is_a_change(
    slept: list[float], capsys: pytest.CaptureFixture[str]
) -> None:
    assert watch.watch(Rounds(Audited(2, (), "nothing\n"), WRONG), "1h", None, RenderOptions()) == 1
    assert "campaign.yml: Not ready: " in capsys.readouterr().out
    assert len(slept) == 1


def test_a_command_is_run_on_each_change_and_the_watch_goes_on(
    slept: list[float], tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    rounds = Rounds(FINE, WRONG, WRONG, InputError(), FINE)
    with pytest.raises(IndexError):
        watch.watch(rounds, "10min", f"tee -a {tmp_path / 'told'}", RenderOptions())
    told = (tmp_path / "told").read_text(encoding="utf-8")
    assert (told.count("1 new, 0 fixed"), told.count("0 new, 1 fixed")) == (1, 1)
    assert len(slept) == 5
    assert "1 new" in capfd.readouterr().err


def test_a_command_is_told_once_what_cannot_be_used(slept: list[float], tmp_path: Path) -> None:
    gone, lost = (
        refused("spring.yml is gone", todo="give it back"),
        Audited(2, (), "", unusable=("x.yml is bent",)),
    )
    with pytest.raises(IndexError):
        watch.watch(
            Rounds(FINE, gone, gone, FINE, lost, lost, FINE), "1h", f"tee -a {tmp_path / 'told'}", RenderOptions()
        )
    told = (tmp_path / "told").read_text(encoding="utf-8")
    assert (told.count("spring.yml is gone"), told.count("x.yml is bent"), "new" in told) == (1, 1, False)
    assert len(slept) == 7


def test_a_command_that_is_not_there_is_told(slept: list[float], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(IndexError):
        watch.watch(Rounds(FINE, WRONG), "1h", "no-such-program-here", RenderOptions())
    assert "--exec no-such-program-here" in capsys.readouterr().err
    assert slept


@pytest.mark.parametrize(("every", "command"), [("soon", None), ("0s", None), ("1h", "'open")])
def test_a_watch_that_makes_no_sense(every: str, command: str | None) -> None:
    with pytest.raises(InputError):
        watch.watch(Rounds(FINE), every, command, RenderOptions())


def test_a_command_without_a_watch_is_refused(clients: Path) -> None:
    done = mailaudit("check", "clients", "--exec", "true", cwd=clients)
    assert (done.returncode, "--watch" in done.stderr) == (2, True)
