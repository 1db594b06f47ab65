# Everything a fresh machine needs: Python 3.11 or newer and make.
PYTHON ?= python3
VENV   ?= .venv
BIN     = $(VENV)/bin
OUT    ?= out

.PHONY: demo test verify lint format bench docs pin clean

# Runtime: the product alone. Hashes are checked; nothing else is installed.
$(VENV)/runtime.stamp: requirements/runtime.txt pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/runtime.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/build.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

$(VENV)/dev.stamp: $(VENV)/runtime.stamp requirements/dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	touch $@

$(VENV)/docs.stamp: $(VENV)/runtime.stamp requirements/docs.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/docs.txt
	touch $@

demo: $(VENV)/runtime.stamp
	$(BIN)/leitweg demo --out $(OUT)

lint: $(VENV)/dev.stamp
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(VENV)/dev.stamp
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

test: lint
	$(BIN)/pytest -n 2 -m "not verify"

verify: lint
	$(BIN)/pytest -n 2

bench: $(VENV)/dev.stamp
	$(BIN)/python -m benchmarks

docs: $(VENV)/docs.stamp
	$(BIN)/mkdocs build --strict

# Pins all requirements anew (needs uv); no address gets into the files.
PIN = uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate --no-header
pin:
	$(PIN) --upgrade pyproject.toml -o requirements/runtime.txt
	$(PIN) --upgrade pyproject.toml --extra dp -o requirements/dp.txt
	$(PIN) --upgrade pyproject.toml --group dev --extra dp -o requirements/dev.txt
	$(PIN) --upgrade pyproject.toml --group docs -o requirements/docs.txt
	echo "hatchling==1.33.0\neditables" | $(PIN) --upgrade - -o requirements/build.txt

clean:
	rm -rf $(VENV) $(OUT) site dist
