# A random sites file with counts of gnomAD's kind in INFO, for tests/info_fields.sh.
#
#	perl tests/info_random.pl SEED >sites.vcf
#
# Some of the populations, sexes and metrics, in any order of declaration; keys that are missing from a
# record, values that are missing from a key, values shared by all ALTs; now and then a record to be
# rejected: AC over AN, or a value too many.
use strict;
use warnings;

my $seed = shift;
srand $seed;

sub any { return $_[int rand @_] }

sub chance { return rand() < $_[0] }

sub shuffled { return map { $_->[1] } sort { $a->[0] <=> $b->[0] } map { [rand, $_] } @_ }

my @groups = ('', grep { chance(0.7) } map { my $g = $_; map { join '_', grep { length } $g, $_ } '', 'XX', 'XY' } '', qw(afr amr eas nfe sas ami remaining));
my %once = map { $_ => 1 } @groups;
@groups = sort keys %once;
my @metrics = ('AC', 'AN', grep { chance(0.7) } 'nhomalt');
my %sum_of;
my @keys;
for my $g (@groups) {
	push @keys, map { [join('_', $_, length $g ? $g : ()), $_, $g] } @metrics;
}
@keys = shuffled(@keys);
print "##fileformat=VCFv4.3\n", map({ "##FILTER=<ID=$_,Description=\"x\">\n" } qw(AC0 RF)), map { "##contig=<ID=chr$_>\n" } 1 .. 3;
for my $k (shuffled(@keys, ['FS', '', ''], ['vep', 'text', ''])) {
	my $number = $k->[1] eq 'AN' || $k->[1] eq '' ? 1 : $k->[1] eq 'text' ? '.' : 'A';
	my $type = $k->[1] eq '' ? 'Float' : $k->[1] eq 'text' ? 'String' : 'Integer';
	print "##INFO=<ID=$k->[0],Number=$number,Type=$type,Description=\"x\">\n";
}
print join("\t", '#CHROM', qw(POS ID REF ALT QUAL FILTER INFO)), "\n";
for my $c (1 .. 3) {
	my $pos = 1;
	for (1 .. 150) {
		$pos += 1 + int rand 60;
		my $ref = any(qw(A C G T));
		my @alts = (grep { $_ ne $ref } shuffled(qw(A C G T), $ref . 'A', $ref . 'CT', '*'))[0 .. any(0, 0, 0, 1, 3)];
		my $fault = chance(0.04) ? any(qw(over many)) : '';
		my @info;
		for my $k (shuffled(@keys)) {
			next if chance(0.05);
			my ($key, $metric) = @$k;
			my $an = any(10, 1000, 152312, 1000000000);
			my @v = $metric eq 'AN' ? $an + int rand $an
				: map { chance(0.6) ? 0 : int rand any(3, 9) } @alts;
			@v = map { chance(0.05) ? '.' : $_ } @v;
			if (length $fault && chance(0.3)) {
				$v[0] = $metric eq 'AN' ? 1 : 2000000000 if $fault eq 'over';
				push @v, 1 if $fault eq 'many';
			}
			push @info, "$key=" . join ',', @v;
		}
		push @info, 'FS=0.5' if chance(0.5);
		push @info, 'vep=A|b,C|d' if chance(0.5);
		print join("\t", "chr$c", $pos, "v$c.$pos", $ref, join(',', @alts), '.', any('.', 'PASS', 'AC0;RF'), join(';', shuffled(@info)) || '.'), "\n";
	}
}
