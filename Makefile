# vidx: build, test and install.  `make help` lists the targets (from the lines that start with ##).
#
#	O=build			where everything that is made goes
#	CC=gcc			gcc or clang
#	CFLAGS='-O3 -g'		optimisation and debugging
#	PREFIX=/usr/local	where `make install` puts things; DESTDIR goes in front
#	V=1			show the commands
#	SANITIZE=		-fsanitize=... for every object and program

VERSION := $(or $(shell sed -n 's/^\#define VIDX_VERSION "\(.*\)"/\1/p' include/vidx.h 2>/dev/null),0)
SOVERSION := 1

ifeq ($(origin CC),default)
CC := gcc
endif
CXX ?= g++
AR ?= ar
O ?= build
CFLAGS ?= -O3 -g
PREFIX ?= /usr/local
BINDIR ?= $(PREFIX)/bin
LIBDIR ?= $(PREFIX)/lib
INCLUDEDIR ?= $(PREFIX)/include
PKG_CONFIG ?= pkg-config
SANITIZE ?=
FUZZ_SECONDS ?= 60

.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
.SUFFIXES:
.SECONDARY:
.PHONY: all test unit demo bench bench-full install uninstall lint format asan ubsan tsan fuzz \
	fuzz-build fuzz-run coverage clean help test-programs bench-programs

# --- libraries, found by pkg-config (Debian, Fedora, conda and modules alike) ---

LIBS := htslib lmdb libdeflate libisal libxxhash zlib
TEST_LIBS := check
GOALS := $(or $(MAKECMDGOALS),all)
NEED_LIBS := $(if $(filter-out clean help uninstall format,$(GOALS)),$(LIBS))
NEED_LIBS += $(if $(filter test unit test-programs lint asan ubsan tsan fuzz coverage demo,$(GOALS)),$(TEST_LIBS))
MISSING := $(strip $(foreach p,$(NEED_LIBS),$(shell $(PKG_CONFIG) --exists $p 2>/dev/null || echo $p)))

ifneq ($(MISSING),)
ifneq ($(filter-out demo test,$(GOALS))$(TRIED),)
$(error not found by pkg-config: $(MISSING) (run scripts/install-deps, or see scripts/install-deps --print))
endif
# The two commands of the README fetch what is missing and start again.
demo test:
	scripts/install-deps --test
	+$(MAKE) TRIED=1 $@
else

# One short line for each thing made; V=1 shows the commands.
Q := $(if $(V),,@)
say = $(if $(V),,@printf '  %-4s %s\n' $(1) $(2))


WARNINGS := -Wall -Wextra -Wshadow -Wpointer-arith -Wstrict-prototypes -Wmissing-prototypes -Wvla
CPPFLAGS_ALL = -D_GNU_SOURCE -Iengine -Iinclude $(CPPFLAGS)
CFLAGS_ALL = -std=c11 $(WARNINGS) $(CFLAGS) -fPIC -fvisibility=hidden -fopenmp -MMD -MP $(SANITIZE) \
	$(shell $(PKG_CONFIG) --cflags $(LIBS))
LDLIBS_ALL := $(shell $(PKG_CONFIG) --libs $(LIBS)) -lm -lpthread
TEST_CFLAGS := $(shell $(PKG_CONFIG) --cflags $(TEST_LIBS) 2>/dev/null)
TEST_LDLIBS := $(shell $(PKG_CONFIG) --libs $(TEST_LIBS) 2>/dev/null)
LINK = $(CC) $(CFLAGS) -fopenmp $(SANITIZE) $(LDFLAGS)

# Rivals of the benchmarks, used where they are installed.
BENCH_RIVALS := $(strip $(foreach p,sqlite3 rocksdb,$(shell $(PKG_CONFIG) --exists $p 2>/dev/null && echo $p)))
BENCH_CFLAGS := $(if $(filter sqlite3,$(BENCH_RIVALS)),-DBENCH_SQLITE) \
	$(if $(filter rocksdb,$(BENCH_RIVALS)),-DBENCH_ROCKSDB) -Ibench
BENCH_LDLIBS := $(if $(BENCH_RIVALS),$(shell $(PKG_CONFIG) --libs $(BENCH_RIVALS)))

# --- what there is ---

LIB_SRC := $(sort $(filter-out engine/cli/%,$(wildcard engine/*/*.c)))
CLI_SRC := $(sort $(wildcard engine/cli/*.c))
BENCH_LIB_SRC := $(sort $(wildcard bench/lib_*.c))
BENCH_SRC := $(sort $(filter-out $(BENCH_LIB_SRC),$(wildcard bench/*.c)))
UNIT_SRC := $(sort $(wildcard tests/*/test_*.c))
FUZZ_SRC := $(sort $(wildcard tests/fuzz/fuzz_*.c))
PLAIN_SRC := $(sort $(filter-out tests/main.c,$(wildcard tests/*.c)))

obj = $(patsubst %.c,$(O)/obj/%.o,$(1))
LIB_OBJ := $(call obj,$(LIB_SRC))
CLI_OBJ := $(call obj,$(CLI_SRC))
BENCH_LIB_OBJ := $(call obj,$(BENCH_LIB_SRC))
BENCH_BIN := $(patsubst bench/%.c,$(O)/bench/%,$(BENCH_SRC))
UNIT_OBJ := $(call obj,tests/main.c $(UNIT_SRC))
PLAIN_BIN := $(patsubst tests/%.c,$(O)/tests/%,$(PLAIN_SRC))
FUZZ_NAMES := $(patsubst tests/fuzz/fuzz_%.c,%,$(FUZZ_SRC))
REPLAY_BIN := $(patsubst %,$(O)/tests/replay_%,$(FUZZ_NAMES))
FUZZ_BIN := $(patsubst %,$(O)/fuzz/%,$(FUZZ_NAMES))
ALL_OBJ := $(LIB_OBJ) $(CLI_OBJ) $(BENCH_LIB_OBJ) $(UNIT_OBJ) $(call obj,$(BENCH_SRC) $(PLAIN_SRC) $(FUZZ_SRC))

## all: the command, the libraries and the pkg-config file (the default)
all: $(if $(CLI_SRC),$(O)/vidx) $(O)/libvidx.a $(O)/libvidx.so $(O)/vidx.pc

# Rebuilt whenever the compiler or its flags change.
FLAGS_NOW := $(CC) $(CPPFLAGS_ALL) $(CFLAGS_ALL) $(LDFLAGS) $(BENCH_CFLAGS)
$(O)/flags: FORCE
	@mkdir -p $(@D)
	@printf '%s\n' '$(subst ','\'',$(FLAGS_NOW))' | cmp -s - $@ || \
		printf '%s\n' '$(subst ','\'',$(FLAGS_NOW))' >$@
.PHONY: FORCE
FORCE:

$(O)/obj/%.o: %.c $(O)/flags
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) $(CPPFLAGS_ALL) $(CFLAGS_ALL) $(EXTRA_CFLAGS) -c -o $@ $<

$(O)/obj/bench/%.o: EXTRA_CFLAGS = $(BENCH_CFLAGS)
$(O)/obj/tests/%.o: EXTRA_CFLAGS = -Wno-missing-prototypes $(TEST_CFLAGS) -I$(O)/gen -Itests
# The model and the generator see nothing of the engine.
$(O)/obj/tests/model.o $(O)/obj/tests/random_vcf.o: CPPFLAGS_ALL = -D_GNU_SOURCE $(CPPFLAGS)

$(O)/libvidx.a: $(LIB_OBJ)
	@rm -f $@
	$(call say,AR,$@)
	$(Q)$(AR) rcs $@ $(LIB_OBJ)

# Hidden visibility does not reach what a compiler makes up itself (the lock of a named critical).
$(O)/gen/exports.map: Makefile
	@mkdir -p $(@D)
	@echo '{ global: vidx_*; local: *; };' >$@

$(O)/libvidx.so.$(VERSION): $(LIB_OBJ) $(O)/gen/exports.map
	$(call say,LD,$@)
	$(Q)$(LINK) -shared -Wl,--version-script,$(O)/gen/exports.map $(if $(SANITIZE),,-Wl,--no-undefined) -Wl,-soname,libvidx.so.$(SOVERSION) -o $@ $(LIB_OBJ) $(LDLIBS_ALL)

$(O)/libvidx.so: $(O)/libvidx.so.$(VERSION)
	@ln -sf $(<F) $(O)/libvidx.so.$(SOVERSION)
	@ln -sf libvidx.so.$(SOVERSION) $@

$(O)/vidx: $(CLI_OBJ) $(O)/libvidx.a
	$(call say,LD,$@)
	$(Q)$(LINK) -o $@ $(CLI_OBJ) $(O)/libvidx.a $(LDLIBS_ALL)

$(O)/vidx.pc: FORCE
	@mkdir -p $(@D)
	@printf '%s\n' 'prefix=$(PREFIX)' 'libdir=$(LIBDIR)' 'includedir=$(INCLUDEDIR)' '' \
		'Name: vidx' 'Description: allele frequencies of a cohort, by variant' \
		'Version: $(VERSION)' \
		'Libs: -L$${libdir} -lvidx' 'Libs.private: $(LDLIBS_ALL) -fopenmp' \
		'Cflags: -I$${includedir}' >$@

# --- programs of bench/ and tests/ ---

# The same libraries as vidx, though it calls none of them.
$(O)/bench/empty: LDFLAGS += -Wl,--no-as-needed
$(O)/bench/empty: BENCH_LDLIBS =
$(O)/bench/%: $(O)/obj/bench/%.o $(O)/bench/lib.a $(O)/libvidx.a
	@mkdir -p $(@D)
	$(call say,LD,$@)
	$(Q)$(LINK) -o $@ $< $(O)/bench/lib.a $(O)/libvidx.a $(LDLIBS_ALL) $(BENCH_LDLIBS)
$(O)/bench/lib.a: $(BENCH_LIB_OBJ)
	@mkdir -p $(@D)
	@rm -f $@
	$(Q)$(AR) rcs $@ $(BENCH_LIB_OBJ)

# One line per suite: tests/<floor>/test_<room>.c holds `Suite *<floor>_<room>_suite(void)`.
$(O)/gen/suites.h: $(UNIT_SRC) Makefile
	@mkdir -p $(@D)
	@printf '%s\n' '/* made by the Makefile from the file names under tests/ */' \
		$(patsubst %,'SUITE(%)',$(subst /test_,$(comma),$(patsubst tests/%.c,%,$(UNIT_SRC)))) >$@
comma := ,
$(O)/obj/tests/main.o: $(O)/gen/suites.h

$(O)/tests/unit: $(UNIT_OBJ) $(O)/libvidx.a
	@mkdir -p $(@D)
	$(call say,LD,$@)
	$(Q)$(LINK) -o $@ $(UNIT_OBJ) $(O)/libvidx.a $(LDLIBS_ALL) $(TEST_LDLIBS)

$(O)/tests/replay_%: $(O)/obj/tests/fuzz/fuzz_%.o $(O)/obj/tests/fuzz/replay.o $(O)/libvidx.a
	@mkdir -p $(@D)
	$(call say,LD,$@)
	$(Q)$(LINK) -o $@ $(filter %.o,$^) $(O)/libvidx.a $(LDLIBS_ALL)

# These two share nothing with the engine.
$(O)/tests/model $(O)/tests/random_vcf: $(O)/tests/%: $(O)/obj/tests/%.o
	@mkdir -p $(@D)
	$(call say,LD,$@)
	$(Q)$(LINK) -o $@ $<

# The command itself, between an allocator that fails and the program that makes it.
OOM_WRAP := malloc calloc realloc free strdup strndup asprintf getline __getdelim main \
	open read write pread pwrite fsync ftruncate rename lseek
$(O)/tests/oom: $(O)/obj/tests/oom.o $(CLI_OBJ) $(O)/libvidx.a
	@mkdir -p $(@D)
	$(call say,LD,$@)
	$(Q)$(LINK) $(patsubst %,-Wl$(comma)--wrap=%,$(OOM_WRAP)) -o $@ $(filter %.o,$^) $(O)/libvidx.a $(LDLIBS_ALL)

QUIET_WRAP := malloc calloc realloc free pthread_mutex_lock
$(O)/tests/quiet: $(O)/obj/tests/quiet.o $(O)/libvidx.a
	@mkdir -p $(@D)
	$(call say,LD,$@)
	$(Q)$(LINK) $(patsubst %,-Wl$(comma)--wrap=%,$(QUIET_WRAP)) -o $@ $(filter %.o,$^) $(O)/libvidx.a $(LDLIBS_ALL)

$(O)/tests/plain: $(O)/obj/tests/plain.o $(CLI_OBJ) $(O)/libvidx.a
	@mkdir -p $(@D)
	$(call say,LD,$@)
	$(Q)$(LINK) -o $@ $(filter %.o,$^) $(O)/libvidx.a $(LDLIBS_ALL)

$(O)/tests/%: $(O)/obj/tests/%.o $(O)/libvidx.a
	@mkdir -p $(@D)
	$(call say,LD,$@)
	$(Q)$(LINK) -o $@ $< $(O)/libvidx.a $(LDLIBS_ALL)

# The program shown in the README, as C against the shared library and as C++ through the header.
$(O)/tests/example: $(wildcard tests/example/example.c) include/vidx.h $(O)/libvidx.so
	@mkdir -p $(@D)
	$(call say,LD,$@)
	$(Q)$(LINK) -std=c11 $(WARNINGS) -Iinclude -o $@ tests/example/example.c -L$(O) -lvidx -Wl,-rpath,'$$ORIGIN/..'

$(O)/tests/header_cxx.o: include/vidx.h
	@mkdir -p $(@D)
	$(Q)$(CXX) -std=c++11 -Wall -Wextra -pedantic -x c++ -c -o $@ $<

test-programs: $(O)/tests/unit $(PLAIN_BIN) $(REPLAY_BIN) $(if $(wildcard tests/example/example.c),$(O)/tests/example) \
	$(if $(wildcard include/vidx.h),$(O)/tests/header_cxx.o)
bench-programs: $(BENCH_BIN)

export O VERSION CC

## test: everything that checks itself: the house, the scripts of tests/, then the unit tests
test: all test-programs bench-programs
	@tests/run.sh

## unit: the unit tests alone; SUITES="codec store_env" chooses
unit: $(O)/tests/unit
	$< $(SUITES)

## demo: install what is missing, build, simulate two data sets, index them, ask them
demo:
	@scripts/demo

## bench: a benchmark of a few minutes; answers are proved before speeds are printed; BENCH=... for bench/run.sh
bench: all bench-programs
	@bench/run.sh $(BENCH)

## bench-full: the same at full size, about an hour
bench-full: all bench-programs
	@bench/run.sh --full $(BENCH)

## install: put the command, the libraries, the header and vidx.pc under DESTDIR/PREFIX
install: all
	install -d $(DESTDIR)$(BINDIR) $(DESTDIR)$(LIBDIR)/pkgconfig $(DESTDIR)$(INCLUDEDIR)
	install -m 755 $(O)/vidx $(DESTDIR)$(BINDIR)/vidx
	install -m 644 $(O)/libvidx.a $(DESTDIR)$(LIBDIR)/libvidx.a
	install -m 755 $(O)/libvidx.so.$(VERSION) $(DESTDIR)$(LIBDIR)/libvidx.so.$(VERSION)
	ln -sf libvidx.so.$(VERSION) $(DESTDIR)$(LIBDIR)/libvidx.so.$(SOVERSION)
	ln -sf libvidx.so.$(SOVERSION) $(DESTDIR)$(LIBDIR)/libvidx.so
	install -m 644 $(O)/vidx.pc $(DESTDIR)$(LIBDIR)/pkgconfig/vidx.pc
	install -m 644 include/vidx.h $(DESTDIR)$(INCLUDEDIR)/vidx.h

## asan: build/asan with AddressSanitizer and UBSan, and the whole suite on it
asan:
	+ASAN_OPTIONS=detect_leaks=1:quarantine_size_mb=16 UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1 TEST_SCALE=slow \
	$(MAKE) O=$(O)/asan CFLAGS='-O1 -g' SANITIZE='-fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer' test

## ubsan: build/ubsan with UBSan alone, any fault fatal
ubsan:
	+UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1 TEST_SCALE=slow \
	$(MAKE) O=$(O)/ubsan CFLAGS='-O2 -g' SANITIZE='-fsanitize=undefined -fno-sanitize-recover=undefined' test

## tsan: build/tsan with ThreadSanitizer (clang, with libarcher so that OpenMP's own waits are seen)
ARCHER := $(firstword $(wildcard /usr/lib/llvm-*/lib/libarcher.so))
tsan:
	+OMP_TOOL_LIBRARIES='$(ARCHER)' TSAN_OPTIONS='ignore_noninstrumented_modules=1 halt_on_error=1 atexit_sleep_ms=0' TEST_SCALE=slow \
	$(MAKE) O=$(O)/tsan CC=clang CFLAGS='-O1 -g' SANITIZE='-fsanitize=thread' test

## fuzz: libFuzzer (clang), FUZZ_SECONDS=60 a target; the committed corpus is only read
fuzz:
	+$(MAKE) O=$(O)/fuzzing CC=clang CFLAGS='-O1 -g' \
		SANITIZE='-fsanitize=address,undefined,fuzzer-no-link -fno-sanitize-recover=undefined' \
		FUZZ_SECONDS=$(FUZZ_SECONDS) fuzz-run
fuzz-build: $(FUZZ_BIN)
$(O)/fuzz/%: $(O)/obj/tests/fuzz/fuzz_%.o $(O)/libvidx.a
	@mkdir -p $(@D)
	$(call say,LD,$@)
	$(Q)$(LINK) -fsanitize=fuzzer -o $@ $< $(O)/libvidx.a $(LDLIBS_ALL)
fuzz-run: fuzz-build
	@set -e; for t in $(FUZZ_NAMES); do \
		echo "fuzz $$t: $(FUZZ_SECONDS) s"; mkdir -p $(O)/corpus/$$t tests/fuzz/corpus/$$t; \
		$(O)/fuzz/$$t -max_total_time=$(FUZZ_SECONDS) -timeout=20 -rss_limit_mb=2048 -print_final_stats=1 \
			-artifact_prefix=$(O)/fuzz/$$t- $(O)/corpus/$$t tests/fuzz/corpus/$$t 2>$(O)/fuzz/$$t.log \
			|| { tail -n 60 $(O)/fuzz/$$t.log; echo "fuzz $$t: failed"; exit 1; }; \
		grep -E 'stat::(number_of_executed_units|average_exec_per_sec|peak_rss_mb)' $(O)/fuzz/$$t.log; done

## coverage: lines covered by `make test`, as build/coverage/html (gcov, lcov)
coverage:
	+$(MAKE) O=$(O)/coverage CC=gcc CFLAGS='-O0 -g' SANITIZE='--coverage' TEST_SCALE=slow test
	lcov -q --capture --directory $(O)/coverage --no-external --base-directory . -o $(O)/coverage/all.info
	lcov -q --extract $(O)/coverage/all.info '*/engine/*' -o $(O)/coverage/engine.info
	genhtml -q $(O)/coverage/engine.info -o $(O)/coverage/html
	lcov --summary $(O)/coverage/engine.info

C_FILES = $(sort $(wildcard include/*.h engine/*/*.[ch] bench/*.[ch] tests/*.[ch] tests/*/*.[ch]))
SH_FILES = $(sort $(wildcard scripts/* tests/*.sh bench/*.sh bench/*/*.sh scripts/*/*.sh) .ci/run)

## lint: clang-format, clang-tidy, cppcheck and shellcheck; quiet when there is nothing to say
lint: lint-format lint-tidy lint-cppcheck lint-shell
.PHONY: lint-format lint-tidy lint-cppcheck lint-shell
lint-format:
	@clang-format --dry-run -Werror $(C_FILES)
lint-cppcheck:
	@cppcheck -q --std=c11 --language=c --inline-suppr --error-exitcode=1 --suppressions-list=tests/cppcheck.txt \
		--enable=warning,performance,portability -j 2 -D_GNU_SOURCE -Iengine -Iinclude engine bench tests
# The engine alone: the analyser needs seconds a file.  One process a file: several files in one confuse the analyser's va_list check of clang 14.
lint-tidy: $(O)/gen/suites.h
	@printf '%s\n' $(filter engine/%.c,$(C_FILES)) | xargs -P 2 -n 1 sh -c 'clang-tidy --quiet "$$1" -- -std=c11 \
		$(CPPFLAGS_ALL) $(TEST_CFLAGS) $(BENCH_CFLAGS) -I$(O)/gen -Itests 2>/dev/null' sh
lint-shell:
	@shellcheck -x $(SH_FILES)

-include $(ALL_OBJ:.o=.d)
endif

## format: rewrite the C files in the house's style
format:
	clang-format -i $(sort $(wildcard include/*.h engine/*/*.[ch] bench/*.[ch] tests/*.[ch] tests/*/*.[ch]))

## uninstall: take away what install put there
uninstall:
	rm -f $(DESTDIR)$(BINDIR)/vidx $(DESTDIR)$(INCLUDEDIR)/vidx.h $(DESTDIR)$(LIBDIR)/pkgconfig/vidx.pc \
		$(DESTDIR)$(LIBDIR)/libvidx.a $(DESTDIR)$(LIBDIR)/libvidx.so \
		$(DESTDIR)$(LIBDIR)/libvidx.so.$(SOVERSION) $(DESTDIR)$(LIBDIR)/libvidx.so.$(VERSION)

## clean: remove O
clean:
	rm -rf $(O)

## help: this list
help:
	@sed -n 's/^## //p' $(firstword $(MAKEFILE_LIST)) | awk -F': ' '{ printf "%-12s %s\n", $$1, $$2 }'
