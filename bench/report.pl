# Makes the rows that the claims left into a table, JSON, or the README's table.
#
#	perl bench/report.pl table|json DIR
#	perl bench/report.pl readme|format DIR FILE
#
# DIR has machine.tsv (key=value a line) and a .rows file for each claim: its first line says when,
# with what and how it was run; the others are rows, key=value between tabs (see bench/lib.sh).
# readme rewrites what is between the lines <!-- bench --> and <!-- end bench --> of the README with
# the table, format what is between <!-- parts --> and <!-- end parts --> of FORMAT.md.
use strict;
use warnings;

my ($what, $dir, $readme) = @ARGV;
my @order = qw(build threads size scale get oneshot data);

sub fields {
	my ($line, %f) = @_;
	chomp $line;
	for (split /\t/, $line) {
		my ($key, $value) = split /=/, $_, 2;
		$f{$key} = $value if defined $value;
	}
	return \%f;
}

sub lines {
	my ($path) = @_;
	open my $f, '<', $path or die "$path: $!\n";
	return <$f>;
}

my %rank = map { $order[$_] => $_ } 0 .. $#order;
my @claims;
for my $path (glob "$dir/*.rows") {
	my ($name) = $path =~ m{([^/]*)\.rows$};
	my ($run, @rows) = map { fields($_) } lines($path);
	push @claims, {name => $name, run => $run, rows => \@rows};
}
@claims = sort { ($rank{$a->{name}} // 99) <=> ($rank{$b->{name}} // 99) } @claims;
my %machine = map { chomp; split /=/, $_, 2 } lines("$dir/machine.tsv");

# --- what a row says ---

sub ratio {
	my ($r) = @_;
	return if !$r->{'rival.value'} || !defined $r->{'vidx.value'};
	return $r->{'vidx.value'} / $r->{'rival.value'};
}

# Whether a goal like ratio<=0.6, value<=4.5, diff<=0.001 (of the units) or gain>=4 is met; undef without one.
sub met {
	my ($r) = @_;
	my ($kind, $sign, $limit) = ($r->{goal} // '') =~ /^(ratio|value|diff|gain)(<=|>=)(.+)$/ or return;
	my $x = $kind eq 'value' ? $r->{'vidx.value'} : $kind eq 'diff' ? $r->{'vidx.value'} - $r->{'rival.value'} :
		$kind eq 'gain' ? $r->{'rival.value'} / $r->{'vidx.value'} : ratio($r);
	return $sign eq '<=' ? $x <= $limit : $x >= $limit;
}

sub number {
	my ($x) = @_;
	return '' if !defined $x;
	return $x if $x !~ /^[-+0-9.eE]+$/;
	my $digits = abs($x) >= 100 ? 0 : abs($x) >= 10 ? 1 : abs($x) >= 1 ? 2 : 3;
	my $text = sprintf "%.${digits}f", $x;
	1 while $text =~ s/^(-?\d+)(\d{3})/$1,$2/;
	return $text;
}

sub amount {
	my ($x, $unit) = @_;
	return '' if !defined $x;
	return number($x * 1000) . ' ms' if $unit eq 's' && $x < 0.1;
	return number($x) . " $unit";
}

sub goal {
	my ($r) = @_;
	my ($kind, $sign, $limit) = ($r->{goal} // '') =~ /^(\w+)(<=|>=)(.+)$/ or return '';
	my $unit = $r->{unit} // '';
	my $text = ($sign eq '<=' ? 'at most ' : 'at least ') . ($kind eq 'ratio' ? number($limit) : $kind eq 'gain' ? "$limit x" :
		$kind eq 'diff' ? amount($limit, $unit) . ' more' : amount($limit, $unit));
	return $text . (met($r) ? '' : ', **missed**');
}

my %title = (build => 'Building', threads => 'Threads', size => 'Size', scale => 'Scale', get => 'Looking up',
	oneshot => 'One lookup from a shell', data => 'Own files');

sub table_row {
	my ($r) = @_;
	return "| $r->{what} | | $r->{'rival.label'}: not installed | | |" if $r->{'rival.absent'};
	my $ratio = ratio($r);
	my $ours = ($r->{'vidx.label'} // 'vidx') eq 'vidx' ? '' : "$r->{'vidx.label'}: ";
	my $peak = $r->{'vidx.peak_kib'} && $r->{series} && !$r->{itself} ? ', ' . number((sort { $b <=> $a } split /,/, $r->{'vidx.peak_kib'})[0] / 1024) . ' MiB' : '';
	my $rival = $r->{'rival.label'} // '';
	$rival .= ': ' . amount($r->{'rival.value'}, $r->{unit}) if defined $r->{'rival.value'};
	return "| $r->{what} | $ours" . amount($r->{'vidx.value'}, $r->{unit}) . "$peak | $rival | " . (defined $ratio ? number($ratio) : '') . ' | ' . goal($r) . ' |';
}

sub tables {
	my @out;
	for my $claim (@claims) {
		my @rows = grep { $_->{what} && !$_->{detail} } @{$claim->{rows}};
		push @out, '', $title{$claim->{name}} // $claim->{name}, '' if @rows;
		push @out, $claim->{name} eq 'scale' ? scale_table(@rows) : ('| what | vidx | beside it | ratio | goal |', '|---|---|---|---|---|', map { table_row($_) } @rows);
	}
	return @out;
}

sub scale_table {
	my (@rows) = @_;
	my @out = ('| streamed from the simulator | text | build | CPU of vidx | the simulator alone | CPU a unit | to the first | peak | index |', '|---|---|---|---|---|---|---|---|---|');
	for my $r (@rows) {
		push @out, sprintf '| %s | %s GB | %s | %s | %s | %s ns a %s | %s | %s MiB | %s B a variant |', $r->{what}, number($r->{text_bytes} / 1e9),
			amount($r->{'vidx.wall'}, 's'), amount($r->{'vidx.user'} + $r->{'vidx.system'}, 's'), amount($r->{'sim.wall'}, 's'),
			number($r->{cpu_ns}), $r->{per}, number($r->{flat}), number($r->{'vidx.peak_kib'} / 1024), number($r->{bytes_per_variant});
	}
	return @out;
}

sub slower {
	my @out = map { my $c = $_; map { my $x = ratio($_); defined $x && $x > 1 && ($_->{goal} // '') !~ /^(diff|gain)/ && !$_->{itself} ?
		"$_->{what}, against $_->{'rival.label'}: " . number($x) : () } @{$c->{rows}} } @claims;
	return @out ? ('', 'Slower than the rival: ' . join('; ', @out) . '.') : ('', 'Slower than a rival: nothing of the above.');
}

sub about {
	my $run = @claims ? $claims[0]{run} : {mode => '', runs => 0, threads => 0};
	my %versions = map { (/^version\.(.*)/ && $machine{$_} ne 'absent') ? ($1 => $machine{$_}) : () } keys %machine;
	my @absent = sort map { /^version\.(.*)/ && $machine{$_} eq 'absent' ? $1 : () } keys %machine;
	my %mode = map { $_->{run}{mode} => 1 } @claims;
	return ("Machine: $machine{cpu}, $machine{cpus} processors, $machine{numa}, $machine{memory_gib} GiB, $machine{kernel}, data on $machine{filesystem}; " .
		"the @{[join ' and ', sort keys %mode]} sizes, medians of $run->{runs} runs (one run where it takes more than 10 s), $run->{threads} threads, indexes written and synced.",
		'Versions: ' . join(', ', map { "$_ $versions{$_}" } sort keys %versions) . '.' . (@absent ? ' Not installed here: ' . join(', ', @absent) . '.' : ''));
}

sub proofs { return map { my $c = $_; map { $_->{proved} ? "- $_->{proved}" : () } @{$c->{rows}} } @claims }

sub table {
	return (about(), '', 'Equal answers, shown before any speed was taken:', '', proofs(), tables(), slower());
}

# Bytes of the blocks by part, a column for each number of groups.
sub parts {
	my ($claim) = grep { $_->{name} eq 'size' } @claims or return;
	my @column = sort { $a->{groups} <=> $b->{groups} } grep { $_->{'part.rows'} } @{$claim->{rows}} or return;
	my @part = ('headers', 'table', 'positions', 'allele codes', 'row offsets', 'packed alleles', 'AN references', 'rows', 'heap', 'long rows, IDs, padding');
	my $line = sub { my ($label, $key, $bold) = @_; return "| $bold$label$bold | " . join(' | ', map { $bold . sprintf('%.2f', $_->{$key} // 0) . $bold } @column) . ' |' };
	return ('| part | ' . join(' | ', map { $_->{groups} == 1 ? '1 group' : "$_->{groups} groups" } @column) . ' |', '|---|' . '---|' x @column,
		(map { $line->($_ eq 'headers' ? 'headers, parameters, FILTERs, LMDB' : $_, "part.$_", '') } @part), $line->('all', 'vidx.value', '**'),
		$line->('all, were only AC there', 'alone.AC', ''), $line->('all, were only AN there', 'alone.AN', ''),
		$line->('all, with IDs (half of the rows have one)', 'alone.IDs', ''), '', number($column[0]{n}) =~ s/\.00$//r . ' rows each.');
}

# --- JSON ---

sub string { my ($s) = @_; $s =~ s/(["\\])/\\$1/g; $s =~ s/([\x00-\x1f])/sprintf '\\u%04x', ord $1/ge; return "\"$s\"" }
sub value {
	my ($key, $x) = @_;
	return '[' . join(', ', split /,/, $x) . ']' if $key =~ /^(wall|user|system|peak_kib)$/ && $x =~ /^[-0-9.,e]+$/;
	return $x =~ /^-?(0|[1-9]\d*)(\.\d+)?([eE][-+]?\d+)?$/ ? $x : string($x);
}
sub object {
	my ($f, $of) = @_;
	return '{' . join(', ', map { string($_) . ': ' . string($f->{$_}) } sort keys %$f) . '}' if ($of // '') eq 'version';
	my (%plain, %nested);
	for (keys %$f) { if (/^(\w+)\.(.*)$/) { $nested{$1}{$2} = $f->{$_} } else { $plain{$_} = $f->{$_} } }
	return '{' . join(', ', (map { string($_) . ': ' . value($_, $plain{$_}) } sort keys %plain),
		(map { string($_) . ': ' . object($nested{$_}, $_) } sort keys %nested)) . '}';
}

sub json {
	my @parts;
	for my $claim (@claims) {
		my @rows = map { my %r = %$_; my $x = ratio($_); my $m = met($_); $r{ratio} = sprintf '%.5f', $x if defined $x;
			$r{met} = $m ? 1 : 0 if defined $m; \%r } grep { $_->{what} } @{$claim->{rows}};
		my @proved = map { $_->{proved} // () } @{$claim->{rows}};
		push @parts, '  ' . string($claim->{name}) . ': {"run": ' . object($claim->{run}) . ",\n    \"proved\": [" . join(', ', map { string($_) } @proved) .
			"],\n    \"rows\": [\n      " . join(",\n      ", map { object($_) } @rows) . "\n    ]}";
	}
	return ('{', '"machine": ' . object(\%machine) . ',', "\"claims\": {\n" . join(",\n", @parts) . '}', '}');
}

# The plots that bench/plot.sh could draw.
sub images {
	my %text = (build_size => 'Build time against size', build_threads => 'Build time against threads', latency => 'Single lookups against LMDB, SQLite and RocksDB');
	return map { -s "$dir/plots/$_.svg" ? ('', "![$text{$_}](bench/plots/$_.svg)") : () } qw(build_size build_threads latency);
}

# Puts lines between the marks of a file; without lines it stays as it is.
sub rewrite {
	my ($mark, @lines) = @_;
	return if !@lines;
	my $text = join '', lines($readme);
	my $new = join "\n", @lines;
	$text =~ s/(<!-- $mark -->\n).*?(<!-- end $mark -->)/$1\n$new\n\n$2/s or die "$readme: no <!-- $mark --> in it\n";
	open my $f, '>', "$readme.new" or die "$readme.new: $!\n";
	print $f $text or die "$readme.new: $!\n";
	close $f or die "$readme.new: $!\n";
	rename "$readme.new", $readme or die "$readme: $!\n";
}

if ($what eq 'table') { print "$_\n" for table() }
elsif ($what eq 'json') { print "$_\n" for json() }
elsif ($what eq 'readme') { rewrite('bench', table(), images()) }
elsif ($what eq 'format') { rewrite('parts', parts()) }
else { die "report.pl: table, json, readme or format\n" }
