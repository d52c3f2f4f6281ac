# Places, files of queries, columns and forms of an answer.
INIT vidx build -q -o t.vidx --samples cohort.tsv --group-by population --by-sex cohort.vcf
# a place without an allele lists what begins there; nothing there is not found
0 =GTT\tG\t2\nGT\tG\t4 vidx get t.vidx 1-55057450 --populations ALL --fields ref,alt,ac | tail -n +2 | sort -k3,3n
0 - vidx get t.vidx 'chr1 55057450'
1 - vidx get t.vidx chr1:5
0 =chr1\t5\t.\t.\tabsent vidx get t.vidx chr1:5 --fields contig,pos,ref,alt,status | tail -n 1
# symbolic alleles by their text; END is not asked for
0 =1\t12 vidx get t.vidx '1-55070000-C-<DEL>' --fields ac,an --populations ALL | tail -n +2
1 - vidx get t.vidx '1-55070000-C-<DEL:ME>'
# options after arguments, = or a space, and -- ends them
0 =3 vidx get t.vidx 1-55051215-G-GA --fields=ac --populations ALL | tail -n 1
0 =3 vidx get --fields ac --populations=ALL -- t.vidx 1-55051215-G-GA | tail -n 1
2 . vidx get t.vidx -- --json
~ --json
# the columns that were asked for, in that order
0 =#status\tan\tac\nfound\t10\t3 vidx get t.vidx --fields status,an,ac --populations ALL 1-55051215-G-GA
0 =#pos\tac_ALL\taf_ALL\tac_SOUTH\taf_SOUTH\tstatus\n55051215\t3\t0.3\t0\t0\tfound vidx get t.vidx --wide --fields pos,ac,af,population,status --populations ALL,SOUTH 1-55051215-G-GA
2 . vidx get t.vidx --fields ac,nothing 1-55051215-G-GA
~ nothing
2 . vidx get t.vidx --fields ac,ac 1-55051215-G-GA
~ ac
# JSON: an object a query and variant, numbers at full precision, null where nothing is known
0 ={"query":"1-55057450-GTT-G","pos":55057450} vidx get t.vidx --json --fields query,pos 1-55057450-GTT-G
0 ={"populations":{"ALL":{"ac":2,"an":11,"af":0.18181818181818182}}} vidx get t.vidx --json --fields ac,an,af --populations ALL 1-55057450-GTT-G
1 ={"id":null,"status":"absent","populations":{}} vidx get t.vidx --json --fields id,status,ac 1-1-A-C
# files: any spelling, CHROM POS REF ALT between tabs, or VCF lines; an ALT is a query
INIT printf '# a remark\n\n1-55051215-G-GA\nchr1\t55039974\tG\tT\r\nchr1:55057450 GTT>G\n' >mixed.txt
0 =3\n2\n2 vidx get t.vidx -f mixed.txt --populations ALL --fields ac | tail -n +2
0 =chr1-55057450-GTT-G\t2\nchr1-55057450-GTT-GT\t4 vidx get t.vidx -f cohort.vcf --populations ALL --fields query,ac | grep 55057450
1 - vidx get t.vidx -f cohort.vcf
0 =chr1-55060000-a-* vidx get t.vidx -f cohort.vcf --populations ALL --fields query,status | grep absent | cut -f1
3 . vidx get t.vidx -f none.txt
~ none.txt
INIT printf '1-55051215-G-GA\n1-55051215-G\n' >bad.txt
3 - vidx get t.vidx -f bad.txt
~ bad.txt: line 2
INIT gzip -c mixed.txt >mixed.txt.gz
3 . vidx get t.vidx -f mixed.txt.gz
~ gzip -dc
# what did not pass is not there
1 - vidx get t.vidx --pass-only 1-55057450-GTT-G
0 - vidx get t.vidx --pass-only 1-55051215-G-GA
0 =0 vidx region t.vidx --pass-only chr1 | grep -c 55057450 || true
# regions: commas, open ends, braces, several, and where they are wrong
0 =2 vidx region t.vidx chr1:55,039,974-55,051,215 --populations ALL --fields ac | tail -n +2 | wc -l
0 =1 vidx region t.vidx '{chrX}:15000000-' --populations ALL --fields ac | tail -n +2 | wc -l
0 =chrX\nchr1:55039974 vidx region t.vidx chrX chr1:55039974 --populations ALL --fields query | tail -n +2
2 . vidx region t.vidx chr1 chrQ
~ chrQ
2 . vidx region t.vidx
INIT printf 'chr1\t5\n' >bad.bed
3 . vidx region t.vidx -R bad.bed
~ bad.bed: line 1
# contig names with '-' and ':' in them
INIT printf '##fileformat=VCFv4.2\n##contig=<ID=1>\n##contig=<ID=1:1>\n##contig=<ID=1:1-1>\n##INFO=<ID=AC,Number=A,Type=Integer,Description="x">\n##INFO=<ID=AN,Number=1,Type=Integer,Description="x">\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n1\t1\t.\tC\tT\t.\t.\tAC=1;AN=9\n1:1\t1\t.\tC\tT\t.\t.\tAC=2;AN=9\n1:1-1\t1\t.\tC\tT\t.\t.\tAC=3;AN=9\n' >odd.vcf
INIT vidx build -q --assembly test -o odd.vidx odd.vcf
0 =1\n2\n3 vidx get odd.vidx 1-1-C-T 1:1-1-C-T 1:1-1:1:C:T --fields ac | tail -n +2
0 =3\n2\n1 vidx region odd.vidx 1:1-1 1:1 '{1}:1-1' --fields ac | tail -n +2
# forms of dump that -O and the suffix choose; a file that cannot be made whole is not made
0 . vidx dump t.vidx -o d.jsonl
0 =7 wc -l <d.jsonl
0 . vidx dump t.vidx -o d.tsv --fields ac --populations ALL
0 =7 tail -n +2 d.tsv | wc -l
2 . vidx dump t.vidx u.vidx
0 =AC=3;AN=10 vidx dump t.vidx --populations ALL --fields ac,an | grep 55051215 | cut -f8
0 =1 vidx dump t.vidx | head -n 1 | wc -l
5 . vidx dump t.vidx -o /dev/full
~ No space left
# other verbs have the same options
0 - vidx get -v t.vidx 1-55051215-G-GA
~ peak memory
0 . vidx verify -q t.vidx
0 =1 vidx verify --json t.vidx | grep -c '"status":"ok","variants":7'
0 =1 vidx build --json -o j.vidx cohort.vcf | grep -c '"records":6,"records_indexed":6'
2 . vidx gte t.vidx
~ did you mean 'get'
# a build that a signal ends leaves nothing behind
INIT mkfifo endless
143 . (cat cohort.vcf; exec sleep 2) >endless & vidx build -q -o i.vidx - <endless & sleep 0.5; kill -TERM $!; wait $! 2>/dev/null
0 . ls -A | grep -E 'vidx-tmp|^i[.]vidx' || true
