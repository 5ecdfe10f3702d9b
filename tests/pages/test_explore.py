"""Explore: a run over its epochs or anybody's file, the map, the classes and the samples."""

import io

import numpy as np
import pytest

from centerviz.data.embeddings import Embeddings
from centerviz.data.parquet import write_embeddings
from centerviz.runs import store
from centerviz.web import map_choice, subject


@pytest.fixture
def no_shipped(tmp_path, monkeypatch):
    monkeypatch.setattr(store, "SHIPPED", tmp_path / "nothing")


def said(at):
    kinds = (at.header, at.subheader, at.markdown, at.caption, at.error, at.info)
    return "\n".join(element.value for kind in kinds for element in kind)


def with_upload(at, name, content):
    at.segmented_control(key="explore_source").set_value("upload").run()
    at.file_uploader(key="explore_file").set_value((name, content, "")).run()
    return at


def fields(at):
    """What can be said about a file, by its name on the page."""
    return {box.label: box for box in at.selectbox if str(box.key).startswith("own_")}


def csv(rows=40):
    rng = np.random.default_rng(0)
    lines = [f"c{i % 2},{a},{b},{c}" for i, (a, b, c) in enumerate(rng.normal(size=(rows, 3)))]
    return ("label,a,b,c\n" + "\n".join(lines)).encode()


def test_the_address_says_which_run_epoch_and_sample(runs, open_page):
    sample = str(store.open_run("with", runs).rows().ids[7])
    at = open_page("explore", run="with", epoch="1", sample=sample)
    assert at.selectbox(key="explore_code").value == "run:with"
    assert "after epoch 1" in at.header[0].value
    assert sample.replace("-", "\\-") in said(at)
    assert "To its own class mean" in said(at)
    assert (at.query_params["epoch"], at.query_params["sample"]) == ("1", sample)


@pytest.mark.parametrize(
    "query",
    [
        {"epoch": "-3", "map": "../x", "dims": "9", "sample": "<b>"},
        {"ask": "pair", "pair": "9" * 5000 + ",1"},
        {"epoch": "nan", "perplexity": "1e9", "seed": "x", "map": "tsne"},
    ],
)
def test_nonsense_in_the_address_becomes_the_usual(runs, open_page, query):
    at = open_page("explore", run="with", **query)
    assert at.header and not at.error


def test_a_run_that_is_gone_is_named(runs, open_page):
    at = open_page("explore", run="gone")
    assert "gone, which is not here" in at.warning[0].value
    assert at.metric


def test_three_numbers_and_a_row_for_each_class(runs, open_page):
    at = open_page("explore", run="with")
    assert [metric.label for metric in at.metric] == ["Intra / inter", "Fisher ratio", "Accuracy"]
    table = at.dataframe[0].value
    assert table["class"].tolist() == [str(digit) for digit in range(10)]
    assert table["n"].sum() == 397


def test_unit_features_are_measured_as_such(runs, open_page):
    at = open_page("explore", run="with", map="sphere")
    assert "dimensions of z" in said(at)
    assert at.dataframe[0].value["max"].max() <= 2


def test_each_question_has_an_answer_and_stands_in_the_address(runs, open_page):
    at = open_page("explore", run="with", ask="distances", pair="3,8")
    assert "angles as seen from the origin" in said(at)
    asked = at.segmented_control(key="explore_ask")
    for code, words in (
        ("pair", "lie nearer to class 8"),
        ("odd", "Margin: distance to the nearest other class mean"),
        ("selection", "Nothing is selected"),
    ):
        asked = asked.set_value(code).run().segmented_control(key="explore_ask")
        assert words in said(at) and at.query_params["ask"] == code
    assert not at.exception


def test_numbers_of_unit_features_beside_a_map_of_raw_ones(runs, open_page):
    at = open_page("explore", run="with", space="unit")
    assert at.selectbox(key="explore_map").value == "raw"
    assert "dimensions of z" in said(at) and at.dataframe[0].value["max"].max() <= 2
    at.segmented_control(key="explore_space_raw").set_value("raw").run()
    assert "dimensions of x" in said(at) and "space" not in at.query_params


def test_a_pinned_sample_has_its_neighbours_beside_it(runs, open_page):
    rows = store.open_run("with", runs).rows()
    at = open_page("explore", run="with", sample=str(rows.ids[7]))
    near = at.dataframe[0].value
    x = store.open_run("with", runs).snapshot(2).features.astype(np.float64)
    away = np.linalg.norm(x - x[7], axis=1)
    expected = np.argsort(away, kind="stable")[1 : len(near) + 1]
    assert near["id"].tolist() == rows.ids[expected].tolist()
    np.testing.assert_allclose(near["number 0"], away[expected], rtol=1e-5)
    assert near["picture"].str.startswith("data:image/png").all()


def test_at_most_five_controls_stand_open(runs, open_page):
    at = open_page("explore", run="with")
    outside = [
        widget.key
        for kind in (at.selectbox, at.segmented_control, at.toggle, at.number_input)
        for widget in kind
        if widget.key not in ("lang", "lecture")
    ]
    under_more = {"explore_rings", "explore_perplexity", "explore_seed", "explore_export"}
    under_the_picture = {"explore_ask", "explore_space_raw"}
    assert len(set(outside) - under_more - under_the_picture) <= 4  # and More itself


def test_a_run_with_two_features_is_drawn_as_it_is(runs, open_page):
    at = open_page("explore", run="with")
    assert at.selectbox(key="explore_map").options[:2] == ["as it is, x", "unit features, z"]
    assert "nothing is left out" in said(at)


@pytest.mark.parametrize(
    ("dim", "normalize", "usual"),
    [(2, False, "raw"), (2, True, "sphere"), (3, True, "sphere"), (16, False, "pca")],
)
def test_the_usual_map_is_where_center_loss_works(dim, normalize, usual):
    assert map_choice.usual(dim, normalize) == usual
    assert usual in map_choice.choices(dim, 10)


def box(at):
    """The box that says what a file was taken for: its label, and whether it is open."""
    found = next(one for one in at.expander if "rows of" in one.label)
    return found.label, found.proto.expanded


def test_an_uploaded_table_is_read_and_drawn_and_its_reading_confirmed(runs, open_page):
    at = with_upload(open_page("explore"), "mine.csv", csv())
    assert "2 classes" in at.header[0].value
    assert box(at) == ("40 rows of 3 features, 2 classes, csv table", True)
    assert {name: one.value for name, one in fields(at).items()} == {
        "Labels": "column label",
        "Ids": "none",
        "First line": "yes",
        "Between columns": "comma",
    }
    assert list(at.dataframe[0].value) == ["id", "Class", "a", "b", "c"]
    next(one for one in at.button if one.label == "That is right").click().run()
    assert not box(at)[1] and len(at.dataframe[-1].value) == 2


def test_what_was_guessed_of_a_table_can_be_corrected(runs, open_page):
    rows = [f"{'pq'[i % 2]},{'xyz'[i % 3]},{i % 5},{i * 0.37},{i % 7 * 0.5}" for i in range(30)]
    at = with_upload(open_page("explore"), "t.csv", "\n".join(rows).encode())
    assert "several columns that could be the label" in at.warning[0].value
    assert len(at.dataframe[0].value) == 5  # to look at while choosing
    fields(at)["Labels"].set_value("column 2").run()
    assert box(at) == ("30 rows of 3 features, 3 classes, csv table", True)
    at.multiselect[0].set_value(["3"]).run()
    assert box(at)[0].startswith("30 rows of 2 features") and at.multiselect[0].value == ["3"]
    fields(at)["Labels"].set_value("file").run()
    assert "no labels" in box(at)[0]
    at.file_uploader[1].set_value(("labels.txt", b"a\nb\nc\nd\ne\n" * 6, "")).run()
    assert box(at)[0].startswith("30 rows of 2 features, 5 classes") and not at.exception


def test_what_is_odd_in_a_file_is_counted(runs, open_page):
    at = with_upload(open_page("explore"), "t.csv", csv() + b"\nc2,nan,1,2\nc3,0,0,0\nc3,0,0,0\n")
    assert "1 row with NaN or Inf was left out. 1 row is the same as one before" in said(at)
    assert "2 rows are all zeros" in said(at) and "1 row left out" in box(at)[0]


def test_an_upload_is_seen_in_its_own_session_only(runs, open_page):
    mine = with_upload(open_page("explore"), "mine.csv", csv())
    assert fields(mine)
    other = open_page("explore")
    other.segmented_control(key="explore_source").set_value("upload").run()
    assert not fields(other) and "Look at your own embedding" in said(other)


def test_a_file_without_labels_is_drawn_and_asks_for_them(runs, open_page):
    buffer = io.BytesIO()
    np.save(buffer, np.random.default_rng(0).normal(size=(30, 5)).astype(np.float32))
    at = with_upload(open_page("explore"), "plain.npy", buffer.getvalue())
    assert at.header[0].value == "30 samples in 5 dimensions"
    assert "no labels" in said(at) and not at.metric
    assert at.segmented_control(key="explore_ask").options == ["Selection"]


def test_a_file_that_can_be_read_in_two_ways_says_where_to_decide(runs, open_page):
    buffer = io.BytesIO()
    np.savez(buffer, one=np.eye(12)[:, :3], two=np.eye(12)[:, 3:7])
    at = with_upload(open_page("explore"), "two.npz", buffer.getvalue())
    assert "several arrays" in at.warning[0].value
    fields(at)["Vectors"].set_value("two").run()
    assert not at.error and at.header[0].value == "12 samples in 4 dimensions"


def test_a_link_to_a_run_leaves_the_upload(runs, open_page):
    at = with_upload(open_page("explore", run="with"), "mine.csv", csv())
    assert "run" not in at.query_params
    at.query_params["run"] = "with"
    at.run()
    assert at.segmented_control(key="explore_source").value == "run"
    assert at.selectbox(key="explore_code").value == "run:with"


def test_a_file_name_is_text_and_no_markup(runs, open_page):
    at = with_upload(open_page("explore"), "![x](http://a.b/c.png).csv", b"nothing\n")
    assert "![x](" not in at.error[0].value


def keep_pets(root, n, dim):
    """Lay an embedding of three classes beside the runs, as a saved model would."""
    rng, labels = np.random.default_rng(0), np.arange(n) % 3
    x = (rng.normal(size=(n, dim)) + labels[:, None] * 4).astype(np.float32)
    ids = np.array([f"i{k}" for k in range(n)])
    (root / subject.KEPT).mkdir()
    pets = Embeddings(x, labels, ("a", "b", "c"), ids)
    write_embeddings(root / subject.KEPT / "pets.parquet", pets)


def test_a_kept_embedding_opens_by_its_address(no_runs, no_shipped, open_page):
    keep_pets(no_runs, n=30, dim=2)
    at = open_page("explore", file="pets.parquet")
    assert "3 classes" in at.header[0].value
    assert at.query_params["file"] == "pets.parquet"


def test_without_any_run_the_page_says_what_to_do(no_runs, no_shipped, open_page):
    at = open_page("explore")
    assert "no embedding to look at yet" in said(at)
    assert at.page_link[0].value == "Train"


def test_a_queued_run_is_not_offered(queued, no_shipped, open_page):
    queued("waiting")
    assert subject.codes() == []


@pytest.mark.slow
def test_a_t_sne_map_comes_with_what_it_cannot_tell(no_runs, no_shipped, open_page):
    keep_pets(no_runs, n=60, dim=5)
    at = open_page("explore", file="pets.parquet", map="tsne")
    for _turn in range(200):
        if "perplexity" in "".join(caption.value for caption in at.caption):
            break
        at.run()
    words = said(at)
    assert "sizes of clusters and gaps between them mean nothing" in words
    assert "trustworthiness 0.9" in words and "times as wide as the tightest" in words
