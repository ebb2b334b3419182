# Start with `make demo` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: demo test test-diffusers test-servers test-browser serve check format figure bench bench-page bench-server code-metrics accuracy content pages train train-networks clean

$(STAMP): pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "ImageToPrompt needs Python 3.11 or newer: run make PYTHON=python3.11")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev,postgres,web]'
	touch $@

demo: $(STAMP)  ## describe an example picture
	$(BIN)/imagetoprompt examples/photographer.jpg

test: $(STAMP)  ## run every test
	$(BIN)/python -m pytest

# Exactly this torch first: the newest may come with gigabytes of CUDA.
TORCH ?= torch==2.13.0
test-diffusers: $(STAMP)  ## run the tests that need torch, on tiny models made on the spot
	$(BIN)/python -m pip install --quiet --disable-pip-version-check '$(TORCH)'
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev,diffusers]'
	$(BIN)/python -m pytest tests/engines/diffusers

test-servers: $(STAMP)  ## run the tests that need a Ray cluster or a bucket, started on this machine
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev,postgres,ray,s3,web]'
	$(BIN)/python -m pytest tests/runners/test_ray_runner.py tests/web/db/test_blob_store.py

# Needs Chromium: with Debian's packages and root it is installed, else install it by hand.
CHROMIUM := $(shell command -v chromium)
test-browser: $(STAMP)  ## drive the page in a real browser
	$(if $(CHROMIUM),,apt-get update -qq && apt-get install -y -qq chromium)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev,postgres,web,browser]'
	$(BIN)/python -m pytest --force-enable-socket tests/browser

serve: $(STAMP)  ## the page on http://127.0.0.1:8000
	$(BIN)/imagetoprompt serve

check: $(STAMP)  ## format, lint, types, import contracts
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(STAMP)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

figure: $(STAMP)  ## draw the figure of the README
	$(BIN)/python docs/figures/draw.py

bench: $(STAMP)  ## measure speed and memory against the budgets
	$(BIN)/python -m bench.speed

code-metrics: $(STAMP)  ## measure sizes of files and functions, and call paths, against the goals
	$(BIN)/python -m bench.code_metrics

DATA ?= ../shared/data
accuracy: $(STAMP)  ## measure how often each facet is right; DATA=folder of labeled pictures
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[bench,train]'
	OMP_NUM_THREADS=1 $(BIN)/python -m bench.accuracy --data $(DATA)

content: $(STAMP)  ## measure how much of what people name the prompts say; DATA=folder of captioned pictures
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[bench,train]'
	OMP_NUM_THREADS=1 $(BIN)/python -m bench.content --data $(DATA)

pages: $(STAMP)  ## write what make accuracy measured last into README.md and docs/accuracy.md
	$(BIN)/python -m bench.accuracy --readme

train: $(STAMP)  ## train the linear classifiers: make train DATA=folder
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[bench,train]'
	OMP_NUM_THREADS=1 $(BIN)/python -m training $(DATA)
	OMP_NUM_THREADS=1 $(BIN)/python -m training.geometry $(DATA)

# Exactly this torch first, as for the tests of diffusers. More than an hour on two cores,
# most of it rendering scenes, which are cached in training/.cache.
train-networks: $(STAMP)  ## render scenes and train the networks of light and lens: DATA=folder
	$(BIN)/python -m pip install --quiet --disable-pip-version-check '$(TORCH)'
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[bench,train-networks]'
	$(BIN)/python -m training.light_direction $(DATA)
	$(BIN)/python -m training.light_hardness
	$(BIN)/python -m training.depth_of_field $(DATA)

bench-page: $(STAMP)  ## measure the page in a real browser
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[bench,browser,web]'
	$(BIN)/python -m bench.page

bench-server: $(STAMP)  ## fifty visitors for two minutes, hostile files, and kill -9
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[bench,postgres,web]'
	$(BIN)/python -m bench.server.load
	$(BIN)/python -m bench.server.fuzz
	$(BIN)/python -m bench.server.failures

clean:
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
