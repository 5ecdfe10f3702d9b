"""A person of faces-2 under each nuisance, where faces-2 is chosen."""

import io

import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from centerviz.data.faces_2 import NUISANCES, nuisance_strip
from centerviz.web import face_strip


def script(spec: str) -> None:
    from centerviz.web.face_strip import strip

    strip(spec)


def shown(spec: str, **address: str) -> AppTest:
    at = AppTest.from_function(script, args=(spec,), default_timeout=30)
    for name, code in address.items():
        at.query_params[name] = code
    return at.run()


def test_every_nuisance_has_its_row():
    assert list(face_strip.LABELS) == list(NUISANCES)
    pictures, strips = face_strip._drawn(4, "identities=10,samples=5")
    assert list(strips) == list(NUISANCES)
    row = np.asarray(Image.open(io.BytesIO(strips["light"])))
    five = np.concatenate(list(nuisance_strip(4)["light"]), axis=1)
    np.testing.assert_array_equal(row[::2, ::2], five)
    assert Image.open(io.BytesIO(pictures)).size == (640, 128)


def test_person_comes_from_the_address_and_stays_among_the_persons():
    at = shown("faces-2:identities=10,samples=5", person="7")
    assert not at.exception
    assert at.number_input(key="face_person").value == 7
    assert at.number_input(key="face_person").max == 9
    at.number_input(key="face_person").set_value(3).run()
    assert at.query_params["person"] == "3"
    assert shown("faces-2:samples=4", person="9999").number_input[0].value == 499


@pytest.mark.parametrize("spec", ["digits", "faces-1", "faces-2:pose=2"])
def test_other_data_sets_and_wrong_ones_show_nothing(spec):
    at = shown(spec, person="3")
    assert not at.exception
    assert not at.number_input
