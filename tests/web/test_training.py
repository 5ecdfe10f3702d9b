"""What Start plans, what a second click finds, and how long it still takes."""

import pytest

from centerviz.language import _, speaking
from centerviz.learning.config import _CONFLICTS, TrainConfig, _flags, checked
from centerviz.learning.plan import Plan
from centerviz.problem import Problem
from centerviz.runs import status
from centerviz.runs.files import write_json
from centerviz.runs.status import Status
from centerviz.runs.store import create_run
from centerviz.web.train_form import LABELS, by_labels, problem_field
from centerviz.web.training import same_wish, start, time_left, watched


def test_a_second_click_finds_what_the_first_began(tmp_path):
    plan = Plan(TrainConfig())
    under_way = [create_run(config, tmp_path) for config in plan.configs()]
    assert start(plan, under_way) == under_way
    assert len(list(tmp_path.iterdir())) == 2


def test_a_run_that_goes_on_from_other_weights_is_another_wish(tmp_path):
    first, other = (create_run(TrainConfig(), tmp_path) for _turn in range(2))
    write_json(other.path / "provenance.json", other.provenance() | {"parent": first.id})
    assert same_wish(TrainConfig(), first) and not same_wish(TrainConfig(), other)
    assert same_wish(TrainConfig(), other, parent=first)
    assert not same_wish(TrainConfig(), other, parent=other)


def test_what_was_auto_is_the_same_wish_when_it_is_filled_in(tmp_path):
    run = create_run(TrainConfig(), tmp_path)
    filled = {"model": "conv", "device": "cpu", "precision": "float32", "threads": 1}
    write_json(run.path / "config.json", TrainConfig(**filled).model_dump())
    assert same_wish(TrainConfig(), run)
    assert not same_wish(TrainConfig(device="cuda"), run)
    assert not same_wish(TrainConfig(seed=1), run)


def test_a_link_may_name_a_pair_and_what_is_gone_is_told(tmp_path, monkeypatch):
    monkeypatch.setenv("CENTERVIZ_RUNS", str(tmp_path))
    run = create_run(TrainConfig(), tmp_path)
    runs, problems = watched(f"{run.id},gone,{run.id},more")
    assert ([found.id for found in runs], len(problems)) == ([run.id], 1)
    assert watched("") == ([], [])


def test_time_left_is_known_only_while_something_is_known():
    assert time_left(Status("queued", epochs=3)) is None
    assert time_left(Status("running", epochs=3)) is None
    assert time_left(Status("running", epoch=1, epochs=3, seconds=5.0)) == pytest.approx(10.0)


@pytest.mark.parametrize("state", ["done", "damaged", "queued"])
def test_the_share_done_stays_between_none_and_all(state):
    assert 0 <= Status(state).share <= 1


@pytest.mark.parametrize(
    ("values", "field", "words"),
    [
        ({"dim": 0}, "dim", "“Dimensions, D” was given as 0"),
        ({"threads": "many"}, "threads", "“Threads” was given as many"),
        ({"warmup_epochs": 50}, "epochs", "lower “Warm-up of λ” or raise “Epochs”."),
        ({"center_start": "zeros"}, "center_rule", "set “How centers move” to fixed."),
        ({"base": "none", "center_weight": 0}, "center_weight", "or raise “Center weight, λ”."),
    ],
)
def test_a_problem_is_shown_at_the_setting_to_mend_and_names_it_by_its_label(values, field, words):
    with pytest.raises(Problem) as found:
        checked(values)
    assert problem_field(found.value) == field
    assert words in by_labels(found.value)


def test_the_chinese_form_names_settings_by_their_chinese_labels():
    with pytest.raises(Problem) as found:
        checked({"center_form": "article-dot"})
    with speaking("zh"):
        text = by_labels(found.value)
        assert f"“{_(LABELS['normalize'])}”" in text
    assert "normalize" not in text


def test_every_conflict_of_the_config_has_a_field():
    named = [Problem(sentence, **_flags(sentence)) for _wrong, sentence in _CONFLICTS]
    assert all(map(problem_field, named))
    assert problem_field(Problem("Something else is wrong.")) is None


def test_a_status_written_by_a_worker_is_what_the_page_reads(tmp_path):
    run = create_run(TrainConfig(epochs=4), tmp_path)
    status.write(run.path, Status("stopped", epoch=2, epochs=4))
    assert run.status.share == 0.5
