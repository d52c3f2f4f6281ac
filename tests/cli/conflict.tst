# Inputs of one build are pieces of one cohort: what differs is named, and nothing is built.
INIT (grep '^##' two.vcf; printf '#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tfirst\n1\t300\t.\tA\tC\t.\t.\t.\tGT\t0/1\n') >fewer.vcf
INIT sed 's/second/third/; s/\t100\t/\t300\t/' two.vcf >other.vcf
INIT sed 's/\tfirst\tsecond/\tsecond\tfirst/; s/\t100\t/\t300\t/' two.vcf >order.vcf
INIT sed 's/\t100\t/\t300\t/; s/\t200\t/\t400\t/' two.vcf >same.vcf
0 . vidx build -q -o x.vidx --assembly test two.vcf same.vcf
0 =5 vidx dump -O tsv --populations ALL x.vidx | wc -l
INIT rm x.vidx
3 . vidx build -q -o x.vidx --assembly test two.vcf fewer.vcf
~ fewer.vcf: has 1 samples, but two.vcf has 2
3 . vidx build -q -o x.vidx --assembly test two.vcf other.vcf
~ other.vcf: sample 2 is 'third', but in two.vcf it is 'second'
3 . vidx build -q -o x.vidx --assembly test two.vcf order.vcf
~ order.vcf: sample 1 is 'second', but in two.vcf it is 'first'
INIT vidx build -q -o t.vidx --assembly test two.vcf
INIT vidx dump -O v -o a.vcf t.vidx
INIT grep -v 'ID=nhomalt' a.vcf | sed 's/nhomalt=[0-9]*;*//; s/\t100\t/\t300\t/; s/\t200\t/\t400\t/' >b.vcf
3 . vidx build -q -o x.vidx --assembly test a.vcf b.vcf
~ b.vcf: has no INFO nhomalt, which a.vcf has
3 . vidx build -q -o x.vidx --assembly test b.vcf a.vcf
~ a.vcf: has
3 . vidx build -q -o x.vidx --assembly test two.vcf a.vcf
~ a.vcf: has 0 samples, but two.vcf has 2
3 . vidx build -q -o x.vidx --assembly test a.vcf two.vcf
~ two.vcf:
2 . ls x.vidx
# The first fault in the order of the inputs is the one told.
3 . vidx build -q -o x.vidx --assembly test two.vcf other.vcf fewer.vcf broken.vcf
~ other.vcf: sample 2
# One input twice: every record is a duplicate the second time.
0 . vidx build -q -o x.vidx --assembly test --report r.json two.vcf two.vcf
0 - grep -q '"duplicate": 2' r.json
0 =3 vidx dump -O tsv --populations ALL x.vidx | wc -l
3 . vidx build -q -o x.vidx --strict --assembly test two.vcf two.vcf
~ duplicate
# A remark of another assembly warns; a length that is not its assembly's ends the build.
INIT sed '2s/.*/##contig=<ID=1,assembly=GRCh37>/' two.vcf >remark.vcf
0 =1 vidx build -o x.vidx --assembly GRCh38 remark.vcf 2>&1 | grep -c "warning: remark.vcf: its header says 'GRCh37', but the assembly is GRCh38"
INIT sed '2s/.*/##contig=<ID=1,length=249250621>/' two.vcf >length.vcf
3 . vidx build -o x.vidx --assembly GRCh38 length.vcf
~ contig 1 is declared with length 249250621, in GRCh38 it has 248956422
0 . vidx build -q -o x.vidx length.vcf
0 =GRCh37 vidx info x.vidx | sed -n 's/^assembly\t//p'
