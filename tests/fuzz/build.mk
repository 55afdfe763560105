# SPDX-License-Identifier: GPL-2.0-or-later
# The fuzzers, built in the current directory from the tree at $(top), with everything behind the
# command line as libraries that libFuzzer watches.

CC = clang
CPPFLAGS = -D_GNU_SOURCE -DPACKAGE_VERSION='"fuzzed"' -DRELEASE_DATE='"today"' -DWITH_JSON=1 -I$(top) \
	$(shell pkg-config --cflags libnl-genl-3.0)
CFLAGS = -std=gnu11 -O1 -g -fno-omit-frame-pointer -Wall -Wextra -fno-sanitize-recover=all
SANITIZE = address,undefined
LIBS = $(shell pkg-config --libs libnl-genl-3.0) -lpopt

# What tests/fuzz/fuzz.c and kernel.c put in the place of the system's.
WRAPPED = read close open mkdir poll send recvfrom getsockopt setsockopt module_load

objects = $(patsubst $(top)/%.c,%.o,$(wildcard $(addprefix $(top)/,$(1))))
fuzzers := $(notdir $(basename $(call objects,tests/fuzz/fuzz_*.c)))
shared := tests/fuzz/fuzz.o tests/fuzz/kernel.o tests/cmdline/names.o

all: $(fuzzers) options.dict

$(fuzzers): %: tests/fuzz/%.o $(shared) libcli.a libipvs.a
	$(CC) -fsanitize=fuzzer,$(SANITIZE) $(WRAPPED:%=-Wl,--wrap=%) -o $@ $^ $(LIBS)

libcli.a: $(call objects,cli/*.c cli/*/*.c)
libipvs.a: $(call objects,libipvs/*.c libipvs/*/*.c)
lib%.a:
	rm -f $@ && $(AR) rcs $@ $^

options: tests/cmdline/options_dump.o libcli.a libipvs.a
	$(CC) -fsanitize=$(SANITIZE) -o $@ $^ $(LIBS)

# What the table of options knows, and some values, as words that inputs are made of.
VALUES = 10.0.0.1:80 [2001:db8::1]:80 127.0.0.1 4294967295 255.255.255.0 wlc mh-port,mh-fallback \
	sip master backup gue gre 224.0.0.81 ff02::1 localhost:http ipvsadm !\#:+
options.dict: options $(top)/tests/fuzz/build.mk
	./options | awk -F '\t' '{ print "--" $$3 } { gsub(/-/, "", $$2) } \
		{ for (i = 1; i <= length($$2); i++) print "-" substr($$2, i, 1) }' | sed 's/.*/"&"/' >$@
	printf '"%s"\n' $(foreach value,$(VALUES),'$(value)') >>$@

$(call objects,cli/*.c cli/*/*.c libipvs/*.c libipvs/*/*.c tests/fuzz/*.c tests/cmdline/*.c): %.o: $(top)/%.c $(top)/tests/fuzz/build.mk
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) -fsanitize=fuzzer-no-link,$(SANITIZE) -MMD -MP -c -o $@ $<

.PHONY: all
.SECONDARY:
-include $(shell find . -name '*.d')
