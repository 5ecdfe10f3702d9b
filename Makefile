# make run   start the app at http://127.0.0.1:8501 (PORT=8600 for another port)
# make test  prove everything: lint, unit, doc, page and browser tests
# Both create .venv and install what they need once; a second time they install nothing.

PORT ?= 8501
PY := .venv/bin/python
# Empty: compiled files are kept, since the tests start many processes.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: run test soak bench catalog clean app-venv test-venv

run: app-venv
	@$(PY) -m centerviz serve --port $(PORT)

test: test-venv
	@$(PY) scripts/browser.py
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m pytest -q -n logical --maxprocesses 4 --dist worksteal --durations=10 \
		-m "not soak and not browser"
	$(PY) -m pytest -q --durations=5 tests/browser

# The long counts (mutated files, kills) that `make test` runs in small.
soak: test-venv
	$(PY) -m pytest -q -m soak

# Every claim of speed, ours beside the usual way, in one table.
bench: test-venv
	@$(PY) -m benchmarks

# The sentences of the sources into centerviz/locale: extract, merge, compile.
catalog: test-venv
	@$(PY) -m babel.messages.frontend -q extract -F pyproject.toml --no-location --sort-output --no-wrap \
		--project CenterViz -o .venv/centerviz.pot centerviz pages
	@$(PY) -m babel.messages.frontend -q update -i .venv/centerviz.pot -d centerviz/locale \
		-D centerviz -l zh --init-missing --no-fuzzy-matching --ignore-obsolete \
		--ignore-pot-creation-date --no-wrap
	@$(PY) -m babel.messages.frontend compile -d centerviz/locale -D centerviz --statistics

# Back to a fresh clone, but your runs stay.
clean:
	rm -rf .venv .ruff_cache .hypothesis .pytest_cache test-results
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

app-venv:
	@sh scripts/setup.sh requirements.txt

test-venv:
	@sh scripts/setup.sh requirements-dev.txt
