# The callable track: absent or not covered, and the AN of what is absent.
INIT vidx build -q -o bed.vidx --samples cohort.tsv --group-by population --callable callable.bed cohort.vcf 2>/dev/null
INIT vidx verify -q bed.vidx
1 callable_bed.out vidx get bed.vidx --populations ALL --fields query,population,ac,an,af,status 1-55051215-G-GA 1-55051216-A-T chr1-55051000-A-T chr1-55051001-A-T 1-55052000-A-T 1-55052001-A-T 1-55051999-AA-A 1-55052000-AA-A 1-55052000-A-AA 1-55051300-AA-TT 1-55039974-G-T 1-8-A-C 1-55051300 1-55052001 2-100-A-C X-15000001-A-C X-15000002-A-C none-5-A-C rs999 'NC_000001.11:g.55051301G>A' 'chr1:55051500:C:<DEL>' 'chr1:55052500:C:<DEL>' '1-55051500-A-*'
0 =callable\tbed vidx info bed.vidx | grep -P '^callable\t'
0 =callable_bases\t1001 vidx info bed.vidx | grep -P '^callable_bases\t'
0 =callable_lines_left_out\t1 vidx info bed.vidx | grep -P '^callable_lines_left_out\t'
0 - vidx info --json bed.vidx
# queries from a file and from VCF lines
0 =chr1-55052001-A-T\tnot_covered printf 'chr1\t55052001\t.\tA\tT\n' | vidx get bed.vidx --fields query,status -f - | tail -n 1
# AN by population
INIT vidx build -q -o tsv.vidx --samples cohort.tsv --group-by population --by-sex --callable callable.tsv cohort.vcf
INIT vidx verify -q tsv.vidx
1 callable_tsv.out vidx get tsv.vidx --populations ALL,SOUTH,NORTH_XX,XX 1-1001-A-C 1-2000-AAA-C 1-2001-A-C 1-1000-A-C X-501-A-C X-701-A-C
1 callable_wide.out vidx get tsv.vidx --wide --populations ALL,SOUTH 1-1001-A-C 1-2002-A-C 1-5-A-C
1 callable_json.out vidx get tsv.vidx --json --populations ALL,SOUTH 1-1001-A-C 1-2002-A-C 1-5-A-C 1-1001
0 =1-1001-A-C\t.\t.\t0\tALL vidx get tsv.vidx --populations ALL --grpmax NORTH,SOUTH --fields query,grpmax,grpmax_af,fafmax95,population 1-1001-A-C | tail -n 1
0 =callable_groups\tALL,NORTH_XX,SOUTH vidx info tsv.vidx | grep -P '^callable_groups\t'
0 =callable_runs\t3 vidx info tsv.vidx | grep -P '^callable_runs\t'
# gnomAD's shape
INIT vidx build -q -o gnomad.vidx --samples cohort.tsv --group-by population --callable callable_gnomad.tsv cohort.vcf
1 callable_gnomad.out vidx get gnomad.vidx --fields query,population,ac,an,status 1-101-A-C 1-102-A-C 1-103-A-C 1-104-A-C 1-101-AA-C 1-102-AA-C X-5-A-C X-6-A-C
0 =callable\tgnomad vidx info gnomad.vidx | grep -P '^callable\t'
# compressed
INIT gzip -c callable_gnomad.tsv >g.tsv.gz; bgzip -c callable_gnomad.tsv >b.tsv.gz
INIT for f in g b; do vidx build -q -o $f.vidx --samples cohort.tsv --group-by population --callable $f.tsv.gz cohort.vcf; vidx info $f.vidx | grep callable_digest >$f.digest; done
0 . diff g.digest b.digest
0 - vidx info gnomad.vidx | grep callable_digest | diff - g.digest
# a file named after a sample goes without its name
INIT s=$(grep -m1 '^#CHROM' cohort.vcf | cut -f10); cp callable.bed $s.bed; vidx build -q -o named.vidx --callable $s.bed cohort.vcf 2>/dev/null
0 =callable_file\t(named_after_a_sample) vidx info named.vidx | grep -P '^callable_file\t' | tr ' ' _
# from a pipe, and told as the rest is
0 =1001 vidx build -q --json -o pipe.vidx --callable - cohort.vcf <callable.bed 2>/dev/null | sed 's/.*"callable_bases":\([0-9]*\).*/\1/'
2 . vidx build -q -o x.vidx --callable - - <callable.bed
~ standard input is named 2 times
# moved to the left first: the bases there decide, however it was spelled
INIT printf '>1\nTTGCACACATTT\n' >r.fa; printf '##fileformat=VCFv4.2\n##contig=<ID=1,length=12>\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tP\n1\t1\t.\tT\tA\t.\t.\t.\tGT\t0/1\n' >r.vcf
INIT printf '1\t2\t5\n' >r.bed; vidx build -q --assembly test --reference r.fa --callable r.bed -o r.vidx r.vcf
1 callable_moved.out vidx get --reference r.fa r.vidx --fields query,status 1-3-GCA-G 1-5-ACA-A 1-7-ACA-A 1-4-CACACA-CACA 1-9-AT-A 1-3-G-T
0 =1-7-ACA-A\tnot_covered vidx get r.vidx --fields query,status 1-7-ACA-A | tail -n 1
# an index without a track
INIT vidx build -q -o none.vidx cohort.vcf
0 =callable\tnone vidx info none.vidx | grep -P '^callable\t'
0 =1-5-A-C\t.\tabsent vidx get none.vidx --fields query,an,status 1-5-A-C | tail -n 1
# bad lines: file, line and text
3 . printf 'chr1\t5\t4\n' >x.bed; vidx build -q -o x.vidx --callable x.bed cohort.vcf
~ x.bed: line 1: not a stretch of a BED: 'chr1?5?4'
3 . printf 'chr1\t5\n' >x.bed; vidx build -q -o x.vidx --callable x.bed cohort.vcf
~ x.bed: line 1: fewer than three columns: 'chr1?5'
3 . printf 'chr1\t5\t9\nchr1\t5\t248956423\n' >x.bed; vidx build -q -o x.vidx --callable x.bed cohort.vcf
~ x.bed: line 2: a place behind the end of its contig
3 . printf 'NC_000001.10\t5\t9\n' >x.bed; vidx build -q -o x.vidx --callable x.bed cohort.vcf
~ x.bed: line 1: 
3 . printf 'chr99\t5\t9\n' >x.bed; vidx build -q -o x.vidx --callable x.bed cohort.vcf
~ x.bed: no line is on a contig of the index (the first: 'chr99')
3 . : >x.bed; vidx build -q -o x.vidx --callable x.bed cohort.vcf
~ x.bed: nothing callable in it
3 . printf 'contig\tpos\tAN\n1\t5\t8\n1\t5\t8\n' >x.tsv; vidx build -q -o x.vidx --callable x.tsv cohort.vcf
~ x.tsv: line 3: not in order: rows have to rise on each contig
3 . printf 'contig\tpos\tAN\n1\t5\t8\n2\t5\t8\n1\t6\t8\n' >x.tsv; vidx build -q -o x.vidx --callable x.tsv cohort.vcf
~ x.tsv: line 4: not in order: its contig comes again
3 . printf 'contig\tpos\tAN\n1\t5\tmany\n' >x.tsv; vidx build -q -o x.vidx --callable x.tsv cohort.vcf
~ x.tsv: line 2: not an AN: 'many'
3 . printf 'contig\tpos\tAN_MOON\n1\t5\t3\n' >x.tsv; vidx build -q -o x.vidx --callable x.tsv cohort.vcf
~ x.tsv: line 1: a column that is no population of the index: 'AN_MOON'
3 . printf '#contig\tbeg\tend\tAN_MOON\n1\t5\t7\t3\n' >x.tsv; vidx build -q -o x.vidx --callable x.tsv cohort.vcf
~ x.tsv: line 1: a column that is no population of the index: 'AN_MOON'
3 . printf 'contig\tpos\tAN\tALL\n1\t5\t3\t3\n' >x.tsv; vidx build -q -o x.vidx --callable x.tsv cohort.vcf
~ x.tsv: line 1: a column that comes twice: 'ALL'
3 . printf 'contig\tpos\tAN\n1\t5\n' >x.tsv; vidx build -q -o x.vidx --callable x.tsv cohort.vcf
~ x.tsv: line 2: fewer columns than the header line
3 . printf 'contig\tpos\tAN\n1\t0\t3\n' >x.tsv; vidx build -q -o x.vidx --callable x.tsv cohort.vcf
~ x.tsv: line 2: not a position: '0'
3 . printf 'locus\tAN\nchr1:5\t[3,4]\n' >x.tsv; vidx build -q -o x.vidx --callable x.tsv cohort.vcf
~ x.tsv: line 2: an array of AN does not say whose
3 . printf 'locus\tAN\nchr1-5\t3\n' >x.tsv; vidx build -q -o x.vidx --callable x.tsv cohort.vcf
~ x.tsv: line 2: not a locus: 'chr1-5'
3 . bgzip -c callable_gnomad.tsv | head -c -28 >cut.tsv.gz; vidx build -q -o x.vidx --callable cut.tsv.gz cohort.vcf
~ cut.tsv.gz: line 7: the file is cut short
3 . gzip -c callable_gnomad.tsv | head -c -9 >cut.tsv.gz; vidx build -q -o x.vidx --callable cut.tsv.gz cohort.vcf
~ cut.tsv.gz: line 7: the compressed data is cut short
3 . vidx build -q -o x.vidx --callable nothere.bed cohort.vcf
~ nothere.bed
3 . vidx build -q -o x.vidx --callable gvcf cohort.vcf
~ --callable gvcf, but no input has a reference block
2 . vidx build -q -o x.vidx --counts info --callable gvcf cohort.vcf
~ cohort.vcf
2 . ls x.vidx
