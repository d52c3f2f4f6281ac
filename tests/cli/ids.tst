# Variants by the IDs of their records.
INIT vidx build -q --assembly test -o t.vidx ids.vcf
0 =rs11\t1\t100\t1\nrs11\t1\t200\t4 vidx get t.vidx --fields query,contig,pos,ac rs11 | tail -n +2
0 =2\n3 vidx get t.vidx --fields ac rs13 | tail -n +2 | sort
0 =4 vidx get t.vidx --fields ac COSV7 | tail -n +2
# rs in either case; other texts as they are written
0 =1\n4\n6\n6 vidx get t.vidx --fields ac Rs11 rs14 RS14 | tail -n +2
0 =absent vidx get t.vidx --fields status cosv7 | tail -n +2
1 . vidx get t.vidx --fields status cosv7 >/dev/null
# any word: a number; one with '-' and ':' in it
0 =7\n6 vidx get t.vidx --fields ac 7 sv-1:2 | tail -n +2
1 - vidx get t.vidx sv-1:3
2 . vidx get t.vidx sv-1:x
~ not a spelling that vidx get knows: 'sv-1:x'
2 . vidx get t.vidx 'rs11 rs12'
~ rs11 rs12
# not there, and with what is there beside it
0 =rs99\t.\t.\t.\t.\t.\tabsent vidx get t.vidx --fields query,contig,pos,ref,alt,id,status rs99 | tail -n +2
1 =absent\nfound\nfound vidx get t.vidx --fields status rs99 rs11 >all; s=$?; tail -n +2 all; exit $s
1 ={"query":"rs99","pos":null,"id":null,"status":"absent","populations":{}} vidx get t.vidx --json --fields query,pos,id,status,ac rs99
0 ={"query":"COSV7","pos":200,"id":"rs11;COSV7"} vidx get t.vidx --json --fields query,pos,id COSV7
1 - vidx get t.vidx rs1
1 - vidx get t.vidx .
# what did not pass is not there
0 =1 vidx get t.vidx --pass-only --fields ac rs11 | tail -n +2
1 - vidx get t.vidx --pass-only COSV7
# from a file, among other spellings
INIT printf 'rs11\n1-300-G-T\n rs13 \r\n' >q.txt
0 =1\n4\n5\n2\n3 vidx get t.vidx --fields ac -f q.txt | tail -n +2
# a record that is dropped leaves no ID, sorted or not
INIT (grep '^#' ids.vcf; grep -v '^#' ids.vcf | tac; printf '1\t100\trs97\tA\tC\t.\tPASS\tAC=9;AN=10\n') >unsorted.vcf
INIT vidx build -q --assembly test -o u.vidx unsorted.vcf
0 =1\n4 vidx get u.vidx --fields ac rs11 | tail -n +2
1 - vidx get u.vidx rs97
0 . vidx verify -q u.vidx
# without them
INIT vidx build -q --no-ids --assembly test -o n.vidx ids.vcf
2 . vidx get n.vidx rs11
~ n.vidx: has no ids: it was built with --no-ids
2 . vidx get n.vidx 1-x-A-C
~ 1-x-A-C
0 =1 vidx get n.vidx --fields ac 1-100-A-C | tail -n +2
0 . vidx verify -q n.vidx
