# A small cohort whose counts were worked out by hand.
INIT vidx build -q -o t.vidx --samples cohort.tsv --group-by population --by-sex cohort.vcf
0 get_one.out vidx get t.vidx --populations ALL,NORTH,SOUTH 1-55051215-G-GA
0 get_spellings.out vidx get t.vidx --populations ALL 1-55039974-G-T chr1:55039974:G:T 1-55039973-AG-AT chr1-55039974-g-t
0 get_multi.out vidx get t.vidx --populations ALL chr1:55057450:GTT:G chr1:55057450:GTT:GT chr1:55057450:GT:G
0 get_x.out vidx get t.vidx --populations ALL,SOUTH_XX X-15000000-G-A
1 get_absent.out vidx get t.vidx --populations ALL 1-55051215-G-GA 1-55051215-G-GC 1-1-A-C
1 get_absent.out vidx get t.vidx --populations ALL -f queries.txt
1 get_absent.out vidx get t.vidx --populations ALL -f - <queries.txt
1 get_absent.out cat queries.txt | vidx get --populations ALL t.vidx -f /dev/stdin
# lower case, and what is no allele: *, another <...>
0 - vidx get t.vidx 1-55060000-a-c
1 - vidx get t.vidx 1-55060000-A-*
0 - vidx get t.vidx 'chr1:55070000:C:<DEL>'
1 - vidx get t.vidx 'chr1:55070000:C:<DUP>'
# a contig of a longer name is another contig
1 - vidx get t.vidx 11-55051215-G-GA
