"""The networks beside the authors' file."""

import pytest
import torch

from centerviz.learning.models import Network, Pool, network
from tests.devices import on_each_device


def test_lenets_is_that_of_the_authors_file():
    told = []
    for layer in network("lenets++", (28, 28, 1), 2).body:
        if isinstance(layer, torch.nn.Conv2d):
            assert (layer.kernel_size, layer.padding) == ((5, 5), (2, 2))
            told.append(layer.out_channels)
        elif isinstance(layer, torch.nn.MaxPool2d):
            told.append((layer.kernel_size, layer.stride))
        elif isinstance(layer, torch.nn.Linear):
            told.append((layer.in_features, layer.out_features))
        else:
            told.append(type(layer).__name__)
    stages = [[wide, "PReLU", wide, "PReLU"] for wide in (32, 64, 128)]
    end = [(3, 2), "Flatten", (128 * 3 * 3, 2), "PReLU"]
    assert told == [*stages[0], "Pool", *stages[1], "Pool", *stages[2], *end]


def test_pixels_are_scaled_as_the_authors_do():
    pixels = torch.tensor([0, 255], dtype=torch.uint8).reshape(2, 1, 1, 1)
    seen = Network(torch.nn.Flatten(), (1, 1, 1))(pixels)
    assert seen.flatten().tolist() == [-127.5 / 128, 127.5 / 128]


@on_each_device
@pytest.mark.parametrize("shape", [(2, 3, 8, 8), (2, 1, 9, 7), (1, 2, 2, 3)])
def test_pooling_that_only_looks_gives_what_pooling_that_learns_gives(shape, device):
    images = torch.randn(shape, generator=torch.Generator().manual_seed(0)).to(device)
    images[0, 0, 0, 0] = torch.nan
    learning = Pool()(images)
    with torch.no_grad():
        torch.testing.assert_close(Pool()(images), learning, rtol=0, atol=0, equal_nan=True)
    assert torch.equal(learning[-1, -1, 0, 0], images[-1, -1, :2, :2].max())
