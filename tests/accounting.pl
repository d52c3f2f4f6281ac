# What a build says it did with every record and allele, against lines counted by themselves.
#
#	accounting.pl check [pass] REPORT.json INFO.json FILE...
#		One line: "ok RECORDS INDEXED NOTHING REJECTED ALLELES INDEXED DROPPED", then what was
#		rejected and dropped; or "FAULT ..." for every sum that is wrong.  `pass`: --pass-only.
#	accounting.pl many <LIST
#		The same for each line of the list: a report and its file, a tab between them.
#	accounting.pl first REPORT.json FILE...
#		The same and more, for files of which nothing is rejected but for duplicates: which
#		records, of which input, lose every allele to an earlier one is worked out here.
#	accounting.pl make DIR
#		Three inputs whose rows come late: a.vcf ends with what belongs before its beginning.
use strict;
use warnings;
use JSON::PP;

my @faults;

sub is { my ($what, $want, $got) = @_; push @faults, "$what: $want counted, $got told" if $want != ($got // -1) }

sub total { my $sum = 0; $sum += $_ for @_; return $sum }

sub slurp { local $/; open(my $f, '<', shift) or die; return decode_json(scalar <$f>) }

# Calls $each->(columns) for each record of a file.
sub records {
	my ($file, $each) = @_;
	my @how = $file =~ /\.vcf$/ ? ('<', $file) :
		('-|', $file =~ /bcf$/ ? "bcftools view '$file' 2>/dev/null" : "gzip -dcf '$file'");
	open(my $f, $how[0], $how[1]) or die;
	while (<$f>) {
		next if /^#/ || /^\r?$/;
		s/\r?\n$//;
		$each->([split(/\t/, $_, 9)]);
	}
}

# What one ALT is, before anything else is known of its record.
sub kind {
	my $alt = shift;
	return $alt eq '.' ? 'no_alt' : $alt eq '*' || $alt eq '<*:DEL>' ? 'star' :
		$alt eq '<*>' || $alt eq '<NON_REF>' ? 'non_ref' : '';
}

sub check_sums {
	my ($report, $info, $pass, @files) = @_;
	my %n = map { $_ => 0 } qw(records alleles nothing not_pass no_alt star non_ref);
	my @of;
	for my $file (@files) {
		my $before = $n{records};
		records($file, sub {
			my @alt = split /,/, $_[0][4], -1;
			@alt = ('') unless @alt;
			my @kind = map { kind($_) } @alt;
			my $some = grep { $_ eq '' } @kind;
			$n{records}++;
			$n{alleles} += @alt;
			$n{$_}++ for grep { $_ } @kind;
			# POS 0, a telomere, has no alleles of a sequence: a fault unless ALT is '.'.
			$n{nothing}++ if !$some && ($_[0][1] ne '0' || "@kind" eq 'no_alt');
			$n{not_pass}++ if $some && $_[0][6] ne 'PASS';
		});
		push @of, $n{records} - $before;
	}
	my ($r, $a) = @$report{qw(records alleles)};
	my ($rejected, $dropped) = map { total(values %{ $_ }) } $r->{rejected}, $a->{dropped};
	is('records', $n{records}, $r->{read});
	is('records: indexed + nothing + rejected', $r->{read}, $r->{indexed} + $r->{nothing_to_index} + $rejected);
	is('nothing to index', $n{nothing}, $r->{nothing_to_index});
	is('alleles', $n{alleles}, $a->{seen});
	is('alleles: indexed + dropped', $a->{seen}, $a->{indexed} + $dropped);
	is('variants', $a->{indexed}, $report->{variants});
	my $as_a_whole = $rejected - ($r->{rejected}{duplicate} // 0);
	for my $why (qw(no_alt star non_ref)) {
		# Where a record is rejected as a whole, so are its '*'.
		my $got = $a->{dropped}{$why} // 0;
		is("alleles dropped: $why", $n{$why}, $got) if !$as_a_whole || $got > $n{$why};
	}
	# With a faulty record the order of the faults decides; else each is rejected for its FILTER.
	is('filtered', $n{not_pass}, $r->{rejected}{filtered} // 0)
		if $pass && $as_a_whole == ($r->{rejected}{filtered} // 0);
	is('filtered without being asked', 0, $r->{rejected}{filtered} // 0) if !$pass;
	for my $i (0 .. $#files) {
		my $s = $report->{sources}[$i];
		is("records of $files[$i]", $of[$i], $s->{records});
		is("sum of $files[$i]", $s->{records}, $s->{indexed} + $s->{nothing_to_index} + $s->{rejected});
	}
	is('sources', scalar @files, scalar @{ $report->{sources} });
	for my $key (qw(records indexed nothing_to_index rejected)) {
		my $want = $key eq 'rejected' ? $rejected : $r->{ $key eq 'records' ? 'read' : $key };
		is("sources: $key", $want, total(map { $_->{$key} } @{ $report->{sources} }));
	}
	if ($info) {
		is('info: records', $r->{read}, $info->{records});
		is('info: records indexed', $r->{indexed}, $info->{records_indexed});
		is('info: records with nothing', $r->{nothing_to_index}, $info->{records_nothing});
		is('info: alleles', $a->{seen}, $info->{alleles});
		is('info: alleles indexed', $a->{indexed}, $info->{alleles_indexed});
		for ([$r->{rejected}, $info->{records_rejected}, 'rejected'], [$a->{dropped}, $info->{alleles_dropped}, 'dropped']) {
			my ($x, $y, $what) = @$_;
			is("info: $what: $_", $x->{$_} // 0, $y->{$_} // 0) for keys %$x, keys %$y;
		}
	}
	return sprintf "ok %d %d %d %d %d %d %d%s", $r->{read}, $r->{indexed}, $r->{nothing_to_index}, $rejected,
		$a->{seen}, $a->{indexed}, $dropped,
		join '', map { my ($k, $v) = @$_; map { " $k:$_=$v->{$_}" } sort keys %$v }
			['rejected', $r->{rejected}], ['dropped', $a->{dropped}];
}

sub trim {
	my ($pos, $ref, $alt) = @_;
	chop $ref, chop $alt while length $ref > 1 && length $alt > 1 && substr($ref, -1) eq substr($alt, -1);
	$ref = substr($ref, 1), $alt = substr($alt, 1), $pos++
		while length $ref > 1 && length $alt > 1 && substr($ref, 0, 1) eq substr($alt, 0, 1);
	return "$pos $ref $alt";
}

sub check_first {
	my ($report, @files) = @_;
	my %seen;
	my ($records, $alleles) = (0, 0);
	for my $i (0 .. $#files) {
		my $gone = 0;
		records($files[$i], sub {
			my @f = @{ $_[0] };
			my $lost = 0;
			my @alt = split /,/, $f[4];
			$lost += $seen{"$f[0] " . trim($f[1], $f[3], $_)}++ ? 1 : 0 for @alt;
			$alleles += $lost;
			$gone++ if $lost == @alt;
		});
		$records += $gone;
		is("records of $files[$i] that are duplicates", $gone, $report->{sources}[$i]{rejected});
	}
	is('records that are duplicates', $records, $report->{records}{rejected}{duplicate} // 0);
	is('alleles that are duplicates', $alleles, $report->{alleles}{dropped}{duplicate} // 0);
}

sub make {
	my $dir = shift;
	my $state = 20261123;
	my $rnd = sub { $state = ($state * 1103515245 + 12345) % 2147483648; int($state / 512) % $_[0] };
	my $line = sub {
		my $pos = shift;
		my %alt = map { $_ => 1 } map { qw(C G T AC AG CA)[$rnd->(6)] } 0 .. $rnd->(3);
		return join("\t", 'a', $pos, '.', 'A', join(',', sort keys %alt), '.', 'PASS',
			'AC=' . join(',', map { 1 } keys %alt) . ';AN=9') . "\n";
	};
	for my $name (qw(a b c)) {
		open(my $f, '>', "$dir/$name.vcf") or die;
		print $f "##fileformat=VCFv4.2\n##contig=<ID=a>\n##INFO=<ID=AC,Number=A,Type=Integer,Description=\"x\">\n",
			"##INFO=<ID=AN,Number=1,Type=Integer,Description=\"x\">\n",
			"#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n";
		# Units are of some megabytes: what comes after the first has left when the last does.
		if ($name eq 'a') {
			print $f "a\t", 100000 + $_, "\t.\tA\tC\t.\tPASS\tAC=1;AN=9;X=", 'x' x 100, "\n" for 1 .. 90000;
		}
		print $f $line->(1 + int($_ / 3)) for 0 .. 3000;
	}
}

my $what = shift;
if ($what eq 'make') {
	make(@ARGV);
	exit;
}
if ($what eq 'many') {
	while (<STDIN>) {
		chomp;
		my ($report, $file) = split /\t/;
		my $said = check_sums(slurp($report), undef, 0, $file);
		print "$file\t", @faults ? "FAULT $faults[0]" : $said, "\n";
		@faults = ();
	}
	exit;
}
my $pass = $what eq 'check' && $ARGV[0] eq 'pass' && shift;
my $report = slurp(shift);
my $said;
if ($what eq 'check') {
	my $info = slurp(shift);
	$said = check_sums($report, $info, $pass, @ARGV);
} else {
	$said = check_sums($report, undef, 0, @ARGV);
	check_first($report, @ARGV);
}
print "FAULT $_\n" for @faults;
print "$said\n" unless @faults;
