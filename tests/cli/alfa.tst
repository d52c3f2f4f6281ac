# dbSNP's ALFA: populations are sample columns, FORMAT AN:AC; the first accession tells the assembly.
INIT vidx build -o t.vidx alfa.vcf 2>log
0 =1 grep -c 'alfa.vcf: ALFA: 12 sample columns, FORMAT AN:AC, give counts of 12 populations, 4 not used: HWEP, GR, GV, GA$' log
0 =GRCh38\nALL,EUR,AFO,EAS,AFA,LAC,LEN,OAS,SAS,OTR,AFR,ASN\nac,an vidx info t.vidx | sed -nE 's/^(assembly|groups|metrics)	//p'
0 =1 vidx info t.vidx | grep -c '^counts_from	FORMAT AN:AC of sample columns (ALFA)$'
0 =ALL\t1144\t8312\nEUR\t4\t8 vidx get t.vidx rs4 --fields population,ac,an --populations ALL,EUR | tail -n +2
# A column, or one of its numbers, that is not there is not zero.
0 =EUR\t.\t.\nEAS\t.\t32\nAFA\t1\t200 vidx get t.vidx NW_009646201.1-6000-A-G --fields population,ac,an --populations EUR,EAS,AFA | tail -n +2
# The hierarchy: AFR is AFO and AFA; grpmax compares what lies right below ALL.
0 =##vidx_group=<ID=AFO,Parent=AFR> vidx dump t.vidx | grep ID=AFO
0 =1 vidx dump t.vidx | grep -c '^##vidx_group=<ID=AFR,Parent=ALL,Sum="AFO,AFA">'
0 =ALL,EUR,ASN vidx build -q --populations EUR,ASN -o p.vidx alfa.vcf; vidx info p.vidx | sed -n 's/^groups	//p'
INIT vidx dump t.vidx -o d.bcf; vidx build -q -o d.vidx d.bcf; vidx info t.vidx | grep digest >d
0 . vidx info d.vidx | grep digest | cmp - d
# Other columns go by their names; one of them has to be the total.
INIT sed 's/SAMN10492696/Martians/; s/SAMN10492705/Total/' alfa.vcf >other.vcf
0 =ALL,EUR,Martians vidx build -q -o o.vidx other.vcf; vidx info o.vidx | sed -n 's/^groups	//p' | cut -d, -f1-3
INIT sed 's/SAMN10492705/Sum/' alfa.vcf >sum.vcf; sed 's/SAMN10492696/SAS/' alfa.vcf >twice.vcf
3 . vidx build -q -o none.vidx sum.vcf
~ sum.vcf: sample columns are populations (FORMAT AN:AC), but none is their total
3 . vidx build -q -o none.vidx twice.vcf
~ twice.vcf: two columns are population SAS
2 . vidx build -q -o none.vidx --samples cohort.tsv alfa.vcf
~ counts are read from FORMAT AN:AC
3 . vidx build -q -o none.vidx alfa.vcf other.vcf
~ other.vcf: sample 2 is 'Martians', but in alfa.vcf it is 'SAMN10492696'
# Faulty records are rejected, each for what it is.
INIT grep '^#' alfa.vcf | sed '2i ##contig=<ID=NW_009646201.1>' >h; grep -P '\trs4\t' alfa.vcf >r; for s in 's/8:4/8:9/' 's/8:4/8:4,1/' 's/8:4/8:x/' 's/8:4/-8:4/' 's/8:4/8,8:4/' 's/AN:AC/AN:XX/'; do sed "s/5000/6$((i++))/; $s" r; done >>h; cp h faulty.vcf
0 =6 vidx build -q --report f.json -o f.vidx --assembly GRCh38 faulty.vcf; grep -o '"bad_counts": [0-9]*' f.json | head -n 1 | grep -o '[0-9]*'
3 . vidx build -q --strict -o f.vidx --assembly GRCh38 faulty.vcf
~ NW_009646201.1:60: bad_counts: '8:9'
