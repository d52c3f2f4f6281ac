# Compares one dump of a build with --reference with what bcftools norm -m-any -f made of the same file.
#
#	perl tests/norm.pl REFERENCE.fa EXPECTED DUMP
#
# EXPECTED: CHROM POS REF ALT of `bcftools norm -m-any -c w`, which keeps what it cannot normalise,
# and where they are to be compared too ID AC AN, the ID being the record's number: of equal alleles
# the first counts.  DUMP: `vidx dump -O tsv`.  Prints the first differences and
# `RESULT rows differences left-out`.
#
# Left out of EXPECTED: what is no allele ('.', '*', <*>, <NON_REF>, ALT equal to REF, other text),
# and rows whose REF is not the reference's (non-ACGT reads as N there).  Left out of both: ALTs with
# other IUPAC letters, which bcftools does not move.
use strict;
use warnings;

my ($fasta, $expected, $dump) = @ARGV;

my (%seq, $name);
open my $f, '<', $fasta or die "$fasta: $!\n";
while (<$f>) {
	chomp;
	if (/^>(\S+)/) { $name = $1 unless exists $seq{$1}; next }
	$seq{$name} .= uc $_;
}
tr/ACGT/N/c for values %seq;

sub kept {
	my ($contig, $pos, $ref, $alt) = @_;
	return 0 if $alt =~ /^(\.|\*|<\*>|<NON_REF>)$/ || uc $ref eq uc $alt;
	return 0 unless $alt =~ /^[ACGTN]+$/i || $alt =~ /[<\[\]]/;
	return $pos > 0 && $pos <= length $seq{$contig} && substr($seq{$contig}, $pos - 1, length $ref) eq uc $ref;
}

my (%want, %first, %got);
my ($left_out, $with_counts) = (0, 0);
open my $e, '<', $expected or die "$expected: $!\n";
while (<$e>) {
	chomp;
	my ($contig, $pos, $ref, $alt, $id, $ac, $an) = split /\t/;
	if (!kept($contig, $pos, $ref, $alt)) { $left_out++; next }
	$ref = uc $ref;
	$alt = uc $alt if $alt =~ /^[A-Za-z]+$/;
	my $key = join "\t", $contig, $pos, $ref, $alt;
	$with_counts = defined $id;
	next if $with_counts && exists $first{$key} && $first{$key} < $id;
	$first{$key} = $id;
	$want{$key} = $with_counts ? "$id $ac $an" : 1;
}
open my $d, '<', $dump or die "$dump: $!\n";
while (<$d>) {
	next if $. == 1;
	my @c = split /\t/;
	next if $c[4] =~ /^[A-Z]+$/ && $c[4] =~ /[^ACGTN]/;
	$got{join "\t", @c[1 .. 4]} = $with_counts ? "$c[5] $c[8] $c[9]" : 1;
}
my ($n, $bad) = (0, 0);
for my $k (sort keys %want) {
	$n++;
	next if defined $got{$k} && $got{$k} eq $want{$k};
	print "\t$k: bcftools $want{$k}, vidx ", $got{$k} // 'nothing', "\n" if $bad++ < 5;
}
for my $k (sort keys %got) {
	next if $want{$k};
	$n++;
	print "\t$k: only vidx has it\n" if $bad++ < 5;
}
print "RESULT $n $bad $left_out\n";
