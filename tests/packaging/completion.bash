# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# Drives the completion functions as bash does: a line, cut into words where readline would.

completions=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../packaging/completion" && pwd)
# shellcheck source=packaging/completion/ipvsadm
. "$completions/ipvsadm"
# shellcheck source=packaging/completion/ipvsadm-save
. "$completions/ipvsadm-save"
# shellcheck source=packaging/completion/ipvsadm-restore
. "$completions/ipvsadm-restore"
# shellcheck source=packaging/completion/ipvsadm-realserver
. "$completions/ipvsadm-realserver"

# cut_line LINE: into COMP_WORDS and COMP_CWORD.
cut_line() {
	local rest=$1
	COMP_WORDS=()
	while [[ $rest =~ ^[[:space:]]*([:=]+|[^:=[:space:]]+)(.*)$ ]]; do
		COMP_WORDS+=("${BASH_REMATCH[1]}")
		rest=${BASH_REMATCH[2]}
	done
	[[ $1 != *[[:space:]:=] ]] || COMP_WORDS+=('')
	COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
}

# offered LINE: what the completion offers at the end of the line, one a line, sorted.
# shellcheck disable=SC2034
offered() {
	local COMP_WORDBREAKS=$' \t\n"\'><=;|&(:' COMP_LINE=$1 COMP_POINT=${#1} COMP_WORDS COMP_CWORD
	local COMPREPLY=() function=_ipvsadm
	cut_line "$1"
	case ${COMP_WORDS[0]} in
	ipvsadm-save) function=_ipvsadm_save ;;
	ipvsadm-restore) function=_ipvsadm_restore ;;
	ipvsadm-realserver) function=_ipvsadm_realserver ;;
	esac
	"$function" "${COMP_WORDS[0]}" "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
	printf '%s\n' "${COMPREPLY[@]}" | sort
}
