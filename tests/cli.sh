#!/usr/bin/env bash
# The command line as lines of data: every tests/cli/*.tst, each in a folder of its own that holds
# the other files of tests/cli and of tests/example/.
#
#	INIT COMMAND		run it; it must succeed
#	N FILE COMMAND		its exit status must be N and its standard output FILE:
#				`-` anything, `.` nothing, =TEXT that one line
#	~ TEXT			standard error of the command above is one line that holds TEXT
#	# ...			a remark
. tests/lib.sh cli
root=$PWD
mkdir "$TMP/bin"
ln -s "$VIDX" "$TMP/bin/vidx"
PATH=$TMP/bin:$PATH

# one_case WHERE STATUS WANTED COMMAND
one_case() {
	bash -c "$4" >stdout 2>stderr </dev/null
	local got=$? want=$3
	if [ $got -ne "$2" ]; then
		bad "$1: exit $got instead of $2: $4: $(head -n 1 stderr)"
		return
	fi
	case $want in
	-) ok && return ;;
	.) : >wanted ;;
	=*) printf '%b\n' "${want#=}" >wanted ;;
	*) cp "$want" wanted ;;
	esac
	same_files "$1: $4" wanted stdout
}

for tst in tests/cli/*.tst; do
	name=$(basename "$tst" .tst)
	mkdir "$TMP/$name"
	cp tests/cli/* tests/example/* "$TMP/$name"
	cd "$TMP/$name" || exit 1
	n=0
	while IFS= read -r line; do
		n=$((n + 1))
		case $line in
		'' | '#'*) ;;
		'INIT '*)
			if ! bash -c "${line#INIT }" >stdout 2>stderr; then
				bad "$name:$n: ${line#INIT }: $(head -n 1 stderr)"
				break
			fi
			;;
		'~ '*)
			if [ "$(wc -l <stderr)" -eq 1 ] && grep -qF -e "${line#\~ }" stderr; then
				ok
			else
				bad "$name:$n: standard error should be one line with '${line#\~ }':"
				head -n 3 stderr
			fi
			;;
		*)
			read -r status want command <<<"$line"
			one_case "$name:$n" "$status" "$want" "$command"
			;;
		esac
	done <"$name.tst"
	cd "$root" || exit 1
done
finish
