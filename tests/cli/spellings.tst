# SPDI and HGVS: positions from 0 and from 1, on any name of the contig.
INIT vidx build -q -o t.vidx --samples cohort.tsv --group-by population --by-sex cohort.vcf
0 =55051215\tG\tGA vidx get t.vidx --populations ALL --fields pos,ref,alt NC_000001.11:55051214:G:GA | tail -n +2
0 =55051215\tG\tGA vidx get t.vidx --populations ALL --fields pos,ref,alt CM000663.2:55051214:G:GA | tail -n +2
0 =55039974\n55039974\n55039974 vidx get t.vidx --populations ALL --fields pos 'NC_000001.11:g.55039974G>T' 'chr1:g.55039974G>T' 1:g.55039974delGinsT | tail -n +2
# with no accession it is CHROM:POS:REF:ALT
0 =55051215 vidx get t.vidx --populations ALL --fields pos chr1:55051215:G:GA | tail -n +2
# of another assembly, in any spelling
2 . vidx get t.vidx NC_000001.10:55051214:G:GA
~ contig NC_000001.10 belongs to GRCh37, not to GRCh38
2 . vidx get t.vidx NC_000001.10-55051215-G-GA
~ contig NC_000001.10 belongs to GRCh37
# what the text leaves out
2 . vidx get t.vidx chr1:g.55051215_55051216insA
~ chr1:55051216: this spelling leaves out bases of the reference: give --reference FASTA
2 . vidx get t.vidx NM_000059.4:c.68_69del
~ 'NM_000059.4:c.68_69del': HGVS: only genomic descriptions (g. and m.) are understood
2 . vidx get t.vidx NC_000001.11:5::
~ SPDI: nothing is deleted or inserted
# with a reference
INIT printf '>a\nACGTTTGCAA\n' >r.fa
INIT printf '##fileformat=VCFv4.2\n##contig=<ID=a>\n##INFO=<ID=AC,Number=A,Type=Integer,Description="x">\n##INFO=<ID=AN,Number=1,Type=Integer,Description="x">\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\na\t5\t.\tTT\tT\t.\tPASS\tAC=1;AN=10\na\t6\t.\tT\tTT\t.\tPASS\tAC=2;AN=10\na\t8\t.\tCA\tC\t.\tPASS\tAC=3;AN=10\na\t1\t.\tAC\tC\t.\tPASS\tAC=4;AN=10\na\t2\t.\tCG\tTT\t.\tPASS\tAC=5;AN=10\n' >r.vcf
INIT vidx build -q --assembly test --reference r.fa -o r.vidx r.vcf
0 =1\n1\n1\n1 vidx get --reference r.fa r.vidx --fields ac a:g.4del a:g.6del a:g.5delT a-3-GT-G | tail -n +2
0 =2\n2\n2\n2 vidx get --reference r.fa r.vidx --fields ac a:g.4dup a:g.6dupT a:g.3_4insT a:g.6_7insT | tail -n +2
0 =3\n3 vidx get --reference r.fa r.vidx --fields ac a:g.9del a:g.10delA | tail -n +2
0 =4 vidx get --reference r.fa r.vidx --fields ac a:g.1del | tail -n +2
0 =5\n5 vidx get --reference r.fa r.vidx --fields ac a:g.2_3delinsTT 'a:g.2_3CG>TT' | tail -n +2
# bases that are not the reference's; another allele; beyond the end; no such contig
1 =a\t3\tGC\tG\tabsent vidx get --reference r.fa r.vidx --fields contig,pos,ref,alt,status a:g.4delC >o; s=$?; tail -n +2 o; exit $s
1 - vidx get --reference r.fa r.vidx a:g.4_5insA
1 =a\t11\t.\t.\tabsent vidx get --reference r.fa r.vidx --fields contig,pos,ref,alt,status a:g.11del >o; s=$?; tail -n +2 o; exit $s
1 - vidx get --reference r.fa r.vidx b:g.1del
# from a file and from standard input, among the others
INIT printf 'a:g.4del\n a:g.6_7insT \r\na-2-CG-TT\n' >q.txt
0 =1\n2\n5 vidx get --reference r.fa r.vidx --fields ac -f q.txt | tail -n +2
0 =1\n2\n5 cat q.txt | vidx get --reference r.fa r.vidx --fields ac -f - | tail -n +2
INIT printf 'a:g.4del\na:g.4inv\n' >bad.txt
3 - vidx get --reference r.fa r.vidx --fields ac -f bad.txt
~ bad.txt: line 2: 'a:g.4inv': HGVS: not a substitution, del, ins, dup or delins
