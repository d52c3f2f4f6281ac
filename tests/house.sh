#!/usr/bin/env bash
# The house: which floor may include which, who owns what, how long a file may be, how things are
# called, what a library exports.
. tests/lib.sh house

# report FILE-OF-FINDINGS WHAT: one case; every finding is a line
report() {
	if [ -s "$1" ]; then
		bad "$2"
		sed 's/^/	/' "$1"
	else
		ok
	fi
}

mapfile -t engine < <(find engine include -name '*.[ch]' | sort)
mapfile -t all_c < <(find engine include bench tests -name '*.[ch]' 2>/dev/null | sort)

# Code without comments and string contents, one line for one line: `file:line:text`.
perl -e '
	for my $file (@ARGV) {
		open(my $f, "<", $file) or die "$file: $!\n";
		local $/;
		my $t = <$f>;
		$t =~ s{(/\*.*?\*/)|(//[^\n]*)|("(?:[^"\\\n]|\\.)*")|(\x27(?:[^\x27\\\n]|\\.)*\x27)}{
			my ($c, $l, $s, $q) = ($1, $2, $3, $4);
			defined $c ? "\n" x ($c =~ tr/\n//) : defined $l ? "" :
			defined $s ? "\"" . ($s =~ m{^"[\w./]+\.h"$} ? substr($s, 1, -1) : "") . "\"" : "0" }gsex;
		my $n = 0;
		print "$file:", ++$n, ":$_\n" for split /\n/, $t, -1;
	}' "${all_c[@]}" >"$TMP/code" || bad "cannot read the sources"
grep -E '^(engine|include)/' "$TMP/code" >"$TMP/engine"

# 1. Data flows one way: a floor includes only itself and the floors below it.
perl -ne '
	BEGIN {
		my $i = 0;
		$rank{$_} = ++$i for qw(base input allele cohort codec store build query render serve cli);
	}
	next unless m{^engine/(\w+)/[^:]*:\d+:\s*\#\s*include\s*"([^"]+)"};
	my ($from, $name) = ($1, $2);
	next if $name eq "vidx.h";
	my ($to) = $name =~ m{^(\w+)/\w+\.h$};
	if (!defined $to) { print; next }
	print if !$rank{$to} || !$rank{$from} || $rank{$to} > $rank{$from};' "$TMP/engine" >"$TMP/found"
report "$TMP/found" "an include goes up the house, or is not written \"floor/room.h\""
grep -E '^include/.*#[[:space:]]*include[[:space:]]*"' "$TMP/engine" >"$TMP/found"
report "$TMP/found" "vidx.h includes a private header"

# 2. Sole owners.  sole PATTERN ALLOWED-PATHS WHAT
sole() {
	grep -E "^[^:]+:[0-9]+:.*($1)" "$TMP/engine" | grep -vE "^($2)" >"$TMP/found"
	report "$TMP/found" "$3"
}
sole '[<"]lmdb\.h[>"]|\bmdb_[a-z]+ *\(' 'engine/store/' 'LMDB belongs to store'
sole '[<"]xxh(ash|3)\.h[>"]|\bXXH[0-9_]+[A-Za-z0-9_]* *\(' 'engine/base/hash\.c:' 'xxHash belongs to base/hash.c'
sole '[<"]omp\.h[>"]|#[[:space:]]*pragma[[:space:]]+omp|\bomp_[a-z]+' \
	'engine/build/|engine/store/verify\.c:|engine/render/annotate\.c:' 'OpenMP belongs to build, store/verify and render/annotate'
sole '[<"]htslib/' 'engine/input/|engine/allele/fasta\.[ch]:|engine/render/vcf\.[ch]:' \
	'htslib belongs to input, allele/fasta and render/vcf'
sole '[<"](microhttpd\.h|sys/socket\.h|netinet/|arpa/inet\.h)|\bMHD_[a-z]+' 'engine/serve/' 'sockets and HTTP belong to serve'
sole '\b(v?printf|vfprintf|fprintf|puts|fputs|putchar|putc|fputc|perror|exit|_exit|abort|err|errx|warn|warnx) *\(|\b(stdout|stderr)\b' \
	'engine/cli/' 'printing and exit belong to cli'
sole '\bassert *\( *0 *\)|\b(gets|strcpy|strcat|sprintf|vsprintf|strtok|atoi|atol|atof|alloca) *\(' 'none' 'a function with a safer twin'
sole '-march=|\bsetlocale *\(|\b(rand|srand|random) *\(' 'none' 'locale, luck'

# 3. Size and names.
for f in "${all_c[@]}"; do
	n=$(wc -l <"$f")
	[ "$n" -le 500 ] || echo "$f: $n lines"
done >"$TMP/found"
report "$TMP/found" "a file of over 500 lines"
grep -E ':[0-9]+:[[:space:]]*typedef\b.*\b[a-z0-9_]+_t *;|:[0-9]+:[[:space:]]*} *[a-z0-9_]+_t *;' "$TMP/code" >"$TMP/found"
report "$TMP/found" "a type called *_t"
printf '%s\n' "${engine[@]}" | sed -n 's|^engine/[a-z]*/\(.*\)\.c$|\1|p' | sort | uniq -d >"$TMP/found"
report "$TMP/found" "two rooms of one name"
find engine -mindepth 2 -type f ! -name '*.[ch]' ! -name '*.md' >"$TMP/found"
report "$TMP/found" "a file under engine/ that is neither C nor documentation"

# 4. Words that do not belong into a finished tree, and paths of one machine.
git ls-files >"$TMP/tracked" 2>/dev/null || find . -path ./build -prune -o -path ./.git -prune -o -type f -print >"$TMP/tracked"
grep -vE '^tests/(fuzz/corpus|cli/.*\.(vcf|bcf|gz)$)' "$TMP/tracked" | while read -r f; do [ -f "$f" ] && echo "$f"; done |
	xargs -d '\n' grep -nIE '\b(TOD[O]|FIXM[E]|HAC[K]|XX[X])\b|(^|[^[:alnum:]._-])/(wor[k]|far[m]|hom[e]/[a-z]+|tm[p]/[a-z]+|roo[t])/' >"$TMP/found"
report "$TMP/found" "an unfinished mark, or a path of one machine"

# 5. What the library shows, and what its rooms call their functions.
if [ -f "$O/libvidx.so" ]; then
	nm -D --defined-only "$O/libvidx.so" | awk '$2 != "A" && $3 !~ /^vidx_/' >"$TMP/found"
	slow || report "$TMP/found" "libvidx.so exports something not called vidx_*"
	nm -D --defined-only "$O/libvidx.so" | awk '$3 ~ /^vidx_/ { print $3 }' | sort >"$TMP/exported"
	grep -hoE '\bvidx_[a-z0-9_]+ *\(' include/vidx.h | tr -d ' (' | sort -u >"$TMP/declared"
	comm -23 "$TMP/exported" "$TMP/declared" >"$TMP/found"
	report "$TMP/found" "exported, but not in vidx.h"
	check "libvidx.so exports nothing" [ -s "$TMP/exported" ]
	for obj in "$O"/obj/engine/*/*.o; do
		src=engine/${obj#"$O"/obj/engine/}
		[ -f "${src%.o}.c" ] || continue
		nm --defined-only -g "$obj" | awk -v f="${src%.o}.c" '$3 !~ /^(vx_|vidx_|cmd_|main$|__|\.)/ && $2 ~ /[TDBRCVW]/ { print f ": " $3 }'
	done >"$TMP/found"
	slow || report "$TMP/found" "a function that is not static and not called vx_* (vidx_*, cmd_*)"
	readelf -d "$O/libvidx.so" >"$TMP/dynamic"
	check "libvidx.so has no soname libvidx.so.1" grep -q "SONAME.*libvidx\.so\.1\]" "$TMP/dynamic"
fi
finish
