#!/usr/bin/env perl
# Kept INFO against what bcftools says of the same records.
#
#	keep.pl random FOLDER SEED N	FOLDER/in.vcf: N records with INFO of every kind, in genome order
#	keep.pl compare TYPES THEIRS OURS [NAME]
#		TYPES: KEY and Type between tabs, in the order of the columns; THEIRS: contig, pos, ref,
#		alt and the keys of bcftools query; OURS: the same of vidx dump -O tsv
#
# compare prints what differs, and last "ROWS rows, VALUES values, GIVEN of them given".
use strict;
use warnings;
no warnings qw(portable qw);

# splitmix64, kept to 32 bits of output
my $state;

sub next_random {
	use integer;
	$state += -7046029254386353131;
	my $z = $state;
	$z = ($z ^ (($z >> 30) & 0x3ffffffff)) * -4658895280553007687;
	$z = ($z ^ (($z >> 27) & 0x1fffffffff)) * -7723592293110705685;
	return ($z >> 31) & 0xffffffff;
}
sub below { my $n = shift; return next_random() % $n }
sub once { my $n = shift; return below($n) == 0 }
sub one_of { return $_[ below(scalar @_) ] }

my %number = (
	Integer => sub { return one_of(0, 1, -1, 7, below(100), below(100), below(1000), -below(1 << 30), 2147483647, -2147483640) },
	Float => sub {
		my $f = one_of('0', '-0', '1', '1e-30', '-2.5e+10', '3.40282e+38', '1e-45', 'inf', '-inf', below(1000) / 1000, below(1 << 30) / 1024, '0.30000001');
		return $f;
	},
	String => sub {
		return one_of('a', 'x%2Cy', 'missense_variant', 'p.Met1%3D', 'Pathogenic/Likely_pathogenic', 'http://x=y', "caf\xc3\xa9", '|||', 'A|B&C:D', 'word' . below(30), 'id' . below(1 << 30), 'x' x below(300));
	},
	Character => sub { return one_of('a' .. 'z') },
);

sub values_of {
	my ($type, $n) = @_;
	return '.' if $n == 1 && once(12);
	return join ',', map { once(9) ? '.' : do { my $v = $number{$type}->(); $v eq '' ? 'e' : $v } } 1 .. $n;
}

sub random_file {
	my ($folder, $seed, $n) = @_;
	$state = $seed;
	my @keys;
	for my $type (qw(Integer Float String Character)) {
		push @keys, ["$type$_", $_, $type] for qw(1 A R G .);
	}
	push @keys, ['Rare', '1', 'Integer'], ['Flag', '0', 'Flag'], ['RareFlag', '0', 'Flag'], ['Constant', '1', 'Integer'], ['CLNSIG', '.', 'String'], ['vep', '.', 'String'];
	open my $out, '>', "$folder/in.vcf" or die;
	print $out "##fileformat=VCFv4.2\n##contig=<ID=1>\n##contig=<ID=2>\n##INFO=<ID=AC,Number=A,Type=Integer,Description=\"a\">\n##INFO=<ID=AN,Number=1,Type=Integer,Description=\"a\">\n";
	print $out "##INFO=<ID=$_->[0],Number=$_->[1],Type=$_->[2],Description=\"key $_->[0]\">\n" for @keys;
	print $out "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n";
	my $pos = 100;
	for my $i (0 .. $n - 1) {
		$pos = 100 if $i == int($n / 2);
		$pos += 1 + below(20);
		my @alts = (qw(C G T))[ 0 .. (once(4) ? 1 + below(2) : 0) ];
		my $k = @alts;
		my %counts = (1 => 1, A => $k, R => $k + 1, G => ($k + 1) * ($k + 2) / 2);
		my @info = ('AC=' . join(',', map { below(9) } @alts), 'AN=100');
		for my $key (@keys) {
			my ($name, $number, $type) = @$key;
			next if $name =~ /^Rare/ ? !once(300) : $name eq 'Constant' ? 0 : once(3);
			if ($type eq 'Flag') { push @info, $name }
			elsif ($name eq 'Constant') { push @info, 'Constant=5' }
			elsif ($name eq 'CLNSIG') { push @info, 'CLNSIG=' . one_of(qw(Benign Likely_benign Pathogenic Conflicting_classifications,_risk_factor)) }
			elsif ($name eq 'vep') {
				push @info, 'vep=' . join ',', map { join '|', $alts[0], one_of(qw(missense_variant synonymous_variant intron_variant&non_coding)), one_of(qw(LOW HIGH MODERATE)), 'ENSG' . below(40), map { '' } 1 .. 20 } 0 .. below(6);
			} else { push @info, "$name=" . values_of($type, $counts{$number} // 1 + below(4)) }
		}
		# in any order
		for my $j (reverse 1 .. $#info) { my $m = below($j + 1); @info[ $j, $m ] = @info[ $m, $j ] }
		print $out join("\t", $i < int($n / 2) ? 1 : 2, $pos, '.', 'A', join(',', @alts), '.', 'PASS', join(';', @info)), "\n";
	}
	close $out;
}

# As vidx normalises without a reference.
sub place {
	my ($contig, $pos, $ref, $alt) = @_;
	if ($ref =~ /^[A-Za-z]+$/ && $alt =~ /^[A-Za-z]+$/) {
		($ref, $alt) = (uc $ref, uc $alt);
		while (length($ref) > 1 && length($alt) > 1 && substr($ref, -1) eq substr($alt, -1)) { chop $ref; chop $alt }
		while (length($ref) > 1 && length($alt) > 1 && substr($ref, 0, 1) eq substr($alt, 0, 1)) {
			$ref = substr $ref, 1;
			$alt = substr $alt, 1;
			$pos++;
		}
	}
	return join "\t", $contig, $pos, uc $ref, $alt;
}

# bcftools prints floats with six digits.
sub same {
	my ($type, $theirs, $ours) = @_;
	return 1 if $theirs eq $ours;
	return 0 if $type ne 'Float';
	my @a = split /,/, $theirs, -1;
	my @b = split /,/, $ours, -1;
	return 0 if @a != @b;
	for my $i (0 .. $#a) {
		next if $a[$i] eq $b[$i];
		return 0 if $a[$i] eq '.' || $b[$i] eq '.';
		next if lc($a[$i]) =~ /nan/ && $b[$i] eq 'nan';
		# The float that the text stands for, in six digits; they round halves up.
		my $float = unpack 'f', pack 'f', $b[$i];
		next if sprintf('%g', $float) eq $a[$i];
		return 0 if $float !~ /\d/ || $a[$i] !~ /\d/ || abs($float - $a[$i]) > 5.0001e-6 * abs($a[$i]);
	}
	return 1;
}

sub compare {
	my ($types, $theirs, $ours, $name) = @_;
	my (@key, @type, %record);
	open my $t, '<', $types or die;
	while (<$t>) { chomp; my @f = split /\t/; push @key, $f[0]; push @type, $f[1] }
	open my $b, '<', $theirs or die;
	while (<$b>) {
		chomp;
		my ($contig, $pos, $ref, $alt, @value) = split /\t/, $_, -1;
		push @{ $record{ place($contig, $pos, $ref, $alt) } }, \@value;
	}
	open my $v, '<', $ours or die;
	my ($n_rows, $n_values, $n_given, $n_bad) = (0, 0, 0, 0);
	while (<$v>) {
		next if /^#/;
		chomp;
		my ($contig, $pos, $ref, $alt, @value) = split /\t/, $_, -1;
		my $candidates = $record{"$contig\t$pos\t$ref\t$alt"};
		if (!$candidates) {
			$n_bad++ < 3 and print "$name: $contig:$pos $ref>$alt is not there\n";
			next;
		}
		# One place and text with several ends, or twice: any of them.
		my $worst = '';
		for my $want (@$candidates) {
			my @differ = grep { !same($type[$_], $want->[$_], $value[$_]) } 0 .. $#key;
			$worst = @differ ? "$name: $contig:$pos $ref>$alt: $key[$differ[0]] is '$value[$differ[0]]', not '$want->[$differ[0]]'" : '';
			last if !@differ;
		}
		$n_bad++ < 3 and print substr($worst, 0, 300), "\n" if $worst;
		$n_rows++;
		$n_values += @key;
		$n_given += grep { $_ ne '.' } @value;
	}
	print "$n_rows rows, $n_values values, $n_given of them given\n";
	exit($n_bad ? 1 : 0);
}

my $verb = shift // '';
if ($verb eq 'random') { random_file(@ARGV) }
elsif ($verb eq 'compare') { compare($ARGV[0], $ARGV[1], $ARGV[2], $ARGV[3] // '') }
else { die "keep.pl: random or compare\n" }
