# A random cohort on small contigs full of repeats, for tests/norm_counts.sh.
#
#	perl tests/norm_random.pl DIR SEED N
#
# Writes DIR/ref.fa with N contigs of 20 to 400 bases, and DIR/random.vcf, sorted, with some tens of
# records on each (of over 1,000 contigs a few): several ALTs, *, symbolic alleles, breakends, lower case, N and IUPAC letters, a wrong
# REF now and then; genotypes of every phase and ploidy, half and not called, GT anywhere or absent.
use strict;
use warnings;

my ($dir, $seed, $n) = @ARGV;
srand $seed;

sub any { return $_[int rand @_] }

sub chance { return rand() < $_[0] }

sub bases { return join '', map { any(qw(A C G T)) } 1 .. $_[0] }

sub contig {
	my $s = '';
	my $len = any(20, 60, 150, 400);
	while (length $s < $len) {
		my $unit = bases(any(1, 1, 2, 3, 5, 17));
		$s .= $unit x (1 + int(any(6, 20, 60) / length $unit)) if chance(0.7);
		$s .= bases(int rand 30) if chance(0.5);
		$s .= 'N' x int rand 5 if chance(0.05);
		$s .= any(qw(R Y M K)) if chance(0.03);
	}
	return $s;
}

# Some bases of the contig changed, with bases around them that are not.
sub change {
	my $s = shift;
	my $len = any(0, 0, 1, 1, 1, 2, 3, 6, 17);
	my $beg = chance(0.2) ? int rand 3 : int rand length $s;
	$len = length($s) - $beg if $beg + $len > length $s;
	my $left = int rand 4;
	my $right = any(0, 0, 1, 5, 20);
	$left = $beg if $left > $beg;
	$right = length($s) - $beg - $len if $beg + $len + $right > length $s;
	$right = 1 if $left + $len + $right == 0;
	my $core = substr $s, $beg, $len;
	my ($pre, $post) = (substr($s, $beg - $left, $left), substr($s, $beg + $len, $right));
	my $ref = $pre . $core . $post;
	my %alts;
	for (1 .. any(1, 1, 1, 1, 2, 3, 6)) {
		my $around = substr $s, $beg > 4 ? $beg - 4 : 0, any(1, 2, 3, 4);
		my $alt = $pre . any('', '', $core x 2, $core . $around, $around, bases(1), bases($len), length $core ? substr($core, 1) : '', scalar reverse $core) . $post;
		$alts{$alt} = 1 if length $alt && $alt ne $ref && $alt =~ /^[ACGTN]+$/;
	}
	return ($beg - $left + 1, $ref, sort { rand() < 0.5 ? -1 : 1 } sort keys %alts);
}

sub genotype {
	my ($n_alts, $rare, $polyploid) = @_;
	my $ploidy = chance(0.85) ? 2 : $polyploid && chance(0.2) ? 3 : 1;
	my $phase = any('/', '|');
	return join $phase, map { chance(0.03) ? '.' : chance($rare) ? int rand($n_alts + 1) : 0 } 1 .. $ploidy;
}

open my $f, '>', "$dir/ref.fa" or die "$dir/ref.fa: $!\n";
open my $v, '>', "$dir/random.vcf" or die "$dir/random.vcf: $!\n";
my $n_samples = any(1, 3, 8, 40, 70);
my @seq = map { contig() } 1 .. $n;
print $v "##fileformat=VCFv4.2\n", map { "##contig=<ID=c$_>\n" } 0 .. $#seq;
print $v "##INFO=<ID=END,Number=1,Type=Integer,Description=\"end\">\n",
	map { "##FORMAT=<ID=$_,Number=1,Type=String,Description=\"x\">\n" } qw(GT DP);
print $v join("\t", '#CHROM', qw(POS ID REF ALT QUAL FILTER INFO FORMAT), map { "s$_" } 1 .. $n_samples), "\n";
for my $c (0 .. $#seq) {
	my $width = any(10, 60, 1000);
	print $f ">c$c\n";
	my $text = chance(0.3) ? lc $seq[$c] : $seq[$c];
	print $f "$1\n" while $text =~ /(.{1,$width})/g;
	my @records;
	for (1 .. ($n > 1000 ? any(1, 3) : any(1, 20, 50))) {
		my ($pos, $ref, @alts) = change($seq[$c]);
		push @alts, any('*', '<DEL>', '<NON_REF>', 'N[c0:7[', ']c0:9]A') if chance(0.05) || !@alts;
		substr($ref, -1) =~ tr/ACGT/CGTA/ if chance(0.02);
		if (chance(0.1)) { $_ = lc for $ref, grep { /^[A-Z]+$/ } @alts }
		push @records, [$pos, $ref, @alts];
	}
	for my $r (sort { $a->[0] <=> $b->[0] } @records) {
		my ($pos, $ref, @alts) = @$r;
		my $info = join(',', @alts) =~ /</ ? 'END=' . ($pos + length($ref) + int rand 9) : '.';
		my $rare = any(0, 0.02, 0.3, 1);
		my $format = any(('GT') x 5, 'GT:DP', 'DP:GT', 'DP');
		my $polyploid = chance(0.1);
		my @samples = map {
			my %field = (GT => genotype(scalar @alts, $rare, $polyploid), DP => int rand 99);
			join ':', map { $field{$_} } split /:/, $format;
		} 1 .. $n_samples;
		print $v join("\t", "c$c", $pos, '.', $ref, join(',', @alts), '.', '.', $info, $format, @samples), "\n";
	}
}
close $_ or die "$dir: $!\n" for $f, $v;
