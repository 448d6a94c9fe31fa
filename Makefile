# The one door to the build: every command that CONTRIBUTING and README name is a target here.
# Presets (CMakePresets.json) say how each build is made; deps/debian.txt says what a machine must have.

JOBS     ?= $(shell nproc)
PREFIX   ?= /usr/local
FUZZ_SECONDS ?= 60
STAGE    := .ci/stage
SPACE    := $(subst ,, )
CTEST    := ctest --output-on-failure --timeout 300 -j $(JOBS)

# A clone elsewhere on this machine finds what was compiled here: paths are not part of what ccache compares.
export CCACHE_BASEDIR := $(CURDIR)
export CCACHE_NOHASHDIR := 1

.PHONY: help build demo test test-long check-deep check-asan check-tsan check-clang check-determinism fuzz tidy format format-check install clean \
        bench-conflict bench-live deps-build deps-test deps-deep deps-bench

help:
	@echo 'make build                   build/wideberth'
	@echo 'make demo [HEADLESS=1]       the day near Dayrik, through a real server (ARGS="…" is passed on)'
	@echo 'make test                    every test that fits into a few minutes'
	@echo 'make test-long               the property tests at their full size'
	@echo 'make check-deep              sanitizers, clang, clang-tidy and the same bits everywhere'
	@echo 'make fuzz                    each fuzz target for a minute (FUZZ_SECONDS=…)'
	@echo 'make tidy                    clang-tidy alone; make format-check, make format: the layout of the text'
	@echo 'make bench-conflict          the figures of docs/performance.md (ARGS="…" is passed on; GTFS=archive adds workload W1G)'
	@echo 'make bench-live              the figures of live: fixes a second beside Redis, S2 and a pair loop (SHIPS=file adds workload W2A)'
	@echo 'make install [PREFIX=/usr/local] [DESTDIR=…]'
	@echo 'make clean                   removes build/'

# What is missing is installed with apt-get; where nothing is missing nothing happens and no root is needed.
deps-build:
	@deps/install build
deps-test:
	@deps/install build test
deps-deep:
	@deps/install build test deep
deps-bench:
	@deps/install build bench

# The tests are left out of a build that only wants the program; `make test` adds them to the same folder.
build: deps-build
	@test -f build/build.ninja || $(STAGE) -q configure-release cmake --preset release -DWIDEBERTH_TESTS=OFF
	@$(STAGE) -q build-release cmake --build build -j $(JOBS) --target wideberth

demo: build
	@build/wideberth demo $(if $(HEADLESS),--headless) $(ARGS)

test: deps-test
	@$(STAGE) -q configure-release cmake --preset release -DWIDEBERTH_TESTS=ON -DWIDEBERTH_LONG=OFF
	@$(STAGE) -q build-release cmake --build build -j $(JOBS)
	@$(STAGE) test-release $(CTEST) --test-dir build --output-junit ctest.xml

test-long: deps-test
	@$(STAGE) -q configure-release cmake --preset release -DWIDEBERTH_TESTS=ON -DWIDEBERTH_LONG=ON
	@$(STAGE) -q build-release cmake --build build -j $(JOBS)
	@$(STAGE) test-long ctest --output-on-failure --timeout 7200 -j $(JOBS) --test-dir build -L long --output-junit ctest-long.xml

# check-asan is also the second opinion: clang 19 compiles everything and runs every test there. check-clang does it again at -O3.
check-deep: check-asan check-tsan tidy check-determinism

# $(call checked,PRESET): configure, build and test one preset in build/PRESET. What reads only the source is not read again.
define checked
	@$(STAGE) -q configure-$(1) cmake --preset $(1)
	@$(STAGE) -q build-$(1) cmake --build --preset $(1) -j $(JOBS)
	@$(STAGE) test-$(1) $(CTEST) --test-dir build/$(1) -LE source --output-junit ctest.xml
endef

export ASAN_OPTIONS  := detect_stack_use_after_return=1:strict_string_checks=1:check_initialization_order=1
export UBSAN_OPTIONS := print_stacktrace=1
export TSAN_OPTIONS  := halt_on_error=1:second_deadlock_stack=1

check-asan: deps-deep
	$(call checked,asan)
# Only what has threads, and what drives it: the rest is the same code on one thread, and asan has it.
THREADED := conflict store engine net api client
check-tsan: deps-deep
	@$(STAGE) -q configure-tsan cmake --preset tsan
	@$(STAGE) -q build-tsan cmake --build --preset tsan -j $(JOBS) --target wideberth end_to_end_test $(THREADED:%=%_test)
	@$(STAGE) test-tsan $(CTEST) --test-dir build/tsan -R '^(unit[.]($(subst $(SPACE),|,$(THREADED)))|end-to-end[.].*)$$' --output-junit ctest.xml
check-clang: deps-deep
	$(call checked,clang)

# g++ and clang, -O0 and -O3, with and without the C library's FMA variants: the same log, state and findings to the byte.
check-determinism: deps-deep
	@if [ -x tests/determinism/run.sh ]; then $(STAGE) determinism tests/determinism/run.sh; \
	 else echo 'determinism: tests/determinism/run.sh is not there; nothing was compared'; fi

fuzz: deps-deep
	@$(STAGE) -q configure-fuzz cmake --preset fuzz
	@$(STAGE) -q build-fuzz cmake --build --preset fuzz -j $(JOBS)
	@$(STAGE) fuzz tests/fuzz/run.sh build/fuzz $(FUZZ_SECONDS) $(JOBS)

# clang-tidy reads the unity files of the clang preset: each header is parsed once a folder, not once a file.
tidy: deps-deep
	@$(STAGE) -q configure-clang cmake --preset clang
	@$(STAGE) tidy tests/tidy/clang_tidy.sh build/clang $(JOBS)

format-check: deps-test
	@tests/tidy/format.sh --check
format: deps-test
	@tests/tidy/format.sh --write

# Takes about ten minutes and 4 GB of memory. bench/README.md says what is measured; leave the machine alone meanwhile.
GTFS ?= $(wildcard ../shared/data/gtfs-brussels.zip)
bench-conflict: deps-bench
	@test -f build/build.ninja || $(STAGE) -q configure-release cmake --preset release -DWIDEBERTH_TESTS=OFF
	@$(STAGE) -q build-bench cmake --build build -j $(JOBS) --target wideberth-bench
	@build/wideberth-bench conflict --svg build/conflict-growth.svg $(if $(GTFS),--gtfs $(GTFS)) $(ARGS)

# Takes about four minutes and 2 GB of memory.
SHIPS ?= $(wildcard ../shared/data/ais-denmark-5min.nmea.gz)
bench-live: deps-bench
	@test -f build/build.ninja || $(STAGE) -q configure-release cmake --preset release -DWIDEBERTH_TESTS=OFF
	@$(STAGE) -q build-bench cmake --build build -j $(JOBS) --target wideberth-bench
	@build/wideberth-bench live $(if $(SHIPS),--ships $(SHIPS)) $(ARGS)

install: build
	@cmake --install build --prefix $(PREFIX)

clean:
	rm -rf build
