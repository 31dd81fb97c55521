# Every command of the project. Each sets itself up in .venv/ the first time and takes seconds the next.
# `make help` lists them; `make PYTHON=python3.13 book` chooses another Python for a new .venv/.

PYTHON ?= python3
PORT ?= 8000
SHARE ?= 0.05
VENV := .venv
BIN := $(VENV)/bin
SITE := _build/html
READY := $(VENV)/.book $(VENV)/.test
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export JUPYTER_PLATFORM_DIRS := 1
MAKEFLAGS += --no-print-directory

sources = $(shell find $(wildcard $(1)) /dev/null -type f -not -path '*/__pycache__/*' -not -path '*/static/*' \
	-not -path '*/node_modules/*' -not -path '*/.*' 2>/dev/null | LC_ALL=C sort)
PACKAGE := $(call sources,gdlib)
FRONTEND := $(call sources,frontend hatch_build.py gdlib/palette.json gdlib/descent/endings.py gdlib/landscapes/flatness.py gdlib/plotting/search_window.py)
PAGES := $(call sources,_config.yml _toc.yml index.md references.bib chapters assets)
CHECKED := $(wildcard gdlib tests benchmarks)
# uv is several times as fast; pip alone reads what a machine's pip.conf says of indexes.
install = $(BIN)/uv pip install --quiet --python $(BIN)/python $(1) || $(BIN)/pip install --progress-bar=off --quiet $(1)
say = @printf '\n\033[1m== %s\033[0m\n' "$(1)"

.PHONY: help book test serve notebooks colab bench mutants lint types unit torch fast nbval site cells pyodide binder frontend oldest newest requirements clean
.DELETE_ON_ERROR:

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-13s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

book: $(SITE)/.built ## build the site into _build/html, warnings as errors
	@echo "The book: file://$(CURDIR)/$(SITE)/index.html"

test: ## prove everything: lint types unit fast frontend nbval book site binder
	@$(MAKE) lint types unit fast frontend nbval book site binder
	$(call say,everything passed)

serve: book ## show the site on http://127.0.0.1:8000 and rebuild it on save
	@echo "Serving http://127.0.0.1:$(PORT), rebuilding on save; Ctrl-C stops."
	@$(BIN)/python -m http.server --bind 127.0.0.1 --directory $(SITE) $(PORT) >/dev/null 2>&1 & \
	trap "kill $$!" EXIT INT TERM; \
	$(BIN)/watchfiles --ignore-paths gdlib/static "$(MAKE) book" \
		$(wildcard _config.yml _toc.yml index.md references.bib chapters assets gdlib frontend)

notebooks: $(VENV)/.book ## run the chapters and write their committed form
	$(BIN)/python -m gdlib.book.notebooks chapters

colab: $(VENV)/.book ## let the chapters install the package from this repository on GitHub, as Colab needs
	$(BIN)/python -m gdlib.book.colab chapters

bench: $(READY) ## time gdlib beside what a reader would use instead; more rows with the extras: pip install -e .[bench,torch]
	$(BIN)/python -m benchmarks

mutants: $(VENV)/.fast ## spoil the code and want a red test; all of it: SHARE=1, some: MODULES="descent.generated_loops schedules"
	$(call say,mutants)
	PYTHONPATH=$(CURDIR)/$(VENV)/fast $(BIN)/python -m tests.mutants --share $(SHARE) $(MODULES)

lint: $(READY) ## ruff, over code and notebooks; Biome, over the front end
	$(call say,lint)
	$(BIN)/ruff check .
	$(BIN)/python frontend/make.py lint

types: $(READY) ## mypy, strict
	$(call say,types)
	$(BIN)/mypy $(CHECKED)

unit: $(READY) ## the package's tests
	$(call say,unit tests)
	$(BIN)/pytest tests --ignore=tests/browser --ignore=tests/binder --ignore=tests/cells --numprocesses=2 --quiet

torch: $(READY) ## add PyTorch to .venv: chapter 20 is then compared with it, and not only shown
	$(call say,PyTorch)
	$(call install,-e .[torch])

fast: $(VENV)/.fast ## the tests of machine code, with what gdlib[fast] asks for
	$(call say,machine code)
	PYTHONPATH=$(VENV)/fast $(BIN)/pytest tests/descent/test_machine_loops.py --numprocesses=2 --quiet -rs

nbval: $(READY) ## run every notebook and compare each output that is kept
	$(call say,notebooks)
	$(BIN)/pytest --nbval chapters --numprocesses=2 --dist=loadfile --quiet

site: $(VENV)/.browser $(VENV)/.pyodide $(SITE)/.built ## the built site's tests, in headless Chromium
	$(call say,site tests)
	PYODIDE=$(VENV)/pyodide $(BIN)/pytest tests/browser --numprocesses=2 --quiet

cells: $(VENV)/.browser $(VENV)/.pyodide $(SITE)/.built ## every cell and exercise of every chapter, run on its page
	$(call say,cells on the page)
	PYODIDE=$(VENV)/pyodide $(BIN)/pytest tests/cells --numprocesses=2 --quiet

pyodide: $(VENV)/.pyodide ## Python for browsers as files in .venv/pyodide, for tests or for a site that has it itself

binder: $(READY) ## Binder's recipe, followed in a clean environment
	$(call say,Binder)
	$(BIN)/pytest tests/binder --quiet

frontend: $(READY) ## the widgets' own checks: tsc and vitest
	$(call say,front end)
	$(BIN)/python frontend/make.py check

# Each in an environment of its own. Its Python is the first of these that is here, else that of .venv/.
# Where the newest versions are the pinned ones, on the same Python, `make test` has said all that `newest` would.
oldest: ## unit tests and some notebooks with the lowest versions that pyproject.toml allows
newest: ## unit tests and all notebooks with the newest versions
oldest: PYTHONS := python3.11
oldest: RESOLUTION := lowest-direct
newest: PYTHONS := python3.14 python3.13 python3.12
newest: RESOLUTION := highest
# Five chapters meet all libraries: 01 NumPy, SymPy, Matplotlib and anywidget, as every chapter does, 07 ipywidgets,
# 10 SciPy and mpmath, 13 IPython's displays, 16 scikit-learn; joblib and tqdm are in the unit tests. That is enough
# for the lowest versions, whose digits are known; the newest may change any.
oldest: NOTEBOOKS := $(foreach chapter,01 07 10 13 16,$(wildcard chapters/$(chapter)-*.ipynb))
newest: NOTEBOOKS := chapters
oldest newest: $(READY)
	$(call say,the $@ versions)
	@for python in $(PYTHONS) $(BIN)/python; do "$$python" -c "" 2>/dev/null && break; done; \
	"$$python" -m venv --without-pip --clear $(VENV)/$@ && $(VENV)/$@/bin/python --version
	@# What the package asks for itself; the chapters may ask for more.
	$(BIN)/uv pip compile --quiet --python $(VENV)/$@/bin/python --resolution $(RESOLUTION) --no-deps --no-annotate \
		--no-header --output-file $(VENV)/$@/alone.txt pyproject.toml
	@if [ "$$($(VENV)/$@/bin/python --version)" = "$$($(BIN)/python --version)" ] \
		&& ! grep -vxFf tests/requirements.txt $(VENV)/$@/alone.txt; \
	then echo "these are the pinned ones: make test has run with them"; else $(MAKE) $(VENV)/$@/tested RESOLUTION=$(RESOLUTION) NOTEBOOKS="$(NOTEBOOKS)"; fi

$(VENV)/oldest/tested $(VENV)/newest/tested: $(VENV)/%/tested:
	$(BIN)/uv pip install --quiet --python $(VENV)/$*/bin/python --resolution $(RESOLUTION) \
		--requirement pyproject.toml --extra book --extra test
	$(BIN)/uv pip install --quiet --python $(VENV)/$*/bin/python --no-deps --editable .
	$(VENV)/$*/bin/python -m pytest --nbval $(NOTEBOOKS) --numprocesses=2 --dist=loadfile --quiet
	$(BIN)/uv pip install --quiet --python $(VENV)/$*/bin/python --no-deps --requirement $(VENV)/$*/alone.txt
	$(VENV)/$*/bin/python -m pytest tests --ignore=tests/browser --ignore=tests/binder --ignore=tests/cells -m "not long" \
		--numprocesses=2 --quiet

requirements: $(READY) ## pin again what pyproject.toml asks for
	$(BIN)/uv pip compile $(PIN) --extra book --extra test --output-file tests/requirements.txt pyproject.toml
	$(BIN)/uv pip compile $(PIN) --extra book --constraint tests/requirements.txt \
		--output-file requirements.txt pyproject.toml
	@printf '%s\n' '-e .' >> requirements.txt
	$(BIN)/uv pip compile $(PIN) --extra fast --constraint tests/requirements.txt pyproject.toml \
		| grep -E '^(#|numba|llvmlite|platformdirs)' > tests/fast.txt

clean: ## remove what the build made; .venv/ stays
	rm -rf _build dist mutants .mypy_cache .ruff_cache .pytest_cache gdlib/static frontend/node_modules

# --- how each is set up -------------------------------------------------------------------------

# One file for every platform and for Python 3.11 and later; no index or path of the machine that ran it.
PIN := --quiet --upgrade --universal --python-version 3.11 --fork-strategy fewest --no-annotate \
	--no-emit-index-url --no-emit-find-links --custom-compile-command "make requirements"

$(VENV)/.created:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and \
		"This book needs Python 3.11 or later, and $(PYTHON) is " + sys.version.split()[0] \
		+ ". Name another: make PYTHON=python3.12 book")'
	$(call say,a virtual environment in $(VENV)/)
	$(PYTHON) -m venv $(VENV)
	@touch $@

# The pins first, then the package alone: an edit to the front end does not look at the pins again.
$(VENV)/.pins: $(VENV)/.created requirements.txt
	$(call say,the book's requirements: a minute or two the first time)
	@grep -v '^-e' requirements.txt > $(VENV)/pins.txt
	$(BIN)/pip install --progress-bar=off --quiet "$$(grep '^uv==' tests/requirements.txt)"
	$(call install,-r $(VENV)/pins.txt)
	@touch $@

$(VENV)/.book: $(VENV)/.pins pyproject.toml $(FRONTEND)
	$(call say,the package)
	$(BIN)/pip install --quiet --no-deps -e .
	@touch $@

$(VENV)/.test: $(VENV)/.pins tests/requirements.txt
	$(call say,the tests' requirements)
	$(call install,-r tests/requirements.txt)
	@touch $@

# Beside the environment, not in it: all else is tested as a reader without the extra has it.
$(VENV)/.fast: $(READY) tests/fast.txt
	$(BIN)/pip install --progress-bar=off --quiet --no-deps --upgrade --target $(VENV)/fast -r tests/fast.txt
	@touch $@

# Debian's Chromium where there is one, else Playwright's own.
$(VENV)/.browser: $(READY)
	@command -v chromium >/dev/null || $(BIN)/playwright install chromium
	@touch $@

# Sphinx and its execution cache see neither an edit to the package, nor a page that is gone, nor another
# repository for the launch buttons: a new checksum of these starts afresh.
KEY := $(shell (cat $(PACKAGE) $(FRONTEND) requirements.txt; echo $(PAGES); git remote get-url origin) \
	2>/dev/null | cksum | cut -d ' ' -f 1)
STALE := _build/package-* _build/.doctrees _build/.jupyter_cache _build/jupyter_execute
_build/package-$(KEY):
	@rm -rf $(SITE) $(STALE) && mkdir -p _build && touch $@

# For code that runs on the page: the package itself, and what Pyodide has not of what it asks for.
WHEELS := _build/wheels
ASKED := anywidget|comm|ipywidgets|jupyterlab-widgets|latex2mathml|psygnal|tqdm
$(WHEELS)/.pinned: $(VENV)/.pins
	$(call say,wheels for the page)
	@rm -rf $(WHEELS) && mkdir -p $(WHEELS)
	@grep -E '^($(ASKED))==' requirements.txt > $(WHEELS)/.pins
	$(BIN)/pip download --progress-bar=off --quiet --no-deps --only-binary :all: --platform any --implementation py \
		--abi none --python-version 3.14 --dest $(WHEELS) -r $(WHEELS)/.pins
	@touch $@

$(WHEELS)/.made: $(VENV)/.book $(PACKAGE) $(WHEELS)/.pinned
	@rm -f $(WHEELS)/gdlib-*.whl
	$(BIN)/pip wheel --quiet --no-deps --wheel-dir $(WHEELS) .
	@touch $@

$(VENV)/.pyodide: tests/pyodide.py _config.yml requirements.txt | $(READY) $(WHEELS)/.made
	$(call say,Python for browsers)
	@rm -rf $(VENV)/pyodide
	$(BIN)/python -m tests.pyodide $(VENV)/pyodide
	@touch $@

$(SITE)/.built: $(VENV)/.book _build/package-$(KEY) $(WHEELS)/.made $(PAGES)
	$(call say,the book)
	@# A page that warned would be taken as done the next time: read all again, cells stay executed.
	$(BIN)/jupyter-book build . -nW --keep-going || { rm -rf _build/.doctrees; exit 1; }
	@touch $@
