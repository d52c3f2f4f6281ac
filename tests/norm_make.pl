# Makes data for tests/norm.sh; everything follows from the seed.
#
#	perl tests/norm_make.pl records DIR SEED N JUNK
#		DIR/ref.fa, a reference full of repeats, and DIR/in.vcf: N sorted records of every kind
#		on it, spelled at random, each with JUNK bytes of text that make its unit end soon
#	perl tests/norm_make.pl spellings DIR SEED N
#		DIR/ref.fa, DIR/in.vcf with N indels, DIR/same with 20 spellings of each and
#		DIR/other with other alleles at the same places: `number TAB query`
use strict;
use warnings;

my ($mode, $dir, $seed, $n, $junk) = @ARGV;
srand $seed;

sub any { return $_[int rand @_] }

sub bases { return join '', map { any(qw(A C G T)) } 1 .. $_[0] }

# A tandem repeat of at least so many bases, of a unit of one to six.
sub repeat {
	my $unit = bases(1 + int rand 6);
	return $unit x (1 + int $_[0] / length $unit);
}

sub write_fasta {
	my %seq = @_;
	open my $f, '>', "$dir/ref.fa" or die "$dir/ref.fa: $!\n";
	for my $name (sort keys %seq) {
		print $f ">$name made up\n";
		print $f "$1\n" while $seq{$name} =~ /(.{1,61})/g;
	}
	close $f or die "$dir/ref.fa: $!\n";
}

sub open_vcf {
	open my $v, '>', "$dir/in.vcf" or die "$dir/in.vcf: $!\n";
	print $v "##fileformat=VCFv4.2\n", map { "##contig=<ID=$_>\n" } @_;
	print $v "##INFO=<ID=J,Number=1,Type=String,Description=\"junk\">\n",
		"##FORMAT=<ID=GT,Number=1,Type=String,Description=\"genotype\">\n",
		join("\t", '#CHROM', qw(POS ID REF ALT QUAL FILTER INFO FORMAT S1 S2 S3)), "\n";
	return $v;
}

# One to two ALTs for the bases [beg, beg + len) of a sequence (upper case), which REF shows with
# bases around them.
sub alleles {
	my ($seq, $beg) = @_;
	my $len = any(1, 1, 1, 2, 3, 4, 6, 12, 30);
	$len = length($seq) - $beg if $beg + $len > length $seq;
	my ($left, $right) = (any(0, 1, 1, 1, 2, 5), any(0, 0, 0, 1, 4, 9));
	$left = $beg if $left > $beg;
	$right = length($seq) - $beg - $len if $beg + $len + $right > length $seq;
	my $core = substr $seq, $beg, $len;
	my $pre = substr $seq, $beg - $left, $left;
	my $post = substr $seq, $beg + $len, $right;
	my %made;
	for (1 .. any(1, 1, 1, 1, 2)) {
		my $new = any('', '', $core x 2, $core x 3, $core . bases(1), bases(1), bases($len), substr($core, 1));
		my $alt = $pre . $new . $post;
		$made{$alt} = 1 if length $alt && $alt ne $pre . $core . $post;
	}
	return ($beg - $left, $pre . $core . $post, sort keys %made);
}

sub make_records {
	my %seq = (
		A => join('', map { bases(40 + int rand 200) . repeat(any(10, 30, 100)) } 1 .. 60)
			. bases(100) . repeat(3000) . bases(100) . repeat(24000) . bases(50) . 'N' x 12000 . bases(500),
		B => repeat(700) . bases(2000) . repeat(900),
		C => 'N' x 100 . bases(300) . 'RYMK' . bases(300),
	);
	my %text = map { $_ => join '', map { rand() < 0.2 ? lc : $_ } $seq{$_} =~ /(.{1,500})/g } keys %seq;
	write_fasta(%text);
	tr/ACGT/N/c for values %seq;
	my $v = open_vcf(qw(A B C));
	my $number = 0;
	my %share = (A => 0.8, B => 0.15, C => 0.05);
	my $long = 'j' x $junk;
	for my $c (qw(A B C)) {
		my @made;
		for (1 .. $n * $share{$c}) {
			my ($pos0, $ref, @alt) = alleles($seq{$c}, int rand length $seq{$c});
			next unless @alt;
			substr($ref, 0, 1) =~ tr/ACGT/CGTA/ if rand() < 0.01;
			push @alt, any('*', '<DEL>', '<NON_REF>') if rand() < 0.03;
			if (rand() < 0.1) { $_ = lc for $ref, grep { /^[A-Z]+$/ } @alt }
			push @made, [$pos0 + 1, $ref, @alt];
		}
		for my $r (sort { $a->[0] <=> $b->[0] } @made) {
			my ($pos, $ref, @alt) = @$r;
			my @gt = map { join '/', int(rand(@alt + 1)), int(rand(@alt + 1)) } 1 .. 3;
			print $v join("\t", $c, $pos, ++$number, $ref, join(',', @alt), '.', '.', "J=$long", 'GT', @gt), "\n";
		}
	}
	close $v or die "$dir/in.vcf: $!\n";
}

# Every indel has a cell of bases of its own, so that what it makes of the cell says which it is.
sub make_spellings {
	my $cell = 300;
	my $seq = '';
	$seq .= substr bases(60) . (rand() < 0.7 ? repeat(any(8, 20, 60)) : bases(20)) . bases($cell), 0, $cell for 1 .. $n;
	write_fasta(1 => $seq);
	my $v = open_vcf(1);
	open my $same, '>', "$dir/same" or die "$dir/same: $!\n";
	open my $other, '>', "$dir/other" or die "$dir/other: $!\n";
	for my $i (0 .. $n - 1) {
		my $here = substr $seq, $i * $cell, $cell;
		my $at = 50 + int rand 90; # of the first base after the indel's anchor
		my $len = any(1, 1, 2, 3, 4, 5, 8, 20);
		my $gone = rand() < 0.5 ? $len : 0;
		my $new = $gone ? '' : any(substr($here, $at, $len), bases($len));
		# As far left and right as it names the same change.
		my $made = sub { my ($p, $t) = @_; return substr($here, 0, $p) . $t . substr($here, $p + $gone) };
		my $cell_now = $made->($at, $new);
		my @spell;
		for my $p (1 .. $cell - $len - 1) {
			my $t = $gone ? '' : substr $cell_now, $p, $len;
			push @spell, [$p, $t] if $made->($p, $t) eq $cell_now;
		}
		for (1 .. 20) {
			my ($p, $t) = @{any(@spell)};
			my ($left, $right) = (int rand 6, int rand 6);
			$left = 1 if $left + $right == 0;
			$left = $p if $left > $p;
			$right = $cell - $p - $gone if $p + $gone + $right > $cell;
			my $from = $p - $left;
			my $ref = substr $here, $from, $left + $gone + $right;
			my $alt = substr($here, $from, $left) . $t . substr($here, $p + $gone, $right);
			next unless length $ref && length $alt;
			($ref, $alt) = (lc $ref, lc $alt) if rand() < 0.1;
			print $same "$i\t1-", $i * $cell + $from + 1, "-$ref-$alt\n";
		}
		my ($p, $t) = @{any(@spell)};
		print $v join("\t", 1, $i * $cell + $p, $i, substr($here, $p - 1, 1 + $gone), substr($here, $p - 1, 1) . $t, qw(. . . GT 0/1 0/0 1/1)), "\n";
		# Other changes of these bases: one base more or less, or another one.
		for (1 .. 5) {
			my $l = $gone ? any($gone - 1, $gone + 1) : 0;
			my $u = $gone ? '' : any($t . bases(1), substr($t, 1), bases($len));
			my $cell_then = substr($here, 0, $p) . $u . substr($here, $p + $l);
			next if $cell_then eq $cell_now || $cell_then eq $here;
			print $other "$i\t1-", $i * $cell + $p, '-', substr($here, $p - 1, 1 + $l), '-', substr($here, $p - 1, 1), "$u\n";
		}
	}
	close $_ or die "$dir: $!\n" for $v, $same, $other;
}

$mode eq 'records' ? make_records() : make_spellings();
