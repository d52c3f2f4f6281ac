# Files with genotypes and a reference that agrees with their REF columns, for tests/norm_counts.sh.
#
#	perl tests/norm_counts.pl make SOURCE.vcf DIR SEED
#		The long stretches between the records of SOURCE are cut out and what lies between is
#		made up: behind an indel its bases are repeated, so that it can be spelled further to
#		the right.  Half of the records are spelled so, or with bases too many.  Writes
#		DIR/ref.fa	the reference
#		DIR/v.vcf	the file at its new place, every other column as it was; ID is the number
#				of the record
#		DIR/c.vcf	the same with GT alone, and nothing but END and SVLEN in INFO
#		DIR/b.vcf	that, sorted; XI is 1000 * record + ALT
#		DIR/odd		`XI half-calls more-than-two`, where either is not 0
#		and prints `records indels-shifted`; exits 3 without sample columns.
#
#	perl tests/norm_counts.pl keep SOURCE.vcf DIR SEED
#		The same of a file that has its reference in DIR/ref.fa, at its own place.
#
#	perl tests/norm_counts.pl compare DIR EXPECTED DUMP
#		EXPECTED: `CHROM POS REF ALT XI SPAN AC AN AC_Hom AC_Het AC_Hemi` as bcftools norm -m-any
#		-c w -f and +fill-tags make it from b.vcf; DUMP: `vidx dump -O tsv` of v.vcf or c.vcf.
#		Prints the first differences and `RESULT alleles differences left-out mismatches`.
#
# What differs by intention: see tests/expected.pl; and records whose REF is not the reference's
# (two records of a file that contradict each other) are rejected.
use strict;
use warnings;

my ($mode, @rest) = @ARGV;
my (%seq, %upper, @contigs);

sub any { return $_[int rand @_] }

sub bases { return join '', map { any(qw(A C G T)) } 1 .. $_[0] }

sub is_seq { return $_[0] =~ /^[A-Za-z]+$/ }

# The bases that an indel adds or takes away, when that is all it does.
sub unit {
	my ($ref, $alt) = map { uc } @_;
	return substr $alt, length $ref if length $alt > length $ref && index($alt, $ref) == 0;
	return substr $ref, length $alt if length $ref > length $alt && index($ref, $alt) == 0;
	return '';
}

sub read_fasta {
	my $name;
	open my $f, '<', $_[0] or die "$_[0]: $!\n";
	while (<$f>) {
		chomp;
		if (/^>(\S+)/) { $name = $1; next }
		$seq{$name} .= uc $_;
	}
	tr/ACGT/N/c for values %seq;
}

# --- make ---

my (@head, @records, %intervals, %new_at);

sub read_source {
	my ($source, $dir) = @_;
	open my $in, $source eq '-' ? '<&STDIN' : "<$source" or die "$source: $!\n";
	while (<$in>) {
		s/\r?\n$//;
		if (/^#/) { push @head, $_ unless /^##contig/; next }
		my ($contig, $pos, undef, $ref) = split /\t/, $_, 5;
		exit 3 unless $head[-1] =~ /\tFORMAT\t./;
		push @contigs, $contig unless $intervals{$contig};
		push @{$intervals{$contig}}, [$pos, length $ref, $#records + 1] if $pos > 0;
		push @records, $_;
	}
	exit 3 unless @records;
	unshift @head, '##fileformat=VCFv4.2' unless $head[0] =~ /^##fileformat/;
}

# New places and the reference of one contig.
sub lay_out {
	my $contig = shift;
	my $s = '';
	my ($old_end, $repeat) = (0, '');
	for my $i (sort { $a->[0] <=> $b->[0] || $a->[2] <=> $b->[2] } @{$intervals{$contig}}) {
		my ($pos, $len, $n) = @$i;
		my (undef, undef, undef, $ref, $alt) = split /\t/, $records[$n], 6;
		if ($pos > $old_end) { # nothing here yet
			my $gap = $pos - 1 - $old_end;
			$gap = 60 if $gap > 60;
			$s .= substr(($repeat x 60) . bases(60), 0, $gap) if length $repeat && length $repeat < 20;
			$s .= bases($gap) unless length $repeat && length $repeat < 20;
			$old_end = $pos - 1;
			$repeat = '';
		}
		$new_at{$n} = length($s) - ($old_end - $pos);
		my $over = $old_end - ($pos - 1);
		if ($len > $over) {
			$s .= substr $ref, $over;
			$old_end += $len - $over;
			my ($first) = grep { is_seq($_) && length $_ != $len } split /,/, $alt;
			$repeat = defined $first ? unit($ref, $first) : '';
			$repeat = '' if $repeat =~ /[^ACGT]/;
		}
	}
	$s .= substr(($repeat x 9) . bases(30), 0, 60) || bases(30);
	$s =~ tr/A-Za-z/N/c;
	$seq{$contig} = $s;
	$upper{$contig} = uc $s;
}

# Another spelling of one record on the reference, or none.
sub respell {
	my ($contig, $pos, $ref, $alts) = @_;
	my $s = \$upper{$contig};
	my @alt = split /,/, $alts;
	return if $pos < 1 || grep { !/^[ACGTacgt]+$/ } $ref, @alt;
	return unless substr($$s, $pos - 1, length $ref) eq uc $ref;
	my ($unit, $moves) = (@alt == 1 ? unit($ref, $alt[0]) : '', 0);
	if (length $unit) {
		my $gone = length $ref > length $alt[0] ? length $unit : 0;
		my $at = $pos - 1 + ($gone ? length $alt[0] : length $ref);
		my $most = int rand 40;
		if ($gone) {
			$at++, $moves++ while $moves < $most && $at + $gone < length $$s && substr($$s, $at, 1) eq substr($$s, $at + $gone, 1);
		} else {
			while ($moves < $most && $at < length $$s && substr($$s, $at, 1) eq substr($unit, 0, 1)) {
				$unit = substr($unit, 1) . substr($unit, 0, 1);
				$at++, $moves++;
			}
		}
		($pos, $ref) = ($at, substr $$s, $at - 1, 1 + $gone);
		@alt = (substr($$s, $at - 1, 1) . ($gone ? '' : $unit));
	}
	my $left = int rand 4;
	$left = $pos - 1 if $left >= $pos;
	my $more = substr $$s, $pos - 1 + length $ref, int rand 4;
	my $less = substr $$s, $pos - 1 - $left, $left;
	return ($pos - $left, $less . $ref . $more, join(',', map { $less . uc($_) . $more } @alt), $moves);
}

sub write_fasta {
	my $dir = shift;
	open my $f, '>', "$dir/ref.fa" or die "$dir/ref.fa: $!\n";
	for my $c (@contigs) {
		print $f ">$c\n";
		print $f "$1\n" while $seq{$c} =~ /(.{1,100})/g;
	}
	close $f or die "$dir/ref.fa: $!\n";
}

# Half calls of each allele, and whether a sample has more than two.
sub odd {
	my ($samples, $at) = @_;
	my (%half, $more);
	for my $sample (@$samples) {
		my $gt = (split /:/, $sample)[$at] // '.';
		my @alleles = split m{[/|]}, $gt;
		my @called = grep { $_ ne '.' } @alleles;
		$more = 1 if @alleles > 2;
		$half{$called[0]}++ if @alleles == 2 && @called == 1;
	}
	return (\%half, $more);
}

sub make {
	my ($source, $dir, $seed, $keep) = @_;
	srand $seed;
	read_source($source);
	if ($keep) {
		read_fasta("$dir/ref.fa");
		$upper{$_} = $seq{$_} for @contigs;
	} else {
		$intervals{$_} //= [] for @contigs;
		lay_out($_) for @contigs;
		write_fasta($dir);
	}
	my $names = pop @head;
	my $n_moved = 0;
	open my $v, '>', "$dir/v.vcf" or die "$dir/v.vcf: $!\n";
	open my $c, '>', "$dir/c.vcf" or die "$dir/c.vcf: $!\n";
	open my $odd, '>', "$dir/odd" or die "$dir/odd: $!\n";
	my @contig_lines = map { "##contig=<ID=$_>" } @contigs;
	print $v "$_\n" for @head, @contig_lines, $names;
	print $c "##fileformat=VCFv4.2\n", map { "$_\n" } @contig_lines,
		'##INFO=<ID=END,Number=1,Type=Integer,Description="end">',
		'##INFO=<ID=SVLEN,Number=.,Type=Integer,Description="length">',
		'##FORMAT=<ID=GT,Number=1,Type=String,Description="genotype">', $names;
	my %rank = map { $contigs[$_] => $_ } 0 .. $#contigs;
	my @plain;
	for my $n (0 .. $#records) {
		my ($contig, $old_pos, undef, $ref, $alts, @more) = split /\t/, $records[$n], -1;
		my $info = $more[2];
		my $samples = join "\t", @more[4 .. $#more];
		my $pos = $new_at{$n} // $old_pos;
		my @other = rand() < 0.5 ? respell($contig, $pos, $ref, $alts) : ();
		if (@other) {
			($pos, $ref, $alts) = @other;
			$n_moved++ if $other[3];
		}
		$info =~ s/(^|;)END=(\d+)(?=;|$)/"$1END=" . ($2 + $pos - $old_pos)/e;
		my $span = join ';', $info =~ /(?:^|;)((?:END|SVLEN)=[^;]*)/g;
		$more[2] = $info;
		print $v join("\t", $contig, $pos, $n + 1, $ref, $alts, @more), "\n";
		my @keys = split /:/, $more[3];
		my ($at) = grep { $keys[$_] eq 'GT' } 0 .. $#keys;
		my $n_alts = $alts eq '.' ? 0 : 1 + ($alts =~ tr/,//);
		my $gts = $samples;
		if (defined $at && @keys > 1) { $gts = join "\t", map { (split /:/)[$at] // '.' } @more[4 .. $#more] }
		elsif (!defined $at) { $gts = join "\t", ('.') x (@more - 4) }
		# bcftools 1.16 does not know a phase before the first allele.
		$gts =~ s{(^|\t)[/|]}{$1}g;
		if ($gts =~ m{\.[/|]\d|\d[/|]\.|[\d.][/|][\d.]+[/|][\d.]}) {
			my ($half, $three) = odd([split /\t/, $gts], 0);
			for my $i (1 .. $n_alts) {
				next unless $half->{$i} || $three;
				printf $odd "%d %d %d\n", ($n + 1) * 1000 + $i, $half->{$i} // 0, $three // 0;
			}
		}
		print $c join("\t", $contig, $pos, $n + 1, $ref, $alts, '.', '.', $span || '.', 'GT', $gts), "\n";
		my $xi = join ',', map { ($n + 1) * 1000 + $_ } 1 .. $n_alts;
		push @plain, [$rank{$contig}, $pos, join "\t", $contig, $pos, $n + 1, $ref, $alts, '.', '.',
			"SPAN=" . ($span =~ tr/=;/:_/r || 'none') . ($n_alts ? ";XI=$xi" : ''), 'GT', $gts];
	}
	close $v or die "$dir/v.vcf: $!\n";
	close $c or die "$dir/c.vcf: $!\n";
	close $odd or die "$dir/odd: $!\n";
	open my $bare, '>', "$dir/b.vcf" or die "$dir/b.vcf: $!\n";
	print $bare "##fileformat=VCFv4.2\n", map { "$_\n" } @contig_lines;
	print $bare "##INFO=<ID=XI,Number=A,Type=Integer,Description=\"record and ALT\">\n",
		"##INFO=<ID=SPAN,Number=1,Type=String,Description=\"END and SVLEN\">\n",
		"##FORMAT=<ID=GT,Number=1,Type=String,Description=\"genotype\">\n$names\n";
	print $bare "$_->[2]\n" for sort { $a->[0] <=> $b->[0] || $a->[1] <=> $b->[1] } @plain;
	close $bare or die "$dir/b.vcf: $!\n";
	printf "%d %d\n", scalar @records, $n_moved;
}

# --- compare ---

my ($n_differ) = 0;

sub differ {
	print "\t", substr(join(' ', @_), 0, 300), "\n" if $n_differ++ < 3;
}

sub compare {
	my ($dir, $expected, $dump) = @_;
	my (%half, %more, %want, %left_out, %kept, %have);
	my ($n_left, $n_mismatch, $n) = (0, 0, 0);
	read_fasta("$dir/ref.fa");
	open my $o, '<', "$dir/odd" or die "$dir/odd: $!\n";
	while (<$o>) {
		my ($xi, $h, $m) = split;
		$half{$xi} = $h;
		$more{$xi} = $m;
	}
	open my $e, '<', $expected or die "$expected: $!\n";
	my @rows = map { chomp; [split /\t/] } <$e>;
	# The first record in input order counts.
	for my $row (sort { $a->[4] <=> $b->[4] } grep { $_->[4] ne '.' } @rows) {
		my ($contig, $pos, $ref, $alt, $xi, $span, $ac, $an, $hom, $het, $hemi) = @$row;
		next if $alt =~ /^(?:\*|<\*>|<NON_REF>|<\*:DEL>|\.)$/;
		$ref = uc $ref;
		if ($pos < 1 || substr($seq{$contig}, $pos - 1, length $ref) ne $ref) {
			$n_mismatch++;
			next;
		}
		next if $ref eq uc $alt;
		$_ eq '.' and $_ = 0 for $ac, $an, $hom, $het, $hemi;
		$alt = uc $alt if is_seq($alt);
		my $key = join "\t", $contig, $pos, $ref, $alt;
		$span = '' unless $alt =~ /^</;
		next if $kept{"$key\t$span"}++;
		if ($more{$xi}) { $left_out{$key} = 1, $n_left++, next }
		$hemi -= $half{$xi} // 0;
		push @{$want{$key}}, sprintf 'record %d ac %s an %s nhomalt %s nhemi %s het %s', $xi / 1000, $ac, $an, $hom / 2, $hemi, $het;
	}
	my %column;
	open my $d, '<', $dump or die "$dump: $!\n";
	while (<$d>) {
		chomp;
		my @f = split /\t/;
		if (s/^#//) { my @names = split /\t/; @column{@names} = 0 .. $#names; next }
		push @{$have{join "\t", @f[@column{qw(contig pos ref alt)}]}},
			sprintf 'record %s ac %s an %s nhomalt %s nhemi %s het %s', @f[@column{qw(id ac an nhomalt nhemi het)}];
	}
	for my $key (sort keys %want) {
		next if $left_out{$key};
		$n += @{$want{$key}};
		my ($w, $h) = map { join '; ', sort @{$_ // []} } $want{$key}, $have{$key};
		differ($key =~ tr/\t/ /r, ": expected $w, got", $h || 'nothing') if $w ne $h;
	}
	for my $key (sort keys %have) {
		differ($key =~ tr/\t/ /r, ': not expected') if !$want{$key} && !$left_out{$key};
	}
	print "RESULT $n $n_differ $n_left $n_mismatch\n";
}

$mode eq 'compare' ? compare(@rest) : make(@rest, $mode eq 'keep');
