# The exit status tells who must act; one line tells why; standard output stays empty.
INIT vidx build -q -o t.vidx --assembly test two.vcf
2 . vidx build two.vcf
2 . vidx build -o x.vidx
2 . vidx build -o x.vidx two.vcf
~ --assembly
2 . ls x.vidx
2 . vidx build --no-such-option -o x.vidx two.vcf
~ --no-such-option
2 . vidx build -o x.vidx --assembly test --threads 0 two.vcf
~ --threads
2 . vidx build -o x.vidx --assembly test --threads many two.vcf
~ many
2 . vidx build -o x.vidx --assembly test --group-by pop two.vcf
~ --group-by
2 . vidx build -o x.vidx --assembly test --samples two.panel --group-by nothing two.vcf
~ nothing
3 . vidx build -o x.vidx --assembly test --samples one.panel --group-by pop two.vcf
~ second
0 - vidx build -q -o x.vidx --assembly test --samples one.panel --group-by pop --allow-unlisted two.vcf
3 . vidx build -o x.vidx --assembly test none.vcf
~ none.vcf
3 . vidx build -o x.vidx --assembly test get.tst
~ get.tst
3 . vidx build -o x.vidx --assembly test two.vcf broken.vcf
~ broken.vcf: 1:abc
2 . vidx frobnicate t.vidx
~ frobnicate
2 . vidx
2 . vidx get
2 . vidx get t.vidx
0 - vidx get t.vidx 1-100
1 - vidx get t.vidx 1-101
2 . vidx get t.vidx 1-100-A
~ 1-100-A
2 . vidx get t.vidx 1-x-A-C
~ 1-x-A-C
2 . vidx get t.vidx --populations ALL,NOBODY 1-100-A-C
~ NOBODY
4 . vidx get none.vidx 1-100-A-C
~ none.vidx
4 . vidx get two.vcf 1-100-A-C
~ two.vcf
4 . vidx verify two.vcf
~ two.vcf
2 . vidx dump -O q t.vidx
5 . vidx dump t.vidx -o none/x.vcf
~ none/x.vcf
0 - vidx --help
0 - vidx build --help
0 - vidx get --help
0 - vidx region --help
0 - vidx dump --help
0 - vidx info --help
0 - vidx verify --help
