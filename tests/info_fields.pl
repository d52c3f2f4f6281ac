# info_fields.pl SOURCE.vcf BUILD.log DUMP.vcf: what a build says of the INFO keys, and what the dump
# of its index holds, against the source's own text.  The last line is
#	RESULT numbers alleles missing mapped checked named other faults
use strict;
use warnings;

my ($source, $log, $dump) = @ARGV;
my ($n_faults, $n_told) = (0, 0);

sub fault {
	$n_faults++;
	printf "    %s\n", substr("@_", 0, 300) if $n_told++ < 5;
}

# --- what the build says ---

my (%mapped, %named, %checked, %other); # key -> [[group, metric, halved], ...]
open(my $l, '<', $log) or die;
while (<$l>) {
	next unless s/^vidx build: \Q$source\E: //;
	chomp;
	if (s/^not used: //) {
		$named{$_} = 1 for split /, /;
		next;
	}
	if (s/^no counts: //) {
		$other{$_} = 1 for split /, /;
		next;
	}
	next unless /^(\S+): (?:ac|an|af|nhomalt|nhemi|het|ac_het)(?: and an)? \S/;
	my $group = $1;
	s/^\S+: //;
	for (split /, /) {
		/^(\w+)( and an)? (\S+)(?: \((.*)\))?$/ or die "not understood: $_";
		my ($metric, $and, $key, $note) = ($1, $2, $3, $4 // '');
		$checked{$key} = 1, next if $metric eq 'af';
		push @{ $mapped{$key} }, [$group, $metric, scalar($note =~ /halved/), $and];
	}
}

# --- what the header declares; every key that looks like a count has to be there ---

my (%order, %type, %seen);
my %count_like = map { $_ => 1 } qw(ac an af maf hom het hemi nhomalt nhomref homref homalt hemialt
	hemiref faf faf95 faf99 tac gtc caf freq sc sn sf cn);
my $reader = $source =~ /bcf$/ ? 'bcftools view' : 'gzip -dcf';
open(my $in, '-|', "$reader '$source' 2>/dev/null") or die;
while (<$in>) {
	last unless /^##/;
	next unless /^##INFO=<ID=([^,]+),Number=[^,]*,Type=(\w+)(.*)/;
	$type{$1} = $2;
	my ($key, $rest) = ($1, $3);
	$order{$key} = [$1 =~ /'([^']*)'/g] if $rest =~ /order: \[(.*?)\]/;
}
my $exac = exists $type{AC_Adj};
my $sv = exists $type{N_HOMALT};

# The group and metric that a key ought to have, or nothing: written apart from the engine.
sub ought {
	my $key = shift;
	my %word = (AC => 'ac', AN => 'an', nhomalt => 'nhomalt', Hom => 'nhomalt', Hemi => 'nhemi',
		N_HOMALT => 'nhomalt', N_HEMIALT => 'nhemi', N_HET => 'het', SC => 'ac', SN => 'an',
		AC_Hom => 'nhomalt', AC_Het => 'het', AC_hom => 'ac', AC_het => 'ac_het', TAC => 'ac',
		AC_Hemi => 'nhemi');
	delete @word{qw(Hom Hemi)} unless $exac || $key !~ /^STAR/;
	delete @word{qw(AC_Het)} if $exac;
	delete @word{qw(SC SN)} unless exists $type{SF};
	return if $key =~ /raw|popmax|grpmax|max_|excluded|hist|freq|^STAR|_NONREF|hap_|pop_/i;
	for my $w (sort { length $b <=> length $a || $a cmp $b } keys %word) {
		next unless $key =~ /^(?:(.*)_)?\Q$w\E(?:_(.*))?$/;
		my @part = grep { defined && length } split(/_/, $1 // ''), split(/_/, $2 // '');
		my $sex = '';
		my @rest;
		for (@part) {
			if (/^(male|XY)$/i) { $sex = 'XY' }
			elsif (/^(female|XX)$/i) { $sex = 'XX' }
			elsif ($_ eq 'Adj' && $exac) { push @rest, '' }
			else { push @rest, $_ }
		}
		return if $exac && !@part && $w !~ /^AC_H/;
		return (join('_', grep { length } @rest, $sex) || 'ALL', $word{$w});
	}
	return;
}

for my $key (sort keys %type) {
	fault("$key is not in the summary") unless $mapped{$key} || $named{$key} || $checked{$key} || $other{$key};
	next if $type{$key} eq 'Flag' || $key =~ /(^|_)hist(_|$)/;
	my $like = grep { $count_like{ lc $_ } } split(/_/, $key);
	fault("$key is neither mapped nor named") if $like && !$mapped{$key} && !$named{$key} && !$checked{$key};
	my ($group, $metric) = $type{$key} ne 'Float' || exists $type{SF} ? ought($key) : ();
	my $said = $mapped{$key} ? "$mapped{$key}[0][0] $mapped{$key}[0][1]" : '';
	my $want = defined $group ? "$group $metric" : '';
	# A group without both AC and AN is left out; lists have their names elsewhere.
	fault("$key is mapped to '$said', not to '$want'")
		if $said ne $want && !($said eq '' && $named{$key}) && !$order{$key};
}

# --- what the dump holds ---

my %held;
open(my $d, '<', $dump) or die;
while (<$d>) {
	next if /^#/;
	chomp;
	my @f = split /\t/;
	push @{ $held{"@f[0,1,3,4] $f[2]"} }, { map { split /=/, $_, 2 } grep { /=/ } split /;/, $f[7] };
}

sub trim {
	my ($pos, $ref, $alt) = @_;
	($ref, $alt) = (uc $ref, uc $alt) if "$ref$alt" =~ /^[A-Za-z]+$/;
	return ($pos, $ref, $alt) if $alt !~ /^[A-Z]+$/ || $ref !~ /^[A-Z]+$/;
	while (length $ref > 1 && length $alt > 1 && substr($ref, -1) eq substr($alt, -1)) {
		chop $ref, chop $alt;
	}
	while (length $ref > 1 && length $alt > 1 && substr($ref, 0, 1) eq substr($alt, 0, 1)) {
		$ref = substr($ref, 1), $alt = substr($alt, 1);
		$pos++;
	}
	return ($pos, $ref, $alt);
}

# The source's number for ALT i of n; undef where it gives none.
sub number {
	my ($key, $value, $i, $n, $how) = @_;
	my ($group, $metric, $halved, $and) = @$how;
	my @v = split /,/, $value, -1;
	if ($order{$key} && $value =~ /\|/) {
		my @list = split /\|/, $value;
		my ($at) = grep { $group =~ /^(?:hap_)?\Q$order{$key}[$_]\E$/ &&
			($key =~ /^hap/) == ($group =~ /^hap_/) } 0 .. $#{ $order{$key} };
		return defined $at ? $list[$at] : undef;
	}
	my $v = @v == 1 && !$and ? $v[0] : $v[$i];
	return !defined $v || $v eq '.' ? undef : $halved ? $v / 2 : $v;
}

my ($n_numbers, $n_alleles, $n_missing) = (0, 0, 0);
my %name = (ac => 'AC', an => 'AN');
while (<$in>) {
	next if /^#/ || /^\s*$/;
	chomp;
	my @f = split /\t/;
	my %info = map { split /=/, $_, 2 } grep { /=/ } split /;/, $f[7];
	my @alt = split /,/, $f[4];
	for my $i (0 .. $#alt) {
		$n_alleles++;
		$n_missing++, next if $alt[$i] =~ /^(?:\.|\*|<NON_REF>)$/;
		my ($pos, $ref, $alt) = trim($f[1], $f[3], $alt[$i]);
		my $rows = $held{"$f[0] $pos $ref $alt $f[2]"} or $n_missing++, next;
		my $row = shift @$rows or $n_missing++, next;
		for my $key (keys %mapped) {
			for my $how (@{ $mapped{$key} }) {
				my $v = defined $info{$key} ? number($key, $info{$key}, $i, scalar @alt, $how) : undef;
				my $as = ($name{ $how->[1] } // $how->[1]) .
					($how->[0] eq 'ALL' ? '' : "_$how->[0]");
				my $got = $row->{$as};
				$n_numbers++ if defined $v;
				fault("$f[0]:$f[1] $alt: $key ", $v // 'none', " came back as $as ", $got // 'none')
					if ($v // 'none') ne ($got // 'none');
				next unless $how->[3];
				my $sum = 0;
				$sum += $_ for split /,/, $info{$key};
				$as =~ s/^AC/AN/;
				fault("$f[0]:$f[1] $alt: the sum of $key") if $sum ne ($row->{$as} // 'none');
			}
		}
	}
}
printf "RESULT %d %d %d %d %d %d %d %d\n", $n_numbers, $n_alleles, $n_missing, scalar keys %mapped,
	scalar keys %checked, scalar keys %named, scalar keys %other, $n_faults;
