#!/usr/bin/env perl
# What a gVCF says can be called, base by base and person by person: a model that shares nothing
# with the engine.
#
#	callable.pl make SEED FOLDER		writes FOLDER/cohort.g.vcf, panel.tsv and queries
#	callable.pl answers PANEL QUERIES GVCF	the answers to bare alleles contig-pos-A-T, in vidx's columns
#						query population an status; PANEL may be -
#	callable.pl bases GVCF			how many bases have an AN above 0
use strict;
use warnings;

my ($mode, @args) = @ARGV;
my @par_x = ([10000, 2781479], [155701382, 156030895]); # GRCh38, half-open from 0

# --- a random cohort of six ---

sub make_cohort {
	my ($seed, $folder) = @_;
	my $state = $seed;
	my $chance = sub {
		my $n = shift;
		$state = ($state * 1103515245 + 12345) % 2147483648;
		return int($state / 65536) % $n;
	};
	my @people = map { "person$_" } 1 .. 6;
	my %about = map { $people[$_] => [('A', 'B')[$_ % 2], ('XX', 'XY', 'NA')[$_ % 3]] } 0 .. 5;
	open my $panel, ">", "$folder/panel.tsv" or die;
	print $panel "sample\tpop\tsex\n", map { "$_\t$about{$_}[0]\t$about{$_}[1]\n" } @people;
	open my $out, ">", "$folder/cohort.g.vcf" or die;
	print $out "##fileformat=VCFv4.2\n##contig=<ID=chr1,length=248956422>\n##contig=<ID=chrX,length=156040895>\n",
		"##INFO=<ID=END,Number=1,Type=Integer,Description=\"End\">\n",
		"##FORMAT=<ID=GT,Number=1,Type=String,Description=\"Genotype\">\n",
		join("\t", "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT", @people), "\n";
	open my $queries, ">", "$folder/queries" or die;
	for my $place (["chr1", 1000, 4000], ["chrX", 2780500, 2782500], ["chrX", 155701000, 155702000]) {
		my ($contig, $pos, $end) = @$place;
		print $queries "$contig-$_-A-T\n" for $pos - 5 .. $end + 5;
		while ($pos < $end) {
			my $kind = $chance->(10);
			my ($ref, $alt, $info, $last) = ("N", "<NON_REF>", ".", $pos);
			if ($kind < 7) {
				$last = $pos + $chance->($chance->(4) ? 30 : 300);
				$alt = ("<NON_REF>", "<*>", ".")[$chance->(3)];
				$info = "END=$last";
			} elsif ($kind == 7) {
				($ref, $alt) = ("A", "C,<NON_REF>");
			} elsif ($kind == 8) {
				$ref = "G" . "C" x $chance->(12);
				$alt = length $ref > 1 ? "G,<NON_REF>" : "T";
				$last = $pos + length($ref) - 1;
			} else {
				($ref, $alt, $info) = ("C", "<DEL>", "END=" . ($pos + 50));
			}
			my @gt = map { ("0/0", "0/0", "0|0", "./.", "0/1", "1/1", "./0", "0", ".")[$chance->(9)] } @people;
			@gt = ("./.") x 6 if $chance->(12) == 0;
			s/1/0/ for $alt eq "." || $alt =~ /^</ && $alt ne "<DEL>" ? @gt : ();
			s/1/0/ for $alt eq "." || $alt =~ /^</ && $alt ne "<DEL>" ? @gt : ();
			print $out join("\t", $contig, $pos, ".", $ref, $alt, ".", ("PASS", ".", "LowQ")[$chance->(3)], $info, "GT", @gt), "\n";
			$pos = $kind == 8 && $chance->(2) ? $pos + 1 : $last + 1; # a deletion may be overlapped
			$pos += $chance->(40) if $chance->(8) == 0;
		}
	}
}

# --- the model ---

sub is_par { my $pos0 = shift; return grep { $pos0 >= $_->[0] && $pos0 < $_->[1] } @par_x; }

sub called_alleles {
	my ($gt, $sex, $is_single) = @_;
	my @called = grep { $_ ne "." } split m{[/|]}, $gt;
	return scalar @called unless $is_single && $sex eq "XY";
	my %kinds = map { $_ => 1 } @called;
	return keys %kinds == 1 ? 1 : 0;
}

# contig -> base -> group -> AN
sub read_gvcf {
	my ($file, $about) = @_;
	my (%an, @people);
	open my ($in), $file =~ /gz$/ ? "gzip -dc '$file' |" : $file =~ /bcf$/ ? "bcftools view '$file' |" : "<$file" or die;
	while (<$in>) {
		chomp;
		if (/^#CHROM/) { @people = split /\t/; splice @people, 0, 9 }
		next if /^#/;
		my @f = split /\t/;
		my ($contig, $pos, $ref, $alts, $info) = @f[0, 1, 3, 4, 7];
		my @format = split /:/, $f[8] // "";
		next unless grep { $_ eq "GT" } @format;
		my ($i_gt) = grep { $format[$_] eq "GT" } 0 .. $#format;
		my @alts = grep { !/^(<NON_REF>|<\*>|\*|\.)$/ } split /,/, $alts;
		next if grep { /[<\[\]]/ } @alts;
		my $end = $pos + length($ref) - 1;
		$end = $1 if !@alts && $info =~ /(?:^|;)END=(\d+)/ && $1 >= $pos;
		my @gt = map { (split /:/)[$i_gt] // "." } @f[9 .. $#f];
		my %last;
		my $last_single = -1;
		for my $at ($pos .. $end) {
			my $single = defined $about && $contig eq "chrX" && !is_par($at - 1) ? 1 : 0;
			if ($single != $last_single) {
				%last = ();
				for my $i (0 .. $#gt) {
					my ($pop, $sex) = ("", "");
					($pop, $sex) = @{ $about->{ $people[$i] } } if $about;
					my $n = called_alleles($gt[$i], $sex, $single);
					my @groups = ("ALL", grep { $_ && $_ ne "NA" } $pop, $sex, $sex ne "NA" ? "${pop}_$sex" : "");
					$last{$_} += $n for @groups;
				}
				$last_single = $single;
			}
			for my $g (keys %last) {
				$an{$contig}{$at}{$g} = $last{$g} if $last{$g} > ($an{$contig}{$at}{$g} // -1);
			}
		}
	}
	return \%an;
}

sub answers {
	my ($panel, $queries, $file) = @_;
	my $about;
	if ($panel ne "-") {
		open my $p, "<", $panel or die;
		<$p>;
		while (<$p>) { chomp; my ($who, $pop, $sex) = split /\t/; $about->{$who} = [$pop, $sex] }
	}
	my $an = read_gvcf($file, $about);
	my @groups = $about ? qw(ALL XX XY A B_XY) : ("ALL");
	open my $q, "<", $queries or die;
	while (<$q>) {
		chomp;
		my ($contig, $pos) = /^(.*)-(\d+)-A-T$/;
		my $here = $an->{$contig}{$pos};
		if (!$here || !$here->{ALL}) { print "$_\tALL\t.\tnot_covered\n" }
		else { my $query = $_; print "$query\t$_\t", $here->{$_} // 0, "\tabsent\n" for @groups }
	}
}

if ($mode eq "make") { make_cohort(@args) }
elsif ($mode eq "answers") { answers(@args) }
elsif ($mode eq "bases") {
	my $an = read_gvcf($args[0], undef);
	my $n = 0;
	for my $contig (values %$an) { $n += grep { $_->{ALL} > 0 } values %$contig }
	print "$n\n";
} else { die "usage\n" }
