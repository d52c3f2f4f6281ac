# Every spelling of the alleles of an index, for tests/spellings.sh.
#
#	perl tests/spellings.pl REFERENCE.fa ACCESSION DUMP OUT
#
# DUMP: `vidx dump -O tsv --populations ALL --fields contig,pos,ref,alt,ac`, of one contig.  Writes
# OUT.query, a spelling a line, and OUT.wanted, the row that each must find, and prints how many
# alleles and spellings of each kind there are.
use strict;
use warnings;

my ($fasta, $accession, $dump, $out) = @ARGV;
my $seq = '';
open my $f, '<', $fasta or die "$fasta: $!\n";
while (<$f>) { chomp; $seq .= uc unless /^>/ }

open my $d, '<', $dump or die "$dump: $!\n";
open my $q, '>', "$out.query" or die "$out.query: $!\n";
open my $w, '>', "$out.wanted" or die "$out.wanted: $!\n";
my (%n, $row);

sub spell { my ($kind, $text) = @_; $n{$kind}++; print $q "$text\n"; print $w $row }

# The stretch [beg, beg + length del) becomes ins.
sub spdi {
	my ($beg, $del, $ins) = @_;
	spell('SPDI', "$accession:$beg:$del:$ins");
	spell('SPDI, length', "$accession:$beg:" . length($del) . ":$ins");
}

sub stretch { my ($beg, $len) = @_; return $len == 1 ? $beg + 1 : ($beg + 1) . '_' . ($beg + $len) }

sub hgvs {
	my ($contig, $beg, $del, $ins) = @_;
	my ($nd, $ni) = (length $del, length $ins);
	my $at = "$contig:g." . stretch($beg, $nd) if $nd;
	if (!$ni) {
		spell('HGVS del', $at . 'del');
		spell('HGVS del, bases', $at . "del$del");
	} elsif (!$nd) {
		spell('HGVS ins', "$contig:g.${beg}_" . ($beg + 1) . "ins$ins") if $beg > 0 && $beg < length $seq;
		if ($beg >= $ni && substr($seq, $beg - $ni, $ni) eq $ins) {
			my $dup = "$contig:m." . stretch($beg - $ni, $ni) . 'dup';
			spell('HGVS dup', $dup);
			spell('HGVS dup, bases', $dup . $ins);
		}
	} else {
		spell('HGVS substitution', "$at$del>$ins") if $nd == 1 && $ni == 1;
		spell('HGVS delins', "${at}delins$ins");
		spell('HGVS delins, bases', "${at}del${del}ins$ins");
	}
}

while (<$d>) {
	next if $. == 1;
	$row = $_;
	chomp;
	my ($contig, $pos, $ref, $alt) = split /\t/;
	next if $alt =~ /[^ACGT]/;
	my ($beg, $del, $ins) = ($pos - 1, $ref, $alt);
	$n{'alleles'}++;
	$n{'indels'}++ if length $ref != length $alt;
	spell('CHROM-POS-REF-ALT', "$contig-$pos-$ref-$alt");
	spell('CHROM:POS:REF:ALT', "MT:$pos:$ref:$alt");
	spell('CHROM:POS REF>ALT', "$accession:$pos " . lc("$ref>$alt"));
	my $more = substr $seq, $beg + length $ref, 3;
	spell('CHROM POS REF ALT', "$contig\t$pos\t$ref$more\t$alt$more");
	spdi($beg, $ref, $alt);
	# down to what changes
	while (length $del && length $ins && substr($del, -1) eq substr($ins, -1)) { chop $del; chop $ins }
	while (length $del && length $ins && substr($del, 0, 1) eq substr($ins, 0, 1)) {
		$beg++, $del = substr($del, 1), $ins = substr($ins, 1);
	}
	spdi($beg, $del, $ins);
	hgvs($contig, $beg, $del, $ins);
	next if length $del && length $ins;
	# and as far to the right as it goes, where HGVS wants it
	my $moves = 0;
	while (length $ins && substr($ins, 0, 1) eq substr($seq, $beg, 1)) {
		$ins = substr($ins, 1) . substr($ins, 0, 1), $beg++, $moves++;
	}
	while (length $del && $beg + length($del) < length $seq && substr($del, 0, 1) eq substr($seq, $beg + length $del, 1)) {
		$del = substr($del, 1) . substr($del, 0, 1), $beg++, $moves++;
	}
	next unless $moves;
	$n{'moved'}++;
	spdi($beg, $del, $ins);
	hgvs('MT', $beg, $del, $ins);
}
close $q or die "$out.query: $!\n";
close $w or die "$out.wanted: $!\n";
printf "  %-24s %6d\n", $_, $n{$_} for sort keys %n;
