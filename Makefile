# make demo and make test are all a newcomer needs; make help lists the rest.
GO      ?= go
BIN     := bin/rampart
VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo unknown)
LDFLAGS := -s -w -X main.version=$(VERSION)
LINT    := $(shell $(GO) env GOPATH)/bin/golangci-lint
LINT_V  := v2.15.0

.PHONY: help build demo test check lint race bench fuzz golden shots score integration clean
.DEFAULT_GOAL := help

help: ## list what can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

build: ## bin/rampart, stripped
	@$(GO) build -trimpath -ldflags '$(LDFLAGS)' -o $(BIN) ./cmd/rampart

demo: build ## a console over a small living world; break the candidate with !
	@$(BIN) demo

test: ## all tests that need no other program; many of them wait more than they work
	$(GO) test -parallel 4 ./...

check: lint ## format, vet, lint, the import street, races, generated files
	$(GO) vet ./...
	$(GO) vet -tags integration ./...
	$(GO) test -race -short -parallel 4 ./...
	$(GO) test ./cmd/rampart -run 'Street|Generated' -count=1
	git diff --exit-code

lint: $(LINT)
	$(LINT) run ./...
	@test -z "$$(gofmt -l cmd ui sources analysis themes testdata)" || { gofmt -l cmd ui sources analysis themes testdata; exit 1; }

$(LINT):
	$(GO) install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(LINT_V)

race: ## all tests under the race detector
	$(GO) test -race ./...

bench: ## the figures that are promised, compared as ratios
	$(GO) test -run '^$$' -bench . -benchmem ./...

fuzz: ## every decoder for 20 s
	@for p in $$($(GO) list ./...); do \
	  for f in $$($(GO) test -list '^Fuzz' $$p 2>/dev/null | grep '^Fuzz'); do \
	    echo "$$p $$f"; $(GO) test -run '^$$' -fuzz "^$$f\$$" -fuzztime 20s $$p || exit 1; done; done

golden: ## write the golden screens anew; read the difference before you keep it
	GOLDEN=update $(GO) test ./ui/cell/... ./ui/chart/... ./ui/style/... ./ui/dialog
	$(GO) test ./ui ./ui/panel -update

shots: build ## the pictures of the README, taken from a demo that breaks
	$(GO) run ./cmd/internal/shots -rampart $(BIN)

score: build ## the judge's score-card, in full
	$(BIN) judge --simulate all --runs 2000

integration: build ## against real Prometheus, Alertmanager, Elasticsearch, HAProxy, nginx, Envoy and OpenSSH; installs what is missing
	.ci/install
	$(GO) test -tags integration -count=1 -timeout 12m -parallel 3 ./cmd/internal/rig/... ./sources/...

clean: ## what was built
	rm -rf bin
