#!/usr/bin/env bash
# grpmax (popmax) and its AF as gnomAD itself wrote them into its files, against those that are derived
# from the counts.  Which groups its releases compare: v2 afr, amr, eas, nfe, sas, and so v4.0.
. tests/lib.sh grpmax
dir=$SHARED/data/real
if [ ! -d "$dir" ]; then
	skip "no $dir here"
	finish
fi
total=0
for file in "$dir"/gnomad_v[24]*.vcf.{gz,bgz}; do
	name=$(basename "$file")
	case $name in
	*v2*) assembly=GRCh37 options=() ;;
	*v4*) assembly=GRCh38 options=(--grpmax "afr,amr,eas,nfe,sas") ;;
	esac
	[ -f "$file" ] || continue
	"$VIDX" build -q --assembly "$assembly" -o "$TMP/t.vidx" "$file" 2>"$TMP/err" || bad "$name: $(head -n 1 "$TMP/err")"
	"$VIDX" dump -O tsv --populations ALL "${options[@]}" --fields contig,pos,ref,alt,grpmax,grpmax_af "$TMP/t.vidx" >"$TMP/dump" 2>"$TMP/err"
	gzip -dc "$file" | perl -e '
		my %got;
		open my $d, "<", $ARGV[0] or die;
		while (<$d>) { chomp; my @c = split /\t/; $got{join "\t", @c[0 .. 3]} = [@c[4, 5]] }
		my ($n, $bad) = (0, 0);
		while (<STDIN>) {
			next if /^#/;
			chomp;
			my @c = split /\t/;
			next if @c < 8 || $c[4] =~ /,/;
			my $g = $got{join "\t", @c[0, 1, 3, 4]} or next;
			my ($who) = $c[7] =~ /(?:^|;)(?:grpmax|popmax|POPMAX)=([^;]*)/;
			my ($af) = $c[7] =~ /(?:^|;)AF_(?:grpmax|popmax|POPMAX)=([^;]*)/;
			$who //= ".", $af //= ".";
			$n++;
			# of equal frequencies the file may name another group
			my $same = $af eq "." ? $g->[1] eq "." : $g->[1] ne "." && abs($af - $g->[1]) <= 2e-5 * $af;
			next if $same && ($who eq $g->[0] || $who ne ".");
			next if $who eq "." && $g->[0] eq ".";
			print STDERR "\t$_: $who $af, derived @$g\n" for join ":", @c[0, 1, 3, 4];
			$bad++;
		}
		print "$n $bad\n"' "$TMP/dump" >"$TMP/result" 2>"$TMP/differ"
	read -r n differ <"$TMP/result"
	head -n 3 "$TMP/differ"
	equal "$name: variants that differ" 0 "$differ"
	total=$((total + n))
done
check "no variants compared" [ $total -gt 0 ]
echo "  $total variants of gnomAD compared"
finish
