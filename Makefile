# The two commands a newcomer needs: `make run` and `make test`.

LISTEN ?= 127.0.0.1:8080
DATA   ?= data
export CARGO_TERM_COLOR ?= auto

.PHONY: run test build bench check fix dev page

## Builds everything, makes the demo if there is none, and serves it.
run: build
	@scripts/run "$(DATA)" "$(LISTEN)"

## Every test: Rust on both databases, the page's units, the browser (against the binary that the Rust tests left).
test: page
	scripts/install-tools
	scripts/with-postgres cargo test --workspace --locked
	cd web && npm test
	cd e2e && npm ci --no-audit --no-fund && npm test

## The release binary with the page inside.
build: page
	cargo build --release --locked -p guanxi

## Every promise of speed beside its floor, on a million customers (built once). BENCH_DB=postgres for the other database.
bench: page
	cargo build --release --locked -p guanxi -p guanxi-bench
	scripts/bench

## Formatting, lints, types, licences, generated files, the docs' paths.
check: web/node_modules
	cargo fmt --all --check
	cargo clippy --workspace --all-targets --locked -- -D warnings
	scripts/check-dependencies
	cd web && npm run check
	scripts/check-generated

## Mends what can be mended by itself.
fix: web/node_modules
	cargo fmt --all
	cd web && npm run fix

## The page with hot reload against a server on LISTEN.
dev: web/node_modules
	cd web && npm run dev

page: web/dist/index.html

web/node_modules: web/package.json web/package-lock.json
	scripts/install-tools build
	cd web && npm ci --no-audit --no-fund
	@touch $@

web/dist/index.html: web/node_modules web/index.html $(shell find web/src web/public -type f 2>/dev/null) web/vite.config.ts
	cd web && npm run build
	@touch $@
