# Compares one dump with one answer of bcftools.
#
#	perl tests/expected.pl EXPECTED DUMP GENOTYPES
#
# EXPECTED: CHROM POS REF ALT AC AN AC_Hom AC_Het AC_Hemi, with a population after ALT or for ALL;
# plain or gzip; alleles split but not trimmed, counts of alleles.  DUMP: `vidx dump -O tsv`.  GENOTYPES: the file itself as VCF text (may be empty:
# then it has no half calls).  Prints the first differences and `RESULT rows differences left-out`.
#
# What differs by intention: *, <*>, <NON_REF> and . are no alleles; the first of equal alleles is
# kept; people, not alleles, are counted in nhomalt; a half call of a diploid is no hemizygote;
# rows with a triploid are left out, since bcftools counts those by distinct alleles.
use strict;
use warnings;

my ($expected, $dump, $genotypes) = @ARGV;

sub sequence { return $_[0] =~ /^[A-Za-z]+$/ }

sub normal {
	my ($contig, $pos, $ref, $alt) = @_;
	$ref = uc $ref;
	if (sequence($alt)) {
		$alt = uc $alt;
		while (length $ref > 1 && length $alt > 1 && substr($ref, -1) eq substr($alt, -1)) {
			chop $ref;
			chop $alt;
		}
		my $n = 0;
		$n++ while $n < length($ref) - 1 && $n < length($alt) - 1 && substr($ref, $n, 1) eq substr($alt, $n, 1);
		($pos, $ref, $alt) = ($pos + $n, substr($ref, $n), substr($alt, $n));
	}
	return join "\t", $contig, $pos, $ref, $alt;
}

# Half calls that carry an ALT, and records with more than two alleles in a sample, by the text of
# the record.  Only lines that can hold either are looked at closely.
my (%half, %odd, %wrapped, %span);
open my $g, '<', $genotypes or die "$genotypes: $!\n";
while (<$g>) {
	next if /^#/;
	# bcftools 1.16 prints such a position modulo 2^32.
	$wrapped{"$1\t" . $2 % 2**32} = $2 if /^([^\t]+)\t(\d{10,})\t/ && $2 >= 2**32;
	# END and SVLEN belong to the identity of a symbolic allele.
	if (/^([^\t]+)\t(\d+)\t[^\t]*\t([^\t]*)\t([^\t]*<[^\t]*)\t[^\t]*\t[^\t]*\t([^\t\n]*)/) {
		my ($contig, $pos, $ref, $alts, $info) = ($1, $2, $3, $4, $5);
		my $span = join ' ', $info =~ /(?:^|;)((?:END|SVLEN)=[^;]*)/g;
		push @{$span{join "\t", $contig, $pos, $ref, $_}}, $span for split /,/, $alts;
	}
	next unless m{\.[/|]\d|\d[/|]\.|[\d.][/|][\d.]+[/|][\d.]};
	chomp;
	my ($contig, $pos, undef, $ref, $alts, undef, undef, undef, $format, @samples) = split /\t/;
	my @keys = split /:/, $format // '';
	my ($at) = grep { $keys[$_] eq 'GT' } 0 .. $#keys;
	next unless defined $at;
	my (@n, $more);
	for my $sample (@samples) {
		my $gt = (split /:/, $sample)[$at] // '.';
		my @alleles = split m{[/|]}, $gt;
		my @called = grep { $_ ne '.' } @alleles;
		$more = 1 if @alleles > 2;
		$n[$called[0]]++ if @alleles == 2 && @called == 1;
	}
	my @alt = split /,/, $alts;
	for my $i (0 .. $#alt) {
		my $key = join "\t", $contig, $pos, $ref, $alt[$i];
		push @{$half{$key}}, $n[$i + 1] // 0;
		push @{$odd{$key}}, $more;
	}
}
close $g;

my (%want, %left_out, %seen, %met, %population);
my $left_out = 0;
open my $e, '-|', 'gzip', '-dcf', $expected or die "$expected: $!\n";
while (<$e>) {
	chomp;
	my @fields = split /\t/;
	splice @fields, 4, 0, 'ALL' if @fields == 9;
	my ($contig, $pos, $ref, $alt, $pop, $ac, $an, $hom, $het, $hemi) = @fields;
	$pos = $wrapped{"$contig\t$pos"} // $pos;
	$_ eq '.' and $_ = 0 for $ac, $an, $hom, $het, $hemi; # a record without genotypes
	my $raw = join "\t", $contig, $pos, $ref, $alt;
	my $nth = $seen{"$pop\t$raw"}++;
	next if $alt =~ /^(?:\*|<\*>|<NON_REF>|<\*:DEL>|\.)$/;
	my $key = normal($contig, $pos, $ref, $alt) . "\t$pop";
	$population{$pop} = 1;
	$hemi -= $half{$raw}[$nth] // 0;
	my $row = join ' ', "ac $ac an $an nhomalt", $hom / 2, "nhemi $hemi het $het";
	my $span = $alt =~ /^</ ? $span{join "\t", $contig, $pos, $ref, $alt}[$nth] // '' : '';
	next if $met{"$key\t$span"}++ || $left_out{$key};
	if ($odd{$raw}[$nth]) {
		$left_out{$key} = 1;
		$left_out++;
		next;
	}
	push @{$want{$key}}, $row;
}
close $e or die "$expected: cannot be read\n";

my (%have, %column);
open my $d, '<', $dump or die "$dump: $!\n";
while (<$d>) {
	chomp;
	my @f = split /\t/;
	if (/^#/) {
		s/^#//;
		my @names = split /\t/;
		@column{@names} = 0 .. $#names;
		next;
	}
	next if !$population{$f[$column{population}]};
	my $key = join "\t", @f[@column{qw(contig pos ref alt population)}];
	push @{$have{$key}}, sprintf 'ac %s an %s nhomalt %s nhemi %s het %s', @f[@column{qw(ac an nhomalt nhemi het)}];
}
close $d;

my ($n, $differ) = (0, 0);
sub differ {
	print "\t", join(' ', @_), "\n" if $differ++ < 3;
}
for my $key (sort keys %want) {
	$n += @{$want{$key}};
	my ($w, $h) = map { join '; ', sort @{$_ // []} } $want{$key}, $have{$key};
	differ($key =~ tr/\t/ /r, ": expected $w, got", $h || 'nothing') if $w ne $h;
}
for my $key (sort keys %have) {
	differ($key =~ tr/\t/ /r, ': not expected') if !$want{$key} && !$left_out{$key};
}
print "RESULT $n $differ $left_out\n";
