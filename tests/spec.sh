#!/usr/bin/env bash
# The files of two test suites for readers of VCF, valid and invalid ones: each is indexed, with every
# record accounted for, or refused with exit status 3 and one line that says why; never a crash,
# never a hang, nothing left behind.  What becomes of each valid file is in tests/spec.expected: those
# refused have no records, or neither genotypes nor counts; those with a record rejected have an
# allele at POS 0, in front of the first base, or the same allele twice.
#
# Most have neither genotypes nor counts and are refused for that, so those are read a second time
# with AC and AN declared in their headers: then their records are looked at too.
. tests/lib.sh spec
dir=$SHARED/data/spec

# one KIND FILE: builds it; writes a line of file, kind, outcome
one() {
	local kind=$1 file=$2 name status message out
	name=${file//\//_}.$kind
	out=$TMP/$name
	if [ "$kind" = plain ]; then
		cp "$SHARED/data/spec/$file" "$out.vcf"
	else
		awk '/^#CHROM/ { print "##INFO=<ID=AC,Number=.,Type=Integer,Description=\"x\">"
			print "##INFO=<ID=AN,Number=1,Type=Integer,Description=\"x\">" } { print }' \
			"$SHARED/data/spec/$file" >"$out.vcf"
	fi
	timeout 20 "$VIDX" build -q --threads 1 --assembly test -o "$out.vidx" --report "$out.json" "$out.vcf" >"$out.out" 2>"$out.err"
	status=$?
	message=$(grep -v '^vidx build: warning: ' "$out.err")
	case $status in
	0)
		printf '%s\t%s\tindexed\t%s\n' "$file" "$kind" "$out"
		[ -f "$out.vidx" ] || printf '%s\t%s\tfault\tno index\n' "$file" "$kind"
		[ -z "$message" ] || printf '%s\t%s\tfault\t%s\n' "$file" "$kind" "$message"
		;;
	3)
		message=${message#vidx build: }
		printf '%s\t%s\trefused\t%s\n' "$file" "$kind" "${message#"$out.vcf: "}"
		[ "$(wc -l <<<"$message")" -eq 1 ] && [ -n "$message" ] || printf '%s\t%s\tfault\tnot one line\n' "$file" "$kind"
		[ "$message" != "${message#"$out.vcf"}" ] || printf '%s\t%s\tfault\tdoes not name the file: %s\n' "$file" "$kind" "$message"
		[ ! -e "$out.vidx" ] && [ ! -e "$out.json" ] || printf '%s\t%s\tfault\tleft something\n' "$file" "$kind"
		;;
	*) printf '%s\t%s\tfault\texit %d: %s\n' "$file" "$kind" $status "$message" ;;
	esac
	rm -f "$out.vidx" "$out.out" "$out.err"
}

if [ "${1:-}" = --one ]; then
	trap - EXIT
	rm -rf "$TMP"
	TMP=$2
	shift 3
	for file; do one "$READ_AS" "$file"; done
	exit
fi
if [ ! -d "$dir" ]; then
	skip "no $dir here"
	finish
fi

# all KIND <FILES: in as many processes as there are cores
all() { READ_AS=$1 xargs -d '\n' -n 20 -P "$(nproc)" bash "$0" --one "$TMP" --; }

tail -n +2 "$dir/INDEX.tsv" | cut -f1 | all plain >"$TMP/plain"
awk -F'\t' '$3 == "refused" && $4 ~ /^neither genotypes nor counts/ { print $1 }' "$TMP/plain" | all declared >"$TMP/declared"
sort "$TMP/plain" "$TMP/declared" >"$TMP/all"

n=$(cut -f1 "$TMP/plain" | sort -u | wc -l)
equal "files looked at" "$(($(wc -l <"$dir/INDEX.tsv") - 1))" "$n"
while IFS=$'\t' read -r file kind _ what; do bad "$file ($kind): $what"; done < <(awk -F'\t' '$3 == "fault"' "$TMP/all")

# Every record and allele of what was indexed.
awk -F'\t' -v OFS='\t' '$3 == "indexed" { print $4 ".json", $4 ".vcf" }' "$TMP/all" |
	perl tests/accounting.pl many >"$TMP/accounts"
equal "files accounted for" "$(grep -c -P '\tindexed\t' "$TMP/all")" "$(grep -c -P '\tok ' "$TMP/accounts")"
grep FAULT "$TMP/accounts" | head -n 5

# One outcome a line: file, kind, what became of it, with the reasons alone.
perl -F'\t' -lane '
	BEGIN {
		open(my $a, "<", shift) or die;
		while (<$a>) { chomp; my ($f, $s) = split /\t/; $f =~ s/\.vcf$//; $said{$f} = $s }
	}
	my $what = $F[3];
	if ($F[2] eq "indexed") {
		my @s = split / /, $said{$what};
		$what = "indexed $s[2]" . ($s[3] ? ", nothing $s[3]" : "");
		$what .= ", $_" for grep { /^rejected/ } @s;
		$what =~ s/rejected:(\w+)=(\d+)/rejected $2 $1/g;
	} else {
		$what =~ s/^[^:]+:[^:]*: (?=POS|columns|CHROM)//;
		$what =~ s/(no .*keys)( is a count|, only).*/$1/, $what =~ s/(nor counts): .*/$1/;
		$what =~ s/: \x27.*//, $what =~ s/ but:.*//, $what =~ s/; it ends with.*//;
		$what = "refused: $what";
	}
	print join "\t", @F[0, 1], $what;' "$TMP/accounts" "$TMP/all" >"$TMP/outcomes"
awk -F'\t' 'NR == FNR { verdict[$1] = $2; next } verdict[$1] == "passed"' "$dir/INDEX.tsv" "$TMP/outcomes" >"$TMP/passed"
same_files "what becomes of valid files" tests/spec.expected "$TMP/passed"

# The table: verdict of the suite, how it was read, outcome, files.
awk -F'\t' 'NR == FNR { verdict[$1] = $2; next }
	{ what = $3; sub(/^indexed 0, nothing.*/, "nothing to index", what); sub(/^indexed [0-9]+/, "indexed", what)
	  gsub(/, nothing [0-9]+/, "", what); gsub(/rejected [0-9]+/, "rejected", what)
	  n[verdict[$1] "\t" $2 "\t" what]++ }
	END { for (k in n) print k "\t" n[k] }' "$dir/INDEX.tsv" "$TMP/outcomes" | sort |
	awk -F'\t' '{ printf "  %-6s  %-8s  %-62s %4d\n", $1, $2, $3, $4 }'
printf '  %d files, %d of them read again with AC and AN declared\n' "$n" "$(wc -l <"$TMP/declared")"
finish
