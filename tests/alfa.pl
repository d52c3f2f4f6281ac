# alfa.pl make SEED N: a file like dbSNP's ALFA, of N records.
# alfa.pl table FILE.vcf: contig pos ref alt population ac an of every allele, read by itself: alleles
# trimmed, sorted; '.' where the file gives none.
use strict;
use warnings;

my %name = qw(SAMN10492695 EUR SAMN10492696 AFO SAMN10492697 EAS SAMN10492698 AFA SAMN10492699 LAC
	SAMN10492700 LEN SAMN10492701 OAS SAMN10492702 SAS SAMN11605645 OTR SAMN10492703 AFR
	SAMN10492704 ASN SAMN10492705 ALL);
my @columns = map { "SAMN$_" } 10492695 .. 10492702, 11605645, 10492703 .. 10492705;
my @contigs = qw(NC_000001.11 NC_000019.10 NC_000023.11 NC_012920.1 NW_009646201.1);

sub make {
	my ($seed, $n) = @_;
	my $state = $seed;
	my $rand = sub { $state = ($state * 1103515245 + 12345) % 2147483648; int($state / 4096) % $_[0] };
	print "##fileformat=VCFv4.0\n##build_id=$seed\n";
	print "##contig=<ID=$_>\n" for @contigs;
	print "##FORMAT=<ID=$_,Number=", $_ eq 'AC' ? 'A' : 1, ",Type=Integer,Description=\"x\">\n"
		for qw(AN AC HWEP GR GV GA);
	print join("\t", '#CHROM', qw(POS ID REF ALT QUAL FILTER INFO FORMAT), @columns), "\n";
	for my $i (0 .. $n - 1) {
		my $contig = $contigs[$i * @contigs / $n];
		my $pos = 1000 + 40 * $i + $rand->(30);
		my $ref = join '', map { substr 'ACGT', $rand->(4), 1 } 0 .. ($rand->(6) == 0 ? $rand->(8) : 0);
		my %alt;
		for (0 .. ($rand->(4) == 0 ? 1 + $rand->(3) : 0)) {
			my $alt = join '', map { substr 'ACGT', $rand->(4), 1 } 0 .. ($rand->(7) == 0 ? $rand->(5) : 0);
			$alt{$alt} = 1 if $alt ne $ref;
		}
		my @alt = sort keys %alt or next;
		my (@an, @ac);
		for my $c (0 .. 8) {
			$an[$c] = 2 * (0, 0, 3, 50, 120, 1000, 85000)[$rand->(7)];
			$ac[$c][$_] = $an[$c] && $rand->(3) ? $rand->(int($an[$c] / @alt) + 1) : 0 for 0 .. $#alt;
		}
		my $sum = sub {
			my $to = shift;
			$an[$to] += $an[$_] for @_;
			for my $a (0 .. $#alt) { $ac[$to][$a] += $ac[$_][$a] for @_ }
		};
		$sum->(9, 1, 3), $sum->(10, 2, 6), $sum->(11, 0 .. 8);
		my $full = $rand->(2);
		my @cell = map {
			my $ac = $rand->(60) ? join(',', @{ $ac[$_] }) : '.';
			my $cell = "$an[$_]:$ac" . ($full ? ':-1:1:2:3' : '');
			$rand->(90) ? $cell : $full ? '.:.:.:.:.:.' : '.:.';
		} 0 .. 11;
		print join("\t", $contig, $pos, $rand->(3) ? 'rs' . (10 * $i) : '.', $ref, join(',', @alt),
			'.', '.', '.', 'AN:AC' . ($full ? ':HWEP:GR:GV:GA' : ''), @cell), "\n";
	}
}

sub table {
	my (@head, @out);
	open(my $in, '<', shift) or die;
	while (<$in>) {
		chomp;
		@head = split /\t/ if /^#CHROM/;
		next if /^#/;
		my @f = split /\t/;
		my @alt = split /,/, $f[4];
		for my $i (0 .. $#alt) {
			my ($pos, $ref, $alt) = ($f[1], $f[3], $alt[$i]);
			chop $ref, chop $alt
				while length $ref > 1 && length $alt > 1 && substr($ref, -1) eq substr($alt, -1);
			$ref = substr($ref, 1), $alt = substr($alt, 1), $pos++
				while length $ref > 1 && length $alt > 1 && substr($ref, 0, 1) eq substr($alt, 0, 1);
			for my $c (9 .. $#f) {
				my ($an, $ac) = split /:/, $f[$c];
				my @ac = split /,/, $ac // '.';
				push @out, join("\t", $f[0], $pos, $ref, $alt, $name{ $head[$c] } // $head[$c],
					$ac[$i] // '.', $an) . "\n";
			}
		}
	}
	print sort @out;
}

my $what = shift;
$what eq 'make' ? make(@ARGV) : table(@ARGV);
