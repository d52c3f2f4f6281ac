#!/usr/bin/env bash
# Damage: what is broken ends with the right exit status, one line that names the place, and an
# older index left as it was; a fault of one record is rejected and counted.
. tests/lib.sh damage
mkdir "$TMP/out"
index=$TMP/out/t.vidx

cat >"$TMP/good.vcf" <<-'END'
	##fileformat=VCFv4.2
	##contig=<ID=1>
	##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">
	#CHROM	POS	ID	REF	ALT	QUAL	FILTER	INFO	FORMAT	A	B
	1	100	.	A	C	.	PASS	.	GT	0/1	1/1
	1	200	.	G	GT	.	PASS	.	GT	0/0	0/1
END
"$VIDX" build -q --assembly test -o "$TMP/older.vidx" "$TMP/good.vcf" || bad "the older index"
older=$(sha256sum <"$TMP/older.vidx")

# run ARGS...: vidx build over an older index; leaves $status and the text of stderr
run() {
	rm -rf "$TMP/out"
	mkdir "$TMP/out"
	cp "$TMP/older.vidx" "$index"
	timeout 120 "$VIDX" build -q --assembly test -o "$index" "$@" >"$TMP/stdout" 2>"$TMP/err" </dev/null
	status=$?
}

untouched() { [ "$(sha256sum <"$index")" = "$older" ] && [ "$(ls -A "$TMP/out")" = t.vidx ]; }

# fatal WANTED-STATUS NAME PLACE: after run(): the exit status, one line naming PLACE, nothing changed
fatal() {
	local lines
	lines=$(wc -l <"$TMP/err")
	if [ "$status" -ne "$1" ]; then
		bad "$2: exit $status instead of $1: $(head -n 1 "$TMP/err" | cut -c1-200)"
	elif [ "$lines" -ne 1 ]; then
		bad "$2: $lines lines on stderr instead of one"
		head -n 3 "$TMP/err" | cut -c1-200
	elif ! grep -qF -e "$3" "$TMP/err"; then
		bad "$2: the line does not name '$3': $(cut -c1-200 "$TMP/err")"
	elif [ -s "$TMP/stdout" ]; then
		bad "$2: wrote to stdout"
	elif ! untouched; then
		bad "$2: the older index was touched, or something was left beside it: $(ls -A "$TMP/out")"
	elif [ "$(awk '{ if (length($0) > m) m = length($0) } END { print m }' "$TMP/err")" -gt 600 ]; then
		bad "$2: a line of over 600 characters"
	else
		ok
	fi
}

# rows INDEX >counts: the dump in the model's columns
rows() {
	"$VIDX" dump -O tsv "$1" | awk -F'\t' -v OFS='\t' 'NR == 1 { sub(/^#/, ""); for (i = 1; i <= NF; i++) c[$i] = i; next }
		{ print $c["contig"], $c["pos"], $c["ref"], $c["alt"], $c["population"], $c["ac"], $c["an"],
			$c["nhomalt"], $c["nhemi"], $c["het"] }' | sort
}

# fine NAME FILE REASON [ARGS...]: builds, agrees with the model, and REASON (`-`: none) is counted
fine() {
	local name=$1 file=$2 reason=$3
	shift 3
	run "$@" --report "$TMP/report.json" "$file"
	if [ "$status" -ne 0 ]; then
		bad "$name: exit $status: $(head -n 1 "$TMP/err" | cut -c1-200)"
		return
	fi
	case $file in
	*.bcf) gzip -dc "$SHARED/data/bad/base.vcf.gz" >"$TMP/text" ;;
	*.gz) gzip -dc "$file" >"$TMP/text" ;;
	*) cp "$file" "$TMP/text" ;;
	esac
	rows "$index" >"$TMP/got"
	"$TESTS/model" "$@" "$TMP/text" | grep -v '^#' | sort >"$TMP/want"
	if ! cmp -s "$TMP/want" "$TMP/got"; then
		bad "$name: not what the model counts"
		diff "$TMP/want" "$TMP/got" | head -n 4 | cut -c1-200
	elif [ "$reason" != - ] && ! perl -0ne 'exit !/"'"$reason"'"\s*:\s*[1-9]/' "$TMP/report.json"; then
		bad "$name: the report counts no $reason"
	elif [ "$reason" = - ] && perl -0ne 'exit !/"(?:bad_gt|bad_counts|bad_allele|ref_mismatch)"\s*:\s*[1-9]/' "$TMP/report.json"; then
		bad "$name: the report counts a fault that is none"
	else
		ok
	fi
}

# --- the damaged files ---
dir=$SHARED/data/bad
if [ -d "$dir" ]; then
	while read -r name verdict arg more; do
		[ -n "$name" ] || continue
		file=$dir/$name
		if [ ! -f "$file" ]; then
			bad "$name: no such file"
			continue
		fi
		case $verdict in
		fatal)
			run "$file"
			fatal 3 "$name" "$name${arg:+: $arg}"
			;;
		*)
			# shellcheck disable=SC2086 # more is a list of options
			fine "$name" "$file" "$arg" $more
			;;
		esac
		echo "$name" >>"$TMP/listed"
	done <<-'END'
		base.bcf fine -
		base.vcf.gz fine -
		bgzf_bitflip.vcf.gz fatal
		bgzf_no_eof.vcf.gz fatal
		bgzf_truncated_header.vcf.gz fatal
		bgzf_truncated_midblock.vcf.gz fatal
		cols_3.vcf fatal
		cols_too_few.vcf fatal 22:16050075
		cols_too_many.vcf fatal 22:16050075
		crlf.vcf fine -
		dup_records.vcf fine duplicate
		dup_records_conflicting_ac.vcf fine duplicate
		dup_samples.vcf fatal
		empty.vcf fatal
		empty.vcf.gz fatal
		gzip_two_members_plus_garbage.vcf.gz fatal
		header_only.vcf fatal
		no_fileformat.vcf fatal
		no_header.vcf fatal
		no_trailing_newline.vcf fine -
		nul_bytes.vcf fatal
		plain_gzip.vcf.gz fine -
		random_bytes.bcf fatal
		random_bytes.vcf.gz fatal
		rec_alt_300.vcf fine -
		rec_alt_bad_chars.vcf fine bad_allele
		rec_alt_dup.vcf fine bad_allele
		rec_alt_empty.vcf fine bad_allele
		rec_alt_eq_ref.vcf fine bad_allele
		rec_alt_trailing_comma.vcf fine bad_allele
		rec_chrom_empty.vcf fatal
		rec_chrom_long.vcf fatal
		rec_chrom_traversal.vcf fine -
		rec_format_gt_not_first.vcf fine -
		rec_format_no_gt.vcf fine -
		rec_gt_empty.vcf fine bad_gt
		rec_gt_huge.vcf fine -
		rec_gt_index_oob.vcf fine bad_gt
		rec_gt_neg.vcf fine bad_gt
		rec_gt_text.vcf fine bad_gt
		rec_gt_triploid.vcf fine -
		rec_info_AC_count_mismatch.vcf fine bad_counts --counts info
		rec_info_AC_dot.vcf fine - --counts info
		rec_info_AC_gt_AN.vcf fine bad_counts --counts info
		rec_info_AC_huge.vcf fine - --counts info
		rec_info_AC_negative.vcf fine bad_counts --counts info
		rec_info_AF_nan_inf.vcf fine - --counts info
		rec_info_AN_zero.vcf fine - --counts info
		rec_info_dup_AC.vcf fine - --counts info
		rec_info_empty.vcf fine - --counts info
		rec_pos_float.vcf fatal 22:1.6e7
		rec_pos_negative.vcf fatal 22:-5
		rec_pos_overflow32.vcf fine -
		rec_pos_overflow64.vcf fatal 22:99999999999999999999
		rec_pos_text.vcf fatal 22:abc
		rec_pos_zero.vcf fine bad_allele
		rec_ref_empty.vcf fine bad_allele
		rec_ref_lower_iupac.vcf fine -
		spaces_not_tabs.vcf fatal
		truncated.bcf fatal
		truncated_last_line.vcf fatal 22:16051926
		utf8_bom.vcf fatal
	END
	# 70,000 alternatives are many, not wrong.
	run "$dir/rec_alt_70000.vcf"
	equal "rec_alt_70000.vcf: exit" 0 "$status"
	echo rec_alt_70000.vcf >>"$TMP/listed"
	for f in "$dir"/*; do
		grep -qxF "$(basename "$f")" "$TMP/listed" || bad "$(basename "$f"): not in the table of this test"
	done
	# Under --strict a fault of one record is fatal; nothing to index is not.
	run --strict "$dir/rec_gt_text.vcf"
	fatal 3 "--strict rec_gt_text.vcf" "rec_gt_text.vcf: 22:16050075"
	run --strict --counts info "$dir/rec_info_AC_gt_AN.vcf"
	fatal 3 "--strict rec_info_AC_gt_AN.vcf" "rec_info_AC_gt_AN.vcf: 22:16050075"
	# The first fault in input order is the one told, at any number of threads.
	for threads in 1 2 3 8; do
		run --threads $threads "$dir/base.vcf.gz" "$dir/rec_pos_text.vcf" "$dir/bgzf_bitflip.vcf.gz" "$dir/cols_too_few.vcf"
		fatal 3 "the first of three faults at $threads threads" "rec_pos_text.vcf: 22:abc"
	done
else
	skip "no $dir here"
fi

# --- made here: a BCF whose record names contig 7 of 1, and one that is sound ---
make_bcf() { # CONTIG-NUMBER
	perl -e '
		my $contig = shift;
		my $text = "##fileformat=VCFv4.2\n##FILTER=<ID=PASS,Description=\"ok\">\n##contig=<ID=1,length=1000>\n" .
			"##INFO=<ID=AC,Number=A,Type=Integer,Description=\"c\">\n##INFO=<ID=AN,Number=1,Type=Integer,Description=\"n\">\n" .
			"#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n\0";
		# AC = 1, AN = 4 as int8; keys 1 and 2 of the dictionary
		my $info = pack("CCCC", 0x11, 1, 0x11, 1) . pack("CCCC", 0x11, 2, 0x11, 4);
		my $shared = pack("l<l<l<", $contig, 99, 1) . pack("L<", 0x7f800001) . pack("L<L<", 2 << 16 | 2, 0) .
			pack("C", 0x07) . "\x17A\x17C" . pack("CC", 0x11, 0) . $info;
		print "BCF\2\2", pack("L<", length $text), $text, pack("L<L<", length $shared, 0), $shared;' -- "$1"
}
make_bcf 0 >"$TMP/sound.bcf"
run "$TMP/sound.bcf"
equal "a BCF made by hand: exit" 0 "$status"
make_bcf 7 >"$TMP/contig7.bcf"
run "$TMP/contig7.bcf"
fatal 3 "a BCF contig outside the dictionary" contig7.bcf
make_bcf -1 >"$TMP/contig-1.bcf"
run "$TMP/contig-1.bcf"
fatal 3 "a negative BCF contig" contig-1.bcf

# Cut anywhere, a BGZF file is damaged.
if [ -f "$dir/base.vcf.gz" ]; then
	size=$(stat -c %s "$dir/base.vcf.gz")
	for cut in 1 17 18 27 100 4096 65536 100000 $((size - 29)) $((size - 28)) $((size - 27)) $((size - 1)); do
		head -c "$cut" "$dir/base.vcf.gz" >"$TMP/cut.vcf.gz"
		run "$TMP/cut.vcf.gz"
		fatal 3 "base.vcf.gz cut to $cut bytes" cut.vcf.gz
	done
	{ cat "$dir/base.vcf.gz" && printf 'garbage after the end'; } >"$TMP/tail.vcf.gz"
	run "$TMP/tail.vcf.gz"
	fatal 3 "garbage after the end of a BGZF file" tail.vcf.gz
fi

# --- the machine ---
run "$TMP/no-such-file.vcf"
fatal 3 "an input that is not there" no-such-file.vcf
"$VIDX" build -q --assembly test -o "$TMP/none/t.vidx" "$TMP/good.vcf" 2>"$TMP/err"
equal "a directory that is not there: exit" 5 $?
equal "a directory that is not there: lines" 1 "$(wc -l <"$TMP/err")"
mkdir "$TMP/sealed"
cp "$TMP/older.vidx" "$TMP/sealed/t.vidx"
chmod 555 "$TMP/sealed"
if [ "$(id -u)" -ne 0 ] || { mount --bind "$TMP/sealed" "$TMP/sealed" && mount -o remount,ro,bind "$TMP/sealed"; } 2>/dev/null; then
	"$VIDX" build -q --assembly test -o "$TMP/sealed/t.vidx" "$TMP/good.vcf" 2>"$TMP/err"
	equal "a directory that cannot be written: exit" 5 $?
	equal "a directory that cannot be written: lines" 1 "$(wc -l <"$TMP/err")"
	equal "a directory that cannot be written: the older index" "$older" "$(sha256sum <"$TMP/sealed/t.vidx")"
	"$VIDX" get "$TMP/sealed/t.vidx" 1-100-A-C >/dev/null 2>"$TMP/err"
	equal "get from a directory that cannot be written: exit" 0 $?
	umount "$TMP/sealed" 2>/dev/null
else
	skip "an unwritable directory: root, and no right to mount"
fi
# The report is there if the index is: one that fails leaves the older of both.
echo older >"$TMP/report.json"
# shellcheck disable=SC2317
sealed_report() { [ "$(cat "$TMP/report.json")" = older ] && [ "$(find "$TMP" -maxdepth 1 -name 'report.json*' | wc -l)" -eq 1 ]; }
run --report "$TMP/none/report.json" "$TMP/good.vcf"
fatal 5 "a report where no directory is" "$TMP/none/report.json: cannot write the report"
run --report "$TMP/out/../out/t.vidx" "$TMP/good.vcf"
fatal 2 "a report on the index" "is the index and cannot be the report too"
ln "$TMP/good.vcf" "$TMP/link.vcf"
run --report "$TMP/link.vcf" "$TMP/good.vcf"
fatal 2 "a report on an input" "is an input, and would be replaced"
printf 'sample\n' >"$TMP/sheet.tsv"
run --report "$TMP/sheet.tsv" --samples "$TMP/sheet.tsv" "$TMP/good.vcf"
fatal 2 "a report on the sample sheet" "is an input, and would be replaced"
mkdir -p "$TMP/folder"
run --report "$TMP/folder" "$TMP/good.vcf"
fatal 5 "a report on a folder" "cannot write the report: Is a directory"
mkdir -p "$TMP/new"
"$VIDX" build -q --assembly test -o "$TMP/new/t.vidx" --report "$TMP/new/../new/t.vidx" "$TMP/good.vcf" 2>"$TMP/err"
equal "a report on an index to come: exit" 2 $?
equal "a report on an index to come: nothing there" 0 "$(find "$TMP/new" -type f | wc -l)"
check "a report on an input: it is whole" grep -q '^##fileformat' "$TMP/link.vcf"
mkdir "$TMP/out/folder"
"$VIDX" build -q --assembly test -o "$TMP/out/folder" --report "$TMP/report.json" "$TMP/good.vcf" 2>"$TMP/err"
equal "an index on a directory: exit" 5 $?
check "an index on a directory: the older report" sealed_report
run --report "$TMP/report.json" "$TMP/no-such-file.vcf"
check "an input that is not there: the older report" sealed_report
ln -s report.json "$TMP/report.link"
run --report "$TMP/report.link" "$TMP/good.vcf"
equal "a report by a link: exit" 0 "$status"
check "a report by a link: the link stays" test -L "$TMP/report.link"
check "a report by a link: it is new" grep -q '"read": 2' "$TMP/report.json"
run --report /dev/stdout "$TMP/good.vcf"
check "a report on a pipe" grep -q '"read": 2' "$TMP/stdout"
run --report /dev/full "$TMP/good.vcf"
equal "a report on a full device: exit" 5 "$status"
equal "a report on a full device: lines" 1 "$(wc -l <"$TMP/err")"
echo older >"$TMP/report.json"
mkdir "$TMP/small"
# An index that a page or two do not hold.
awk 'BEGIN { OFS = "\t"; print "##fileformat=VCFv4.2"; print "##contig=<ID=1,length=9000000>"
	print "##INFO=<ID=AC,Number=A,Type=Integer,Description=\"x\">"; print "##INFO=<ID=AN,Number=1,Type=Integer,Description=\"x\">"
	print "#CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO"
	for (i = 1; i <= 30000; i++) print 1, 100 + i * 37 + i % 11, "rs" i * 7919 % 999983, "A", "C", ".", "PASS", "AC=" i * 31 % 97 ";AN=" 9000 + i * 17 % 999 }' >"$TMP/many.vcf"
if [ "$(id -u)" -eq 0 ] && mount -t tmpfs -o size=1m none "$TMP/small" 2>/dev/null; then
	cp "$TMP/older.vidx" "$TMP/small/t.vidx"
	free=$(df --output=avail -B1 "$TMP/small" | tail -n 1)
	for keep in 0 4096 16384 65536; do
		rm -f "$TMP/small/filler"
		head -c $((free - keep)) /dev/zero >"$TMP/small/filler" 2>/dev/null
		"$VIDX" build -q --assembly test -o "$TMP/small/t.vidx" --report "$TMP/report.json" "$TMP/many.vcf" 2>"$TMP/err"
		status=$?
		# The largest of these may be enough for the index: then it is whole.
		if [ $status -eq 0 ] && [ $keep -ge 16384 ]; then
			"$VIDX" verify -q "$TMP/small/t.vidx" >/dev/null 2>&1
			equal "a nearly full disk: verify" 0 $?
			cp "$TMP/older.vidx" "$TMP/small/t.vidx"
			check "a nearly full disk: the report" grep -q '"read": [1-9]' "$TMP/report.json"
			echo older >"$TMP/report.json"
			continue
		fi
		equal "a full disk ($keep bytes left): exit" 5 $status
		equal "a full disk ($keep bytes left): lines" 1 "$(wc -l <"$TMP/err")"
		equal "a full disk ($keep bytes left): the older index" "$older" "$(sha256sum <"$TMP/small/t.vidx")"
		equal "a full disk ($keep bytes left): files" "filler t.vidx" "$(find "$TMP/small" -type f -printf '%f\n' | sort | tr '\n' ' ' | sed 's/ $//')"
		check "a full disk ($keep bytes left): the older report" sealed_report
	done
	# The other way round: the index would fit, its report does not.
	rm -f "$TMP/small/filler"
	head -c $((2 * free)) /dev/zero >"$TMP/small/filler" 2>/dev/null
	run --report "$TMP/small/report.json" "$TMP/good.vcf"
	fatal 5 "a full disk for the report" "small/report.json: cannot write the report"
	equal "a full disk for the report: files" "filler t.vidx" "$(find "$TMP/small" -type f -printf '%f\n' | sort | tr '\n' ' ' | sed 's/ $//')"
	umount "$TMP/small"
else
	skip "a full disk: not root, or no right to mount a small one"
fi
"$VIDX" dump "$TMP/older.vidx" >/dev/full 2>"$TMP/err"
equal "dump to a full device: exit" 5 $?

# --- damaged indexes: an error (4) or, where the byte means nothing, the same answers; never a crash ---
printf 'not an index' >"$TMP/x.vidx"
"$VIDX" get "$TMP/x.vidx" 1-100-A-C >/dev/null 2>"$TMP/err"
equal "not an index: exit" 4 $?
: >"$TMP/x.vidx"
"$VIDX" info "$TMP/x.vidx" >/dev/null 2>"$TMP/err"
equal "an empty index: exit" 4 $?
"$VIDX" info "$TMP/not-there.vidx" >/dev/null 2>"$TMP/err"
equal "no index: exit" 4 $?
"$VIDX" dump -O tsv "$TMP/older.vidx" >"$TMP/sound.dump"
size=$(stat -c %s "$TMP/older.vidx")
for cut in 1 100 4095 4096 8192 $((size / 2)) $((size - 4096)) $((size - 1)); do
	head -c "$cut" "$TMP/older.vidx" >"$TMP/x.vidx"
	"$VIDX" verify "$TMP/x.vidx" >/dev/null 2>&1
	equal "an index cut to $cut bytes: verify" 4 $?
	"$VIDX" get "$TMP/x.vidx" 1-100-A-C >/dev/null 2>&1
	status=$?
	[ $status -eq 4 ] || [ $status -eq 0 ] || bad "an index cut to $cut bytes: get ends with $status"
done
TAB=$(printf '\t')
# Under --strict the first duplicate in input order is named, also where only the second pass meets it:
# a row of the first file lies among those of the second, which repeats it and, later, another of its own.
strict_file() { # CONTIG RECORD-TO-INSERT PLACE
	awk -v c="$1" -v extra="$2" -v at="$3" 'BEGIN { OFS = "\t"
		printf "##fileformat=VCFv4.2\n##contig=<ID=c1,length=9000000>\n##contig=<ID=c2,length=9000000>\n"
		printf "##INFO=<ID=AC,Number=A,Type=Integer,Description=\"x\">\n##INFO=<ID=AN,Number=1,Type=Integer,Description=\"x\">\n"
		print "#CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO"
		pad = sprintf("%0200d", 0)
		for (i = 1; i <= 20000; i++) {
			print c, 990 + i * 10, ".", "A", "C", ".", "PASS", "AC=5;AN=10;Z=" pad
			if (i == at) print extra, ".", "A", "C", ".", "PASS", "AC=1;AN=10" } }'
}
strict_file c2 "c1${TAB}2000" 10000 >"$TMP/a.vcf"
strict_file c1 "c1${TAB}200990" 20000 >"$TMP/b.vcf"
for t in 1 2 3; do
	"$VIDX" build -q --strict --threads $t --assembly toy -o "$TMP/out/strict.vidx" "$TMP/a.vcf" "$TMP/b.vcf" 2>"$TMP/err"
	equal "a duplicate of the second pass, $t threads: exit" 3 $?
	check "a duplicate of the second pass, $t threads: it comes first" grep -q 'b.vcf: c1:2000: duplicate' "$TMP/err"
	equal "a duplicate of the second pass, $t threads: no index" 0 "$(find "$TMP/out" -name '*strict*' | wc -l)"
done

n_found=0 n_same=0
for i in $(seq 1 "$(if slow; then echo 40; else echo 200; fi)"); do
	at=$((i * 7919 % size))
	perl -e 'my ($in, $out, $at, $bit) = @ARGV; local $/; open F, "<", $in; $_ = <F>; substr($_, $at, 1) ^= chr(1 << $bit); open G, ">", $out; print G $_' \
		"$TMP/older.vidx" "$TMP/x.vidx" $at $((i % 8))
	"$VIDX" verify "$TMP/x.vidx" >/dev/null 2>&1
	found=$?
	"$VIDX" get "$TMP/x.vidx" 1-100-A-C >/dev/null 2>&1
	got=$?
	"$VIDX" dump -O tsv "$TMP/x.vidx" >"$TMP/x.dump" 2>/dev/null
	dumped=$?
	if [ $found -eq 4 ] && [[ $got =~ ^[014]$ ]] && [[ $dumped =~ ^[04]$ ]]; then
		n_found=$((n_found + 1))
	elif [ $found -eq 0 ] && [ $got -eq 0 ] && [ $dumped -eq 0 ] && cmp -s "$TMP/sound.dump" "$TMP/x.dump"; then
		n_same=$((n_same + 1))
	else
		bad "byte $at, bit $((i % 8)) flipped: verify $found, get $got, dump $dumped"
		continue
	fi
	ok
done
echo "  flipped bits: $n_found found by verify, $n_same without meaning"
finish
