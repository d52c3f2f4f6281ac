#!/usr/bin/env bash
# The library as a program meets it: the example of the README against build/, then against an
# installed copy by pkg-config, shared and static; and what install and uninstall do.
. tests/lib.sh library
VERSION=$(sed -n 's/^#define VIDX_VERSION "\(.*\)"/\1/p' include/vidx.h)

printf '%s\n' '##fileformat=VCFv4.2' '##contig=<ID=1>' '#CHROM	POS	ID	REF	ALT	QUAL	FILTER	INFO	FORMAT	a	b' \
	'1	5	.	A	C	.	.	.	GT	0/1	1/1' >"$TMP/t.vcf"
"$VIDX" build -q --assembly test -o "$TMP/t.vidx" "$TMP/t.vcf" || bad "vidx build"

# runs PROGRAM WHAT: two questions
runs() {
	equal "$2: a variant" "ALL	3 of 4	0.75" "$("$1" "$TMP/t.vidx" 1-5-A-C 2>&1)"
	equal "$2: an absent one" "not seen" "$("$1" "$TMP/t.vidx" 1-5-A-G 2>&1)"
	"$1" "$TMP/none.vidx" 1-5-A-G >/dev/null 2>"$TMP/err"
	equal "$2: no index: exit" 1 $?
	check "$2: no index: no reason given" [ -s "$TMP/err" ]
}
if slow; then
	skip "installing: the plain run does it"
	runs "$TESTS/example" "build"
	finish
fi
runs "$TESTS/example" "build"

log=$TMP/log
make -s install O="$O" DESTDIR="$TMP/tree" PREFIX=/opt/vidx >"$log" 2>&1 || bad "make install: $(tail -n 3 "$log")"
equal "what install puts there" "bin/vidx include/vidx.h lib/libvidx.a lib/libvidx.so lib/libvidx.so.$VERSION lib/libvidx.so.1 lib/pkgconfig/vidx.pc" \
	"$(cd "$TMP/tree/opt/vidx" && find . \( -type f -o -type l \) -printf '%P\n' | sort | tr '\n' ' ' | sed 's/ $//')"
equal "vidx --version" "vidx $VERSION" "$("$TMP/tree/opt/vidx/bin/vidx" --version 2>&1 | head -n 1)"

export PKG_CONFIG_PATH=$TMP/tree/opt/vidx/lib/pkgconfig PKG_CONFIG_SYSROOT_DIR=
pc() { pkg-config --define-variable=prefix="$TMP/tree/opt/vidx" --define-variable=libdir="$TMP/tree/opt/vidx/lib" \
	--define-variable=includedir="$TMP/tree/opt/vidx/include" "$@" vidx; }
equal "pkg-config --modversion" "$VERSION" "$(pkg-config --modversion vidx)"
read -ra shared <<<"$(pc --cflags --libs)"
read -ra static <<<"$(pc --static --cflags --libs)"
if ${CC:-cc} -Wall -Wextra tests/example/example.c "${shared[@]}" -Wl,-rpath,"$TMP/tree/opt/vidx/lib" -o "$TMP/shared" 2>"$log"; then
	runs "$TMP/shared" "shared"
	readelf -d "$TMP/shared" >"$TMP/dynamic"
	check "the example needs libvidx.so.1" grep -q 'NEEDED.*libvidx\.so\.1\]' "$TMP/dynamic"
else
	bad "compiling with the shared library: $(head -n 3 "$log")"
fi
rm "$TMP"/tree/opt/vidx/lib/libvidx.so*
if ${CC:-cc} tests/example/example.c "${static[@]}" -o "$TMP/static" 2>"$log"; then
	runs "$TMP/static" "static"
else
	bad "compiling with the static library: $(head -n 3 "$log")"
fi
make -s uninstall O="$O" DESTDIR="$TMP/tree" PREFIX=/opt/vidx >"$log" 2>&1
equal "what uninstall leaves" "" "$(find "$TMP/tree" \( -type f -o -type l \) -printf '%P ')"

# The README shows this very program.
awk '/^```c$/ { on = 1; next } /^```$/ { on = 0 } on' README.md >"$TMP/shown"
sed '1,/^ \*\//d' tests/example/example.c >"$TMP/example"
same_files "the program in README.md is tests/example/example.c" "$TMP/example" "$TMP/shown"
finish
