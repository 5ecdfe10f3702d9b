"""The flags of every command, and one plain sentence for whatever is wrong with them."""

import argparse
import difflib
import math
import re
from typing import get_args

from centerviz.language import N_, _
from centerviz.learning.config import TrainConfig
from centerviz.learning.presets import PRESETS
from centerviz.problem import Problem

COMMANDS = {
    "train": N_("Train a run, or an experiment of several; every setting is a flag."),
    "resume": N_("Take up a run, or an experiment, that was stopped or interrupted."),
    "stop": N_("Stop a run or an experiment, whoever trains it."),
    "runs": N_("List the runs."),
    "export": N_("Write the embedding or the weights of a run for other tools."),
    "measure": N_("Judge the embedding of a run or a file."),
    "project": N_("Draw a map of an embedding: a table with x, y and z."),
    "lesson": N_("Work a formula step by step, on your numbers."),
    "serve": N_("Start the app in the browser."),
}
PROGRAM = "python -m centerviz"
USAGE = {
    "train": "[--FIELD VALUE ...] [--preset NAME] [--parent RUN] [--runs DIR] [--json]\n"
    "           [--pair] [--seeds 0:5] [--sweep FIELD=VALUE,VALUE ...]",
    "resume": "RUN|EXPERIMENT [--runs DIR] [--json]",
    "stop": "RUN|EXPERIMENT [--runs DIR] [--json]",
    "runs": "[--runs DIR] [--json]",
    "export": "RUN --to parquet|csv|npz|projector|safetensors DIR [--runs DIR] [--json]",
    "measure": "SOURCE [--split NAME] [--json]\n"
    "           [--labels FILE] [--label-column NAME] [--array NAME] …",
    "project": "SOURCE --method pca|tsne|raw [--dims 2|3] [--seed N] [--perplexity P]\n"
    "           [--start MAP.parquet] [--fit-split NAME]\n"
    "           [--labels FILE] [--label-column NAME] [--array NAME] … --out FILE.parquet",
    "lesson": "NAME [--set x=2,3,5] [--lang en|zh] [--format md|html|ipynb|json]; lesson --list;\n"
    "           NAME --worksheet [--variants N] [--seed N] [--part all|sheets|key] [--out FILE]",
    "serve": "[--runs DIR] [--port N]",
}
SUPPRESS = argparse.SUPPRESS


def parsed(argv: list[str]) -> argparse.Namespace:
    """The command and its values. Raises Problem; `--help` prints and raises SystemExit."""
    if not argv or argv[0] in ("-h", "--help", "help"):
        print(overview())
        raise SystemExit(0)
    command, *rest = argv
    if command not in COMMANDS:
        raise Problem(
            "There is no command {given}; the commands are {commands}.",
            given=command[:80],
            commands=", ".join(COMMANDS),
        )
    parser = _PARSERS[command](_parser(command))
    values, unknown = parser.parse_known_intermixed_args(rest)  # a word after a flag, too
    if unknown:
        raise _unknown(parser, command, unknown)
    values.command = command
    return values


def overview() -> str:
    """What `--help` says without a command."""
    width = max(map(len, COMMANDS)) + 2
    lines = [f"  {name:<{width}}{_(words)}" for name, words in COMMANDS.items()]
    return "\n".join(
        [
            _("CenterViz: see, try and prove what center loss does to an embedding."),
            "",
            f"{PROGRAM} COMMAND …",
            "",
            *lines,
            "",
            _("{program} COMMAND --help tells more about one of them.", program=PROGRAM),
        ]
    )


def _parser(command: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=f"{PROGRAM} {command}",
        usage=f"{PROGRAM} {command} {USAGE[command]}",
        description=_(COMMANDS[command]),
        allow_abbrev=False,
    )
    parser.error = lambda message: _refuse(command, message)
    return parser


def _refuse(command: str, message: str) -> None:
    """argparse's own complaints, reworded."""
    flag = re.search(r"argument (?:-\w/)?(--[\w-]+)", message)
    if flag and "expected" in message:
        raise Problem("{flag} needs a value after it.", flag=flag[1])
    if flag and "ignored explicit argument" in message:
        raise Problem("{flag} takes no value.", flag=flag[1])
    raise Problem(
        "These arguments of {command} cannot be understood: {message}.",
        command=command,
        message=message,
    )


def _unknown(parser: argparse.ArgumentParser, command: str, unknown: list[str]) -> Problem:
    """The sentence for a flag or a word that nobody asked for."""
    given = unknown[0].partition("=")[0][:80]
    if not given.startswith("-"):
        return Problem(
            "{command} does not know what to do with {given}; leave it out.",
            command=command,
            given=given,
        )
    known = [flag for action in parser._actions for flag in action.option_strings]
    close = difflib.get_close_matches(given, known, n=1)
    if close:
        return Problem(
            "There is no flag {given} for {command}; did you mean {close}?",
            given=given,
            command=command,
            close=close[0],
        )
    return Problem(
        "There is no flag {given} for {command}; {command} --help lists the flags.",
        given=given,
        command=command,
    )


def needed(value: str | None, command: str, what: str, example: str) -> str:
    """A value that the command cannot do without."""
    if value is None:
        raise Problem(
            "{command} needs {what}, as in: {program} {command} {example}.",
            command=command,
            what=what,
            program=PROGRAM,
            example=example,
        )
    return value


def chosen(flag: str, value: str, allowed: tuple[str, ...]) -> str:
    """One of the allowed words."""
    if value not in allowed:
        raise Problem(
            "{flag} was given as {given}; it must be one of: {choices}.",
            flag=flag,
            given=value[:80],
            choices=", ".join(allowed),
        )
    return value


def number(flag: str, value: str, low: int, high: int, whole: bool = True) -> int | float:
    """A number in low…high."""
    try:
        found = int(value) if whole else float(value)
    except ValueError:
        found = math.nan
    if not low <= found <= high:
        raise Problem(
            N_("{flag} was given as {given}; it must be a whole number from {low} to {high}.")
            if whole
            else N_("{flag} was given as {given}; it must be a number from {low} to {high}."),
            flag=flag,
            given=value[:80],
            low=low,
            high=high,
        )
    return found


def _flag(parser, name: str, words: str, metavar: str, **more) -> None:
    parser.add_argument(f"--{name}", help=words.replace("%", "%%"), metavar=metavar, **more)


def _common(parser, runs: bool = True, json: bool = True) -> argparse.ArgumentParser:
    if runs:
        _flag(parser, "runs", _("Where runs are kept (default: ./runs)."), "DIR")
    if json:
        parser.add_argument("--json", action="store_true", help=_("Print one JSON document."))
    return parser


def _train(parser) -> argparse.ArgumentParser:
    words = _(
        "Settings to start from, which other flags change: {names}.", names=", ".join(PRESETS)
    )
    _flag(parser, "preset", words, "NAME")
    words = _("A finished run: begin with its weights instead of random ones.")
    _flag(parser, "parent", words, "RUN")
    several = parser.add_argument_group(_("Several runs: an experiment"))
    words = _("Beside every run the same one without center loss, λ = 0.")
    several.add_argument("--pair", action="store_true", help=words)
    _flag(several, "seeds", _("A run for each: a:b for a to b−1, or 0,3,7."), "A:B")
    words = _("A run for each value of a setting; may be given for several settings.")
    _flag(several, "sweep", words, "FIELD=VALUE,VALUE", action="append")
    _common(parser)
    groups = {}
    for name, field in TrainConfig.model_fields.items():
        extra = field.json_schema_extra
        if extra["group"] not in groups:
            groups[extra["group"]] = parser.add_argument_group(_(extra["group"]))
        group = groups[extra["group"]]
        flag, optional = name.replace("_", "-"), {}
        if field.annotation is bool:
            optional = {"nargs": "?", "const": "true"}
        default = str(field.default).lower() if field.annotation is bool else field.default
        words = f"{_(field.description)} [{default}]"
        _flag(group, flag, words, _metavar(name, field), dest=name, default=SUPPRESS, **optional)
    return parser


def _metavar(name: str, field) -> str:
    """What may stand after a flag: its words, its unit, or the kind of value."""
    choices = [choice for choice in get_args(field.annotation) if isinstance(choice, str)]
    if choices:
        return "|".join(choices)
    if field.annotation is bool:
        return "true|false"
    return field.json_schema_extra["unit"].upper() or {int: "N", float: "NUMBER"}.get(
        field.annotation, name.upper()
    )


def settings(values: argparse.Namespace) -> dict[str, str]:
    """The TrainConfig fields that were given."""
    return {name: value for name, value in vars(values).items() if name in TrainConfig.model_fields}


def _known_runs(parser) -> argparse.ArgumentParser:
    words = _("A run's name or directory, or an experiment's name.")
    parser.add_argument("run", metavar="RUN", nargs="?", help=words)
    return _common(parser)


def _export(parser) -> argparse.ArgumentParser:
    parser.add_argument("run", metavar="RUN", nargs="?", help=_("A run's name or directory."))
    parser.add_argument("folder", metavar="DIR", nargs="?", help=_("The folder to write into."))
    _flag(parser, "to", _("The form of the files."), "parquet|csv|npz|projector|safetensors")
    return _common(parser)


def _runs(parser) -> argparse.ArgumentParser:
    return _common(parser)


def _source(parser) -> argparse.ArgumentParser:
    words = _(
        "A run directory, or a file, folder or zip of vectors: csv, tsv, npy, npz, Parquet, "
        "safetensors, word2vec, svmlight, TensorBoard projector, a file for each vector."
    )
    parser.add_argument("source", metavar="SOURCE", nargs="?", help=words)
    group = parser.add_argument_group(_("Where a file could be read in another way"))
    _flag(group, "labels", _("A file with one label per row."), "FILE")
    _flag(group, "label-column", _("The column that holds the labels, or none."), "NAME")
    _flag(group, "id-column", _("The column that names the rows, or none."), "NAME")
    _flag(group, "array", _("The array, of several, that holds the features."), "NAME")
    _flag(group, "beside", _("Columns of numbers that are no features."), "NAME,NAME")
    _flag(group, "header", _("Does the first line of a text name the columns?"), "yes|no")
    _flag(
        group,
        "delimiter",
        _("What stands between the columns of a text."),
        "comma|tab|semicolon|space",
    )
    return parser


def _measure(parser) -> argparse.ArgumentParser:
    _flag(_source(parser), "split", _("The split that is judged."), "NAME")
    return _common(parser, runs=False)


def _project(parser) -> argparse.ArgumentParser:
    _source(parser)
    _flag(parser, "method", _("How the map is made."), "pca|tsne|raw")
    _flag(parser, "dims", _("2 or 3 dimensions (default: 2)."), "2|3", default="2")
    _flag(parser, "seed", _("Decides the random part of t-SNE (default: 0)."), "N", default="0")
    _flag(parser, "perplexity", _("Neighbours that t-SNE looks at (default: 30)."), "P")
    _flag(parser, "start", _("A map whose places t-SNE begins from, by id."), "MAP.parquet")
    _flag(
        parser,
        "fit-split",
        _("Draw the map of this split and place the other rows into it (default: all rows)."),
        "NAME",
    )
    _flag(parser, "out", _("The parquet file to write."), "FILE.parquet")
    return parser


def _lesson(parser) -> argparse.ArgumentParser:
    parser.add_argument("name", metavar="NAME", nargs="?", help=_("The lesson."))
    parser.add_argument("--list", action="store_true", help=_("Print the lessons, one per line."))
    _flag(parser, "set", _("Your own numbers, as in x=2,3,5."), "NAME=VALUE", action="append")
    _flag(parser, "lang", _("The language (default: en)."), "en|zh", default="en")
    _flag(parser, "format", _("The form (default: md; of sheets: html)."), "md|html|ipynb|json")
    _flag(parser, "out", _("The file to write; without it the text is printed."), "FILE")
    text = _("Sheets with other numbers for every student, and the key to them.")
    parser.add_argument("--worksheet", action="store_true", help=text)
    _flag(parser, "variants", _("How many sheets (default: 30)."), "N")
    _flag(parser, "seed", _("The seed of the sheets' numbers (default: 0)."), "N")
    _flag(parser, "part", _("What of them to write (default: all)."), "all|sheets|key")
    return parser


def _serve(parser) -> argparse.ArgumentParser:
    _flag(parser, "port", _("The port on this machine (default: 8501)."), "N")
    return _common(parser, json=False)


_PARSERS = {
    "train": _train,
    "resume": _known_runs,
    "stop": _known_runs,
    "runs": _runs,
    "export": _export,
    "measure": _measure,
    "project": _project,
    "lesson": _lesson,
    "serve": _serve,
}
