# Outgrown's commands. `make help` lists them.
export SWIFT_DETERMINISTIC_HASHING := 1
SWIFT ?= swift
SHELL_SCRIPTS = $(shell grep -lE '^.!.*bash' scripts/* Benchmarks/* .ci/run 2>/dev/null)

.DEFAULT_GOAL := help
.PHONY: bench decide test verify fuzz sanitize compare dist lint format clean help

bench: ## Load the bundled service with 120 users and gate on its budgets
	scripts/setup run
	$(SWIFT) build -c release --product outgrown
	scripts/bench

decide: ## Load, emulate plans, monitor, price and decide on the bundled service
	scripts/setup run
	$(SWIFT) build -c release --product outgrown
	scripts/decide

test: ## Run the test suite
	scripts/setup run test
	PATH="$(CURDIR)/.venv/bin:$$PATH" $(SWIFT) test --no-parallel

verify: ## Run what takes longer: faults, emulator and monitor for real, the suite at 23:59 elsewhere, the engine against its peers
	scripts/setup run test bench dist
	scripts/verify

fuzz: ## Fuzz the readers of what others write, a minute each (scripts/fuzz all 600 for ten)
	scripts/setup run
	scripts/fuzz

sanitize: ## Run the suites of memory, foreign libraries and threads under the address and thread sanitizers
	scripts/setup run test
	scripts/sanitize

compare: ## Compare the engine and the store with their peers (Benchmarks/README.md); wants an idle machine
	scripts/setup run test bench
	Benchmarks/compare all

dist: ## Build the release archive that runs without Swift (REPOSITORY=https://… where git's remote is no public forge)
	scripts/setup run
	scripts/dist

lint: ## Check format, import rules and shell scripts
	$(SWIFT) format lint --strict -r Sources Tests Benchmarks Fuzz Package.swift
	scripts/check-imports
	scripts/scenario-docs --check
	@if command -v shellcheck >/dev/null; then shellcheck $(SHELL_SCRIPTS); else echo "no shellcheck: shell scripts not checked"; fi

format: ## Format the sources in place
	$(SWIFT) format format -i -r Sources Tests Benchmarks Fuzz Package.swift

clean: ## Remove builds and reports; the service's data in var/ stays
	rm -rf .build .build-* out dist

help: ## Show this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 20
