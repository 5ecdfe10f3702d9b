"""The rules of the house that a reader of one file would not notice broken.

Each rule is a function from a module's name and source to complaints; it is first shown to
complain about a small bad string, then held against every file.
"""

import ast
import re
import subprocess
import sys
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
# A module imports from its own room and from rooms to its left, never from its right.
ROOMS = ("problem", "language", "data", "embedding", "learning", "runs", "figures", "lessons")
ROOMS += ("web", "pages", "cli", "__main__", "app")
BESIDE = {"pages": "cli", "cli": "pages"}
TORCH = {"torch", "torchvision", "pytorch_metric_learning"}
TORCH_FREE = {"centerviz.learning"}
TORCH_FREE |= {
    f"centerviz.learning.{x}" for x in ("config", "epoch", "formulas", "plan", "presets")
}
KERNELS = {"centerviz.embedding.kernels"}  # load torch when they find a GPU
OWN = {"centerviz", "pages", "tests", "scripts", "app", "sample_data", "benchmarks"}
CHINESE = re.compile(r"[\u3400-\u9fff]")
MACHINE_PATH = re.compile(rb"(?<![\w.~/-])/(?:home|Users|root|work)/[\w.]|\b[A-Z]:\\Users\\")
PICKLING = {"pickle", "cloudpickle", "dill", "shelve", "marshal"}
SEEDED = {"default_rng", "Generator", "SeedSequence", "PCG64", "BitGenerator"}
NOT_IMPORTED = {  # pinned, and used otherwise than by an import
    "beartype": "checks shapes where pytest is told to, in pyproject.toml",
    "cryptography": "distributed makes the cluster's temporary TLS credentials with it",
    "pytest-playwright": "gives pytest its page fixture",
    "pytest-xdist": "make test uses both cores",
    "ruff": "make test runs it",
}


@cache
def tracked(*ends: str) -> list[Path]:
    """The files of the repository, new ones included, ignored ones not."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    names = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout.split(b"\0")
    paths = [ROOT / name.decode() for name in sorted(set(names)) if name]
    return [path for path in paths if path.is_file() and path.name.endswith(ends or ("",))]


def module_name(path: Path) -> str:
    """`centerviz/data/__init__.py` -> `centerviz.data`."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


@cache
def sources(*folders: str) -> list[tuple[str, str]]:
    """Name and source of every module under the folders, or of all."""
    return [
        (module_name(path), path.read_text(encoding="utf-8"))
        for path in tracked(".py")
        if not folders or path.relative_to(ROOT).parts[0] in folders
    ]


@cache
def imported(module: str, source: str) -> list[str]:
    """Every module that a source imports, wherever the statement stands."""
    names = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            package = module.split(".")[: -node.level] if node.level else []
            origin = ".".join([*package, *filter(None, [node.module])])
            names += [f"{origin}.{alias.name}" for alias in node.names]
        elif (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute | ast.Name)
            and getattr(node.func, "attr", getattr(node.func, "id", ""))
            in ("import_module", "__import__")
            and node.args
            and isinstance(node.args[0], ast.Constant)
        ):
            names.append(str(node.args[0].value))
    return names


def room(module: str) -> str | None:
    """Where in the house a module stands; None outside of it and for `centerviz` itself."""
    first, *rest = module.split(".")
    if first in ("pages", "app"):
        return first
    if first != "centerviz" or not rest:
        return None
    return "cli" if rest[0].startswith("cli") else rest[0]


def wrong_direction(module: str, source: str) -> list[str]:
    """Imports from a room to the right."""
    here = room(module)
    complaints = []
    for name in imported(module, source):
        there = room(name)
        if here is None or there is None or there not in ROOMS:
            continue
        if ROOMS.index(there) > ROOMS.index(here) or BESIDE.get(here) == there:
            complaints.append(f"{module} ({here}) imports {name}, which stands to its right")
    return complaints


def misplaced_library(module: str, source: str) -> list[str]:
    """torch, streamlit or plotly outside the rooms that may use them."""
    here = room(module)
    complaints = []
    for name in {name.split(".")[0] for name in imported(module, source)}:
        torch_is_fine = module in KERNELS or (here == "learning" and module not in TORCH_FREE)
        if (
            (name in TORCH and not torch_is_fine)
            or (name == "streamlit" and here not in ("web", "pages", "app"))
            or (name == "plotly" and here != "figures")
        ):
            complaints.append(f"{module} imports {name}")
    return complaints


def chinese(module: str, source: str) -> list[str]:
    """Chinese characters in code."""
    return [
        f"{module}:{number} holds Chinese text; it belongs in the catalog"
        for number, line in enumerate(source.splitlines(), 1)
        if CHINESE.search(line)
    ]


def hidden_chance(module: str, source: str) -> list[str]:
    """Random numbers that no seed of ours decides."""
    complaints = [
        f"{module} imports {name}; a Generator is an argument"
        for name in imported(module, source)
        if name.split(".")[0] == "random"
    ]
    used = [name for name in imported(module, source) if name.startswith("numpy.random")]
    used += re.findall(r"\b(?:np|numpy)\.random\.\w+", source)
    return complaints + [
        f"{module} uses {name}; a Generator is an argument"
        for name in used
        if name.split(".")[-1] not in SEEDED
    ]


def unsafe_loading(module: str, source: str) -> list[str]:
    """Ways of reading a file that can run what it holds."""
    complaints = [
        f"{module} imports {name}"
        for name in imported(module, source)
        if name.split(".")[0] in PICKLING
    ]
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        call = ast.unparse(node.func)
        words = {word.arg: getattr(word.value, "value", None) for word in node.keywords}
        if call == "torch.load" and words.get("weights_only") is True:
            continue  # makes tensors and nothing else
        if call in ("torch.load", "torch.save", "joblib.load", "pd.read_pickle", "eval", "exec"):
            complaints.append(f"{module}:{node.lineno} calls {call}")
        for pair in (("allow_pickle", True), ("weights_only", False)):
            if pair in words.items():
                complaints.append(f"{module}:{node.lineno} says {pair[0]}={pair[1]}")
    return complaints


def machine_paths(name: str, content: bytes) -> list[str]:
    """Absolute paths of somebody's machine."""
    return [f"{name} names {match[0]!r}" for match in MACHINE_PATH.finditer(content)]


def pins(name: str) -> dict[str, str]:
    """Package -> version of a requirements file; anything but an exact pin fails."""
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    wanted = [line for line in lines if line and not line.startswith(("#", "-r "))]
    loose = [line for line in wanted if not re.fullmatch(r"[\w.-]+==[\w.]+", line)]
    assert not loose, f"{name} has requirements without an exact version: {loose}"
    return dict(line.split("==") for line in wanted)


def listed(complaints) -> str:
    """One complaint a line, for a failing test to show."""
    return "\n" + "\n".join(map(str, complaints))


def normal(package: str) -> str:
    return re.sub(r"[-_.]+", "-", package).lower()


_packages = cache(packages_distributions)


@cache
def packages_used(*folders: str) -> dict[str, str]:
    """Installed packages that the modules under the folders import -> one such module."""
    owners = _packages()
    found = {}
    for module, source in sources(*folders):
        for name in {name.split(".")[0] for name in imported(module, source)}:
            if name not in sys.stdlib_module_names and name not in OWN:
                for owner in owners.get(name, [name]):
                    found.setdefault(normal(owner), module)
    return found


BAD = [
    (wrong_direction, "centerviz.data.x", "from centerviz.runs.store import Run"),
    (wrong_direction, "centerviz.problem", "import centerviz.language"),
    (wrong_direction, "centerviz.cli", "def f():\n    import pages.home"),
    (wrong_direction, "pages.home", "from centerviz import cli"),
    (wrong_direction, "centerviz.runs.x", "from ..web import shell"),
    (wrong_direction, "centerviz.figures.x", "import_module('centerviz.lessons')"),
    (misplaced_library, "centerviz.runs.x", "def f():\n    import torch.nn"),
    (misplaced_library, "centerviz.learning.config", "from torch import nn"),
    (misplaced_library, "centerviz.lessons.x", "import streamlit as st"),
    (misplaced_library, "pages.home", "import plotly.express"),
    (misplaced_library, "centerviz.runs.x", "import importlib\nimportlib.import_module('torch')"),
    (chinese, "pages.home", "title = '训练'"),
    (chinese, "centerviz.language", "LANGUAGES = {'zh': '中文'}"),
    (hidden_chance, "centerviz.data.x", "import random"),
    (hidden_chance, "centerviz.data.x", "np.random.seed(0)"),
    (hidden_chance, "centerviz.data.x", "from numpy.random import rand"),
    (unsafe_loading, "centerviz.data.x", "import pickle"),
    (unsafe_loading, "centerviz.data.x", "np.load(path, allow_pickle=True)"),
    (unsafe_loading, "centerviz.learning.x", "torch.load(path)"),
    (unsafe_loading, "centerviz.learning.x", "torch.load(path, weights_only=False)"),
    (machine_paths, "a.json", b'{"path": "' + b"/" + b'home/ann/runs"}'),
    (machine_paths, "a.txt", b"C:" + b"\\Users\\ann"),
]
GOOD = [
    (wrong_direction, "centerviz.runs.x", "from centerviz.data.dataset import Dataset"),
    (wrong_direction, "centerviz.web.x", "from centerviz import language\nimport centerviz"),
    (misplaced_library, "centerviz.learning.loop", "import torch"),
    (misplaced_library, "centerviz.embedding.kernels", "def f():\n    import torch"),
    (misplaced_library, "app", "import streamlit as st"),
    (chinese, "centerviz.language", "LANGUAGES = ('en', 'zh')"),
    (hidden_chance, "centerviz.data.x", "np.random.default_rng(0)"),
    (unsafe_loading, "centerviz.data.x", "np.load(path, allow_pickle=False)"),
    (unsafe_loading, "centerviz.learning.x", "torch.load(path, weights_only=True)"),
    (machine_paths, "a.md", b"https://example.org/home/ann and ~/folder/x and web/home/x"),
]


@pytest.mark.parametrize(("rule", "name", "text"), BAD)
def test_rule_sees_what_is_wrong(rule, name, text):
    assert rule(name, text)


@pytest.mark.parametrize(("rule", "name", "text"), GOOD)
def test_rule_lets_pass_what_is_right(rule, name, text):
    assert not rule(name, text)


@pytest.mark.parametrize(
    ("rule", "folders"),
    [
        (wrong_direction, ()),
        (misplaced_library, ("centerviz", "pages", "app.py")),
        (chinese, ("centerviz", "pages", "app.py")),
        (hidden_chance, ()),
        (unsafe_loading, ("centerviz", "pages", "app.py", "sample_data", "benchmarks", "scripts")),
    ],
)
def test_every_module_keeps_the_rule(rule, folders):
    modules = sources(*folders)
    assert len(modules) > 5
    own = module_name(Path(__file__))  # the bad strings above stand in this file
    complaints = [c for name, text in modules if name != own for c in rule(name, text)]
    assert not complaints, listed(complaints)


def test_every_module_stands_in_a_room():
    rooms = {room(name) for name, _ in sources("centerviz", "pages", "app.py")} - {None}
    assert rooms <= set(ROOMS)


def test_no_file_names_a_path_of_somebodys_machine():
    files = tracked()
    assert len(files) > 20
    complaints = [c for path in files for c in machine_paths(path.name, path.read_bytes())]
    assert not complaints, listed(complaints)


def test_modules_stay_readable_in_one_sitting():
    long = {name: text.count("\n") for name, text in sources() if text.count("\n") >= 400}
    assert long == {}


def test_each_folder_says_what_is_in_it():
    missing = []
    for path in tracked("__init__.py"):
        words = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
        missing += [
            f"{module_name(path)} does not mention {module.stem}"
            for module in tracked(".py")
            if module.parent == path.parent
            and path.relative_to(ROOT).parts[0] == "centerviz"
            and not module.stem.startswith("__")
            and not re.search(rf"\b{module.stem}\b", words)
        ]
    assert not missing, listed(missing)


def test_the_app_imports_only_what_requirements_pin():
    pinned = {normal(package) for package in pins("requirements.txt")}
    used = packages_used("centerviz", "pages", "app.py", "sample_data")
    assert {name: where for name, where in used.items() if name not in pinned} == {}


def test_the_tests_import_only_what_requirements_pin():
    pinned = {normal(p) for name in ("", "-dev") for p in pins(f"requirements{name}.txt")}
    used = packages_used()
    assert {name: where for name, where in used.items() if name not in pinned} == {}


def test_every_pin_is_used():
    used = set(packages_used()) | set(NOT_IMPORTED)
    pinned = {**pins("requirements.txt"), **pins("requirements-dev.txt")}
    assert [package for package in pinned if normal(package) not in used] == []


@pytest.mark.slow
def test_nothing_but_learning_loads_torch():
    """In a fresh process: every other module can be imported without it, pages' helpers too."""
    modules = [
        name
        for name, _ in sources("centerviz")
        if (room(name) != "learning" or name in TORCH_FREE)
        and name not in ("centerviz.web.shell", "centerviz.__main__")
    ]
    modules.sort(key=lambda name: room(name) == "web")
    first_web = next((i for i, name in enumerate(modules) if room(name) == "web"), len(modules))
    program = f"""
import importlib, sys
for number, name in enumerate({modules!r}):
    importlib.import_module(name)
    assert "torch" not in sys.modules, f"{{name}} loads torch"
    assert number >= {first_web} or "streamlit" not in sys.modules, f"{{name}} loads streamlit"
"""
    result = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True
    )
    assert result.returncode == 0, result.stderr
