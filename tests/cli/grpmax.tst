# Statistics over populations, shown when asked for.
INIT printf '##fileformat=VCFv4.2\n##contig=<ID=1>\n' >p.vcf
INIT for g in '' _afr _amr _eas _nfe _fin _oth; do printf '##INFO=<ID=AC%s,Number=A,Type=Integer,Description="x">\n##INFO=<ID=AN%s,Number=1,Type=Integer,Description="x">\n' $g $g; done >>p.vcf
INIT printf '#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n1\t5\t.\tA\tC\t.\tPASS\tAC=37;AN=6000;AC_afr=2;AN_afr=1000;AC_amr=5;AN_amr=1000;AC_eas=0;AN_eas=1000;AC_nfe=10;AN_nfe=1000;AC_fin=20;AN_fin=1000;AC_oth=0;AN_oth=1000\n1\t6\t.\tA\tC\t.\tPASS\tAC=1;AN=6000;AC_afr=0;AN_afr=1000;AC_amr=0;AN_amr=1000;AC_eas=0;AN_eas=1000;AC_nfe=0;AN_nfe=1000;AC_fin=1;AN_fin=1000;AC_oth=0;AN_oth=1000\n' >>p.vcf
INIT vidx build -q --assembly test -o t.vidx p.vcf
0 =nfe\t0.01\t0.00542541\t0.0041302 vidx get t.vidx --populations ALL --fields grpmax,grpmax_af,fafmax95,fafmax99 1-5-A-C | tail -n +2
0 =.\t.\t0\t0 vidx get t.vidx --populations ALL --fields grpmax,grpmax_af,fafmax95,fafmax99 1-6-A-C | tail -n +2
0 =fin\t0.02 vidx get t.vidx --populations ALL --grpmax fin,afr --fields grpmax,grpmax_af 1-5-A-C | tail -n +2
0 =nfe\t0.00542541\t0.0041302 vidx get t.vidx --populations nfe --fields population,faf95,faf99 1-5-A-C | tail -n +2
0 =#ac_nfe\tfaf99_nfe\tgrpmax\n10\t0.0041302\tnfe vidx get t.vidx --populations nfe --wide --fields ac,faf99,grpmax 1-5-A-C
0 ={"grpmax":"nfe","grpmax_af":0.01,"populations":{"nfe":{"ac":10}}} vidx get t.vidx --json --populations nfe --fields grpmax,grpmax_af,ac 1-5-A-C
0 ={"grpmax":null,"populations":{"nfe":{"ac":0}}} vidx region t.vidx --json --populations nfe --fields grpmax,ac 1:6
0 =nfe\n. vidx dump -O tsv --populations ALL --fields grpmax t.vidx | tail -n +2
1 =. vidx get t.vidx --fields grpmax 1-7-A-C >o; s=$?; tail -n +2 o; exit $s
2 . vidx get t.vidx --grpmax nobody 1-5-A-C
~ no population 'nobody' in the index
# not in the table that nobody asked for anything of
0 =0 vidx get t.vidx 1-5-A-C | grep -c grpmax; true
