INIT vidx build -q -o t.vidx --samples cohort.tsv --group-by population cohort.vcf
0 =variants\t7 vidx info t.vidx | grep ^variants
0 =assembly\tGRCh38 vidx info t.vidx | grep ^assembly
0 =1 vidx info t.vidx | grep -cE '^content_digest	[0-9a-f]{32}$'
0 =1 vidx info t.vidx | grep -E ^groups | grep -c 'ALL.*NORTH.*SOUTH\|3'
0 =1 vidx info --json t.vidx | grep -c '"content_digest"'
0 - vidx verify t.vidx
# the same inputs and options, the same bytes
INIT vidx build -q -o u.vidx --samples cohort.tsv --group-by population cohort.vcf
0 . cmp t.vidx u.vidx
# an input that is a pipe
INIT cat cohort.vcf | vidx build -q -o s.vidx --samples cohort.tsv --group-by population -
0 =same if [ "$(vidx info t.vidx | grep content_digest)" = "$(vidx info s.vidx | grep content_digest)" ]; then echo same; fi
# an undeclared contig is indexed, with one warning
INIT sed 's/^chrX/chrUn_1/' cohort.vcf >undeclared.vcf
0 . vidx build -q -o w.vidx undeclared.vcf
~ chrUn_1
0 - vidx get w.vidx chrUn_1-15000000-G-A
# --report, --no-ids, --pass-only
0 - vidx build -q -o r.vidx --report r.json cohort.vcf
0 =1 grep -cE '"star": *1' r.json
0 - vidx build -q -o n.vidx --no-ids cohort.vcf
0 =0 vidx dump n.vidx | grep -c 'rs[0-9]' || true
0 - vidx build -q -o p.vidx --pass-only cohort.vcf
0 =0 vidx dump p.vidx | grep -c 55057450 || true
# whether IDs find variants, and how many
0 =ids\tyes\nid_entries\t4 vidx info t.vidx | grep ^id
INIT vidx build -q --no-ids -o noids.vidx cohort.vcf
0 =ids\tno vidx info noids.vidx | grep ^id
0 =1 vidx info --json noids.vidx | grep -c '"ids":"no",'
INIT sed 's/\trs[^\t]*/\t./' cohort.vcf >dots.vcf; vidx build -q -o dots.vidx dots.vcf
0 - vidx info dots.vidx
