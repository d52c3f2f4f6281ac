# Structural variants: what tells those of one place and text apart is END, SVLEN and the mate.  Of
# the file's 25 alleles four are there again: another SVCLAIM, one ALT of two, another name of the
# mate's contig, POS2 for END.
INIT vidx build -q -o t.vidx --report r.json sv.vcf
0 sv_ends.out vidx dump -O tsv --fields pos,id,ref,alt,end,svlen,chr2,end2,strands,ac t.vidx
0 =4 grep -o '"duplicate": [0-9]*' r.json | tail -n 1 | grep -o "[0-9]*"
# One text names them all; JSON tells them apart unasked.
0 =4 vidx get t.vidx --json 'chr1-8000-N-<BND>' | wc -l
0 =2 vidx get t.vidx --json 'chr1-8000-N-<BND>' | grep -c '"alt":"<BND>","end":8000,"svlen":-1,"chr2":"chr2","end2":500,"strands":"'
0 =1 vidx get t.vidx --json 'chr1-8100-N-<TRA>' | grep -c '"alt":"<TRA>","end":8100,"chr2":"chr2","id"'
1 - vidx get t.vidx 'chr1-8000-N-<CTX>'
# They overlap by their span; junctions by their place.
0 =both\nboth\none vidx region t.vidx chr1:3050-3050 --fields id | tail -n +2; echo one
0 =both vidx region t.vidx chr1:3150-3150 --fields id | tail -n +2
0 =cn\ncn\nmcnv\nmcnv\nmcnv vidx region t.vidx chr1:5500-5501 --fields id | tail -n +2
0 =#id vidx region t.vidx chr1:8500-8500 --fields id
# Every form of dump brings the same variants back.
0 - vidx info t.vidx | grep content_digest >d
INIT vidx dump t.vidx -o v.vcf; vidx dump t.vidx -o b.bcf; vidx build -q -o v.vidx v.vcf; vidx build -q -o b.vidx b.bcf
0 . vidx info v.vidx | grep content_digest | cmp - d
0 . vidx info b.vidx | grep content_digest | cmp - d
0 =21 vidx info b.vidx | sed -n 's/^variants	//p'
0 - vidx verify t.vidx
# In an assembly without aliases chr2 and 2 are two contigs.
INIT vidx build -q --assembly none -o n.vidx sv.vcf
0 =5 vidx get n.vidx --json 'chr1-8000-N-<BND>' | wc -l
