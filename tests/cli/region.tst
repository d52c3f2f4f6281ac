INIT vidx build -q -o t.vidx --samples cohort.tsv --group-by population cohort.vcf
0 region.out vidx region t.vidx --populations ALL chr1:55057451-55072000 | sort -s -t'	' -k3,3n -k4,4 -k5,5
0 region_inside.out vidx region t.vidx --populations ALL chr1:55074999-55075000
0 header_only.out vidx region t.vidx chr1:55075001-60000000
0 header_only.out vidx region t.vidx chr1:55039975-55051214
0 =8 vidx region t.vidx --populations ALL chr1 chrX:1-20000000 | wc -l
INIT printf 'chr1\t55039973\t55039974\nchrX\t14999999\t15000000\n' >r.bed
0 =chr1\t55039974\nchrX\t15000000 vidx region t.vidx --populations ALL -R r.bed | cut -f2,3 | tail -n +2
# 1-based here, 0-based there: one base further is another answer
INIT printf 'chr1\t55039974\t55039975\n' >next.bed
0 =1 vidx region t.vidx --populations ALL -R next.bed | wc -l
2 . vidx region t.vidx chr1:200-100
~ chr1:200-100
