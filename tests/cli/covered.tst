# What covers bases, and of what an AN may be told.
INIT printf '##fileformat=VCFv4.2\n##contig=<ID=1,length=100>\n##INFO=<ID=END,Number=1,Type=Integer,Description="End">\n##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tP\n' >head
INIT { cat head; printf '1\t1\t.\tA\t<NON_REF>\t.\t.\tEND=9\tGT\t0/0\n1\t10\tv1\tC\tT,<NON_REF>\t.\t.\t.\tGT\t0/1\n1\t11\tv2\tG\tT\t.\tPASS\t.\tGT\t0/1\n1\t12\t.\tA\t<NON_REF>\t.\tLowQ\tEND=19\tGT\t0/0\n1\t20\t.\tA\t<NON_REF>\t.\tPASS\tEND=250\tGT\t0/0\n'; } >c.g.vcf
# a block ends where its contig does
INIT vidx build -q --assembly test --callable gvcf -o all.vidx c.g.vcf
0 =callable_bases\t100 vidx info all.vidx | grep -P '^callable_bases\t'
# --pass-only: variants need PASS, blocks may have no filters
INIT vidx build -q --assembly test --pass-only --callable gvcf -o pass.vidx c.g.vcf && vidx verify -q pass.vidx
0 =callable_bases\t91 vidx info pass.vidx | grep -P '^callable_bases\t'
1 covered_pass.out vidx get pass.vidx --fields query,ac,an,status 1-9-A-C 1-10-C-T 1-11-G-T 1-12-A-C 1-19-A-C 1-20-A-C 1-100-A-C 1-101-A-C
# what is hidden was seen: absent, and no number is true of it
0 =1-10-C-T\t.\t.\tabsent vidx get --pass-only all.vidx --fields query,ac,an,status 1-10-C-T | tail -n 1
0 =1-10\t.\t.\tabsent vidx get --pass-only all.vidx --fields query,ac,an,status 1-10 | tail -n 1
0 =v1\t.\t.\tabsent vidx get --pass-only all.vidx --fields query,ac,an,status v1 | tail -n 1
0 =1-10-C-G\t0\t2\tabsent vidx get --pass-only all.vidx --fields query,ac,an,status 1-10-C-G | tail -n 1
0 =1-10-C-T\t.\t.\tabsent printf "1-11-G-T\n1-10-C-T\n" | vidx get --pass-only all.vidx --fields query,ac,an,status -f - | tail -n 1
0 =1-11\t1\t2\tfound vidx get --pass-only all.vidx --fields query,ac,an,status 1-11 | tail -n 1
# no alleles, so that no AN is theirs
1 covered_no_allele.out vidx get all.vidx --fields query,ac,an,status '1-30-A-*' '1-30-A-<NON_REF>' '1-30-A-<*>' 1-30-A-. 1-30-A-C '1-101-A-*'
# a rejected record covers nothing: a REF that is not the reference's, an ALT that is its REF
INIT printf '>1\nTTGCACACATTT\n' >r.fa
INIT { sed s/100/12/ head; printf '1\t1\t.\tT\t<NON_REF>\t.\t.\tEND=1\tGT\t0/0\n1\t2\t.\tA\tC\t.\t.\t.\tGT\t0/1\n1\t3\t.\tG\tA\t.\t.\t.\tGT\t0/1\n1\t4\t.\tC\tC\t.\t.\t.\tGT\t0/1\n1\t5\t.\tA\t<NON_REF>\t.\t.\tEND=6\tGT\t0/0\n'; } >m.g.vcf
INIT vidx build -q --assembly test --reference r.fa --callable gvcf -o m.vidx m.g.vcf 2>m.err
0 =callable_bases\t4 vidx info m.vidx | grep -P '^callable_bases\t'
1 covered_rejected.out vidx get m.vidx --fields query,an,status 1-1-T-A 1-2-T-A 1-3-G-A 1-4-C-A 1-5-A-C
# many contigs that no header declares, coming back
INIT { head -n 1 head; tail -n 1 head; for pos in 1 11; do for i in $(seq 300); do printf "k$i\t$pos\t.\tA\t<NON_REF>\t.\t.\tEND=$((pos + 9))\tGT\t0/0\n"; done; done; for i in $(seq 300); do printf "k$i\t30\t.\tA\tC\t.\t.\t.\tGT\t0/1\n"; done; } >k.g.vcf
INIT vidx build -q --assembly test --callable gvcf -o k.vidx k.g.vcf 2>k.err
0 =6300 vidx info k.vidx | awk '$1 == "callable_bases" { print $2 }'
0 =300 vidx info k.vidx | awk '$1 == "callable_runs" { print $2 / 2 }'
# tables without AN, and with two places
3 . printf 'locus\tmean\tover_20\nchr1:5\t30.1\t0.9\n' >x.tsv; vidx build -q -o x.vidx --callable x.tsv cohort.vcf
~ x.tsv: line 1: no AN column: 'locus?mean?over_20'
3 . printf 'contig\tpos\tend\tAN\n1\t5\t9\t8\n' >x.tsv; vidx build -q -o x.vidx --callable x.tsv cohort.vcf
~ x.tsv: line 1: both pos and end
2 . ls x.vidx
