# --keep-info: what the records have besides counts comes back, allele by allele.
INIT vidx build -q -o t.vidx --assembly test --keep-info IA,IR,IG,I1,F1,FA,FD,S1,SA,SR,SD,C1,FL,id keep.vcf
0 - vidx verify t.vidx
0 keep_wide.out vidx dump --wide -O tsv --fields pos,alt,ac,IA,IR,IG,I1,F1,FA,FD,S1,SA,SR,SD,C1,FL,INFO/id t.vidx
0 keep_json.out vidx dump --json --fields pos,alt,IA,IR,IG,I1,F1,FA,FD,S1,SA,SR,SD,C1,FL,INFO/id t.vidx
0 keep_dump.out vidx dump t.vidx | grep -v -e '^##vidx_' -e '^##source'
0 =#contig\tpos\tIR\tpopulation\tac vidx get --fields contig,pos,IR,population,ac t.vidx 1-200-A-G | head -n 1
0 =1\t200\t0,2\tALL\t2 vidx get --fields contig,pos,IR,population,ac t.vidx 1-200-A-G | tail -n 1
0 =IA\tIR\tIG\tI1\tF1\tFA\tFD\tS1\tSA\tSR\tSD\tC1\tFL\tINFO/id vidx region t.vidx 1:100 | head -n 1 | cut -f17-
0 =.\t.\t.\t5\t0.1\t.\t.\tabc\t.\t.\t.\tx\t1\t. vidx region t.vidx 1:100 | tail -n 1 | cut -f17-
0 =.\t.\tabsent vidx get --fields IA,FL,status t.vidx 1-101-A-C | tail -n 1
0 ={"pos":100,"info":{"FL":true,"I1":5}} vidx get --json --fields FL,pos,I1,IA t.vidx 1-100-A-C
1 ={"query":"1-101-A-C","info":{}} vidx get --json --fields query,I1 t.vidx 1-101-A-C
0 =14 vidx info t.vidx | grep -c ^info_key
0 =info_key\tIR\tR\tInteger\tr vidx info t.vidx | grep -P '^info_key\tIR\t'
0 =info_values_left_out\t12 vidx info t.vidx | grep ^info_values
0 =1 vidx info --json t.vidx | grep -c '"info_keys":\[{"name":"IA","number":"A","type":"Integer","description":"per \\"ALT\\""'
0 =1 vidx build -q --json -o x.vidx --assembly test --keep-info IA,I1 keep.vcf | grep -c '"info_values_left_out":4'
# a dump, and what is built from it, says the same again
INIT vidx dump t.vidx -o d.vcf
INIT vidx build -q -o d.vidx --assembly test --keep-info IA,IR,IG,I1,F1,FA,FD,S1,SA,SR,SD,C1,FL,id d.vcf
0 . vidx dump d.vidx | cmp - d.vcf
2 . vidx dump t.vidx -o d.bcf
~ 1:500: holds a number over 2147483647
INIT grep -v 3000000000 keep.vcf >small.vcf
INIT vidx build -q -o t.vidx --assembly test --keep-info IA,IR,IG,I1,F1,FA,FD,S1,SA,SR,SD,C1,FL,id small.vcf
INIT vidx dump t.vidx -o d.bcf
INIT vidx dump t.vidx -o d.vcf
INIT vidx build -q -o d.vidx --assembly test --keep-info IA,IR,IG,I1,F1,FA,FD,S1,SA,SR,SD,C1,FL,id d.bcf
0 . vidx dump d.vidx | cmp - d.vcf
# the order of the keys is the order of the columns, and no part of the content
INIT vidx build -q -o o.vidx --assembly test --keep-info id,FL,C1,SD,SR,SA,S1,FD,FA,F1,I1,IG,IR,IA small.vcf
0 =same [ "$(vidx info t.vidx | grep content_digest)" = "$(vidx info o.vidx | grep content_digest)" ] && echo same
INIT vidx build -q -o n.vidx --assembly test small.vcf
0 =other [ "$(vidx info t.vidx | grep content_digest)" = "$(vidx info n.vidx | grep content_digest)" ] || echo other
# genotype files too
INIT sed 's/^##FORMAT/##INFO=<ID=NOTE,Number=A,Type=String,Description="n">\n&/; /^1\t/s/\tPASS\t[^\t]*/\tPASS\tNOTE=n1/' two.vcf >noted.vcf
INIT vidx build -q -o g.vidx --assembly test --keep-info NOTE noted.vcf
0 =n1 vidx get --fields NOTE g.vidx 1-100-A-C | tail -n 1
# what cannot be kept
2 . vidx build -q -o x.vidx --assembly test --keep-info NOSUCH keep.vcf
~ no header declares INFO 'NOSUCH'
2 . vidx build -q -o x.vidx --assembly test --keep-info AC keep.vcf
~ INFO 'AC'
2 . vidx build -q -o x.vidx --assembly test --keep-info I1,,S1 keep.vcf
~ an empty key
2 . vidx build -q -o x.vidx --assembly test --keep-info I1,S1,I1 keep.vcf
~ key twice: 'I1'
INIT sed 's/ID=I1,Number=1,Type=Integer/ID=I1,Number=1,Type=Float/; s/^1\t/2\t/' keep.vcf >other.vcf
3 . vidx build -q -o x.vidx --assembly test --keep-info I1 keep.vcf other.vcf
~ other.vcf: INFO I1 has Number=1 and Type=Float, but in keep.vcf Number=1 and Type=Integer
3 . vidx build -q -o x.vidx --assembly test --strict --keep-info I1 keep.vcf
~ keep.vcf: 1:400: bad_info: 'I1=x' (Number=1, Type=Integer)
2 . vidx get --fields NOTHING t.vidx 1-100
~ no field 'NOTHING'
2 . vidx get --fields I1,pos,INFO/I1 t.vidx 1-100
~ field twice: 'INFO/I1'
