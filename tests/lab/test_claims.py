"""No verdict is written down: every claim is ruled by runs, and opposite runs give the opposite verdict."""

import json

import pytest

from lstmviz.cli import main
from lstmviz.files import BadInput
from lstmviz.lab.claim_checks import QUICK
from lstmviz.lab.claim_rulings import FALSE, HOLDS, HOLDS_IF, NOT_REPRODUCED, NOT_TESTED, VERDICTS
from lstmviz.lab.claims import (
    CHECKS,
    CLAIMS,
    TOPICS,
    decided,
    experiment_of,
    find,
    finding_of,
    jobs_of,
    kept,
    run_claim,
)
from lstmviz.lab.experiment import EXPERIMENTS
from lstmviz.lab.papers.parts import Run, judged

INSTANT = [claim for claim in CLAIMS if claim.experiment in {check.name for check in QUICK}]


class Everything(dict):
    """Figures of a made-up run: whatever is asked for has this value."""

    def __init__(self, value, solved):
        super().__init__(solved=solved)
        self.value = value

    def __missing__(self, key):
        return self.value

    def get(self, key, otherwise=None):
        return self.value if key != "solved" else self["solved"]


def made_up(claim, value_of, solved_of, seeds=5):
    """A finding in which each row has one value for all its figures, and is solved or not."""
    rows = experiment_of(claim).rows
    runs = [
        Run(row.name, seed, Everything(value_of(index), solved_of(index)))
        for index, row in enumerate(rows)
        for seed in range(seeds)
    ]
    return judged(experiment_of(claim), runs)


def verdicts(claim):
    """What a claim is ruled over many made-up findings: all rows high or low, rising or falling, solved or not."""
    values = [lambda n, v=v: v for v in (-400.0, -5.0, 0.0, 0.05, 0.5, 0.93, 1.0, 5.0, 1e4)]
    values += [
        lambda n: 0.9**n,
        lambda n: float(10 * n),
        lambda n: float(-10 * n),
        lambda n: 0.99**n,
        lambda n: 1 - 0.99**n,
    ]
    outcomes = [lambda n, k=k: n > k for k in range(-1, 13)] + [lambda n, k=k: n <= k for k in range(-1, 13)]
    return {claim.decide(made_up(claim, value, solved)).verdict for value in values for solved in outcomes}


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: str(claim.number))
def test_opposite_findings_give_opposite_verdicts(claim):
    found = verdicts(claim)
    assert found <= set(VERDICTS)
    assert HOLDS in found, found
    assert {FALSE, NOT_REPRODUCED} & found, found


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: str(claim.number))
def test_a_claim_without_runs_is_not_tested_yet(claim):
    assert claim.decide(None).verdict == NOT_TESTED
    assert claim.decide(judged(experiment_of(claim), [])).verdict == NOT_TESTED


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: str(claim.number))
def test_a_claim_names_an_experiment_and_rows_that_there_are(claim):
    assert claim.experiment in EXPERIMENTS or claim.experiment in CHECKS
    assert set(claim.rows) <= {row.name for row in experiment_of(claim).rows}
    assert claim.topic in TOPICS and claim.words.endswith(".")
    assert find(claim.number) is claim


def test_no_check_has_the_name_of_a_published_experiment():
    assert not CHECKS.keys() & EXPERIMENTS.keys()


# What plain arithmetic says; an engine that computed otherwise would be wrong.
ARITHMETIC = {
    "In a vanilla RNN, what it has read always fades.": HOLDS_IF,
    "The larger the value of the forget gate, the more is forgotten.": FALSE,
    "The cell state is carried along linearly.": HOLDS_IF,
    "The cell state holds something of this timestep and of those before.": HOLDS,
    "The output gate only decides what the next layer gets to see.": FALSE,
    "For longer sequences, an LSTM needs more weights.": FALSE,
    "An LSTM has more to compute than a vanilla RNN of as many units.": HOLDS,
    "The gradient of an LSTM does not vanish.": HOLDS_IF,
    "With the usual start, an LSTM keeps its gradient more even over the timesteps than a vanilla RNN.": HOLDS_IF,
}


@pytest.mark.parametrize("claim", INSTANT, ids=lambda claim: str(claim.number))
def test_quick_claims_are_ruled_as_arithmetic_says(claim):
    ruling = claim.decide(run_claim(claim, seeds=2))
    assert ruling.verdict == ARITHMETIC[claim.words]
    assert ruling.figure and "\n" not in ruling.figure


def test_what_is_kept_is_ruled_as_what_was_run():
    claim = INSTANT[0]
    finding = run_claim(claim)
    record = json.loads(json.dumps(decided(claim, finding, "yes")))
    again = claim.decide(finding_of(claim, record))
    assert again.verdict == claim.decide(finding).verdict == record["verdict"]
    assert record["vote"] == "yes" and record["claim"] == claim.number
    assert {
        "name",
        "source",
        "criterion",
        "budget",
        "seeds",
        "solved",
        "per_seed",
        "measured",
        "version",
    } <= record.keys()
    assert all(row["seeds"] for row in record["measured"].values())


def test_two_processes_find_what_one_finds():
    claim = next(claim for claim in INSTANT if claim.experiment == "cell-sources")
    found = [run_claim(claim, seeds=3, workers=workers).per_seed() for workers in (1, 2)]
    assert found[0] == found[1]


def test_the_headline_is_run_too_so_that_a_record_has_all_seeds():
    claim = next(claim for claim in CLAIMS if claim.experiment == "gradient-share" and len(claim.rows) == 1)
    rows = {index for _, index, _ in jobs_of(claim, 1)}
    experiment = experiment_of(claim)
    assert experiment.headline in {experiment.rows[index].name for index in rows}


@pytest.mark.parametrize("name", CHECKS)
def test_the_checks_that_come_with_the_program_have_all_their_runs(name):
    claims = [claim for claim in CLAIMS if claim.experiment == name]
    assert claims
    for claim in claims:
        finding = kept(claim)
        assert finding is not None and finding.seeds == CHECKS[name].seeds
        assert claim.decide(finding).verdict != NOT_TESTED


def test_the_list_shows_every_claim_with_its_verdict(capsys):
    assert main(["claim", "list"]) == 0
    out = capsys.readouterr().out
    assert all(f"{claim.number:>3}  {claim.words[:40]}" in out for claim in CLAIMS)
    assert all(topic.capitalize() in out for topic in TOPICS)


def test_a_claim_is_shown_with_its_experiment_and_rows(capsys):
    claim = INSTANT[0]
    assert main(["claim", "show", str(claim.number)]) == 0
    out = capsys.readouterr().out
    assert claim.words in out and claim.experiment in out and claim.rows[0] in out


def test_the_vote_comes_before_the_verdict_and_both_are_told(capsys, tmp_path):
    claim, path = INSTANT[0], tmp_path / "claim.json"
    assert main(["claim", "run", str(claim.number), "--vote", "yes", "--json", str(path)]) == 0
    out = capsys.readouterr().out
    assert out.index(claim.words) < out.index("it holds") < out.index("verdict") < out.index("figures")
    assert json.loads(path.read_bytes())["vote"] == "yes"


def test_where_nobody_sits_no_vote_is_asked(capsys, monkeypatch):
    assert main(["claim", "run", str(INSTANT[0].number)]) == 0
    assert "your vote" not in capsys.readouterr().out


@pytest.mark.parametrize("text", ["0", "999", "-1", "one", "", "1e3", "9" * 5000])
def test_a_number_that_is_no_claim_is_told_in_one_line(text, capsys):
    assert main(["claim", "show", "--", text]) == 2
    told = capsys.readouterr().err
    assert told.count("\n") == 1 and "there is no such claim (1 to" in told


def test_a_number_of_python_is_refused_too():
    with pytest.raises(BadInput, match="there is no such claim"):
        find(0)
