# Every form of dump holds the same; an index built from a dump is the same index.
INIT vidx build -q -o t.vidx --samples cohort.tsv --group-by population --by-sex cohort.vcf
0 - vidx dump t.vidx -o d.vcf
0 - vidx dump -O v t.vidx >e.vcf
0 . cmp d.vcf e.vcf
0 - vidx dump t.vidx -o d.vcf.gz
0 . gzip -dc d.vcf.gz | cmp - d.vcf
0 - vidx dump t.vidx -o d.bcf
0 - vidx build -q -o b.vidx d.bcf
0 - vidx build -q -o v.vidx d.vcf
0 - vidx build -q -o z.vidx d.vcf.gz
0 - vidx dump -O tsv t.vidx >t.tsv
0 . vidx dump -O tsv b.vidx | cmp - t.tsv
0 . vidx dump -O tsv v.vidx | cmp - t.tsv
0 . vidx dump -O tsv z.vidx | cmp - t.tsv
0 =63 tail -n +2 t.tsv | wc -l
0 =7 vidx dump -O json t.vidx | wc -l
0 =1 vidx dump -O json t.vidx | grep -c '"alt":"GA".*"ALL":{"ac":3,"an":10'
0 =AC=3;AN=10;AF=0.3;het=1;nhomalt=1;nhemi=0 grep 55051215 d.vcf | cut -f8 | cut -d';' -f1-6
0 =AC_NORTH=3;nhomalt_NORTH_XX=1 grep 55051215 d.vcf | cut -f8 | tr ';' '\n' | grep -E '^(AC_NORTH|nhomalt_NORTH_XX)=' | paste -sd';'
# --reference: is it the one of these variants?  It is named in the header, and nothing is written if not.
INIT printf '>a\nACGTACGTAC\n' >r.fa; printf '>a\nACTTACGTAC\n' >other.fa; printf '>b\nACGTACGTAC\n' >none.fa
INIT printf '##fileformat=VCFv4.2\n##contig=<ID=a,length=10>\n##INFO=<ID=AC,Number=A,Type=Integer,Description="x">\n##INFO=<ID=AN,Number=1,Type=Integer,Description="x">\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\na\t1\t.\tN\t<DEL>\t.\t.\tAC=1;AN=2;END=4\na\t3\t.\tGT\tG\t.\t.\tAC=1;AN=2\n' >small.vcf; vidx build -q --assembly none -o small.vidx small.vcf
0 =1 vidx dump --reference r.fa small.vidx | grep -c '^##reference=r.fa$'
0 =3 vidx dump --reference r.fa -O tsv small.vidx | wc -l
0 =0 vidx dump small.vidx | grep -c ^##reference || true
3 . vidx dump --reference other.fa -o not.vcf small.vidx
~ other.fa: not the reference of this index: a:3 has REF 'GT'
1 . ls not.vcf* 2>/dev/null; test -e not.vcf
3 . vidx dump --reference none.fa small.vidx
~ none.fa
