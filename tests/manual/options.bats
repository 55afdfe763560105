#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The table of options, the help text and the manual page are held against each other: the same
# names, letters and arguments, the same limits, and no option anywhere that does not exist.
# Nothing here needs a kernel.

# Where the pages are comes from manual.bash.
# shellcheck disable=SC2154

load manual

IPVSADM=${IPVSADM:-$manual_top/ipvsadm}

# Names of options, one a line, sorted.
names() {
	grep -oE -e '--[a-z][a-z0-9-]*[a-z0-9]' | sort -u
}

letters() {
	grep -oE -e '(^|[ ,])-[A-Za-z0-9]([ ,]|$)' | tr -d ' ,' | sort -u
}

# The table's own words for each row: "A l name argument", as the help's left column has them.
table_rows() {
	sed -n '/^static const struct option_row table/,/^};/p' "$manual_top/cli/args/option_table.c" |
		tr -d '\n\t' | sed 's/{ *\.name/\n.name/g' |
		sed -nE '/^\.name = /{
			s/ADDRESS_OF\([A-Z_]*\)/.argument = "service-address"/
			p
		}'
	echo
}

field() {
	sed -nE "s/^.*\.$1 = ['\"]([^'\"]*)['\"].*$/\1/p" <<<"$2"
}

table_columns() {
	local row name letter also argument
	while IFS= read -r row; do
		[ -n "$row" ] || continue
		name=$(field name "$row")
		letter=$(field letter "$row")
		also=$(field also "$row")
		argument=$(field argument "$row")
		case $row in *'.optional = true'*) argument="[$argument]" ;; esac
		printf '%s%s--%s%s\n' "${letter:+-$letter, }" "${also:+-$also, }" "$name" "${argument:+ $argument}"
	done < <(table_rows)
}

help_columns() {
	"$IPVSADM" -h | sed -nE 's/^  (-[^ ].*[^ ])  +[^ ].*$/\1/p'
}

same() {
	diff -u --label "$1" --label "$2" <(printf '%s\n' "$3" | sort) <(printf '%s\n' "$4" | sort)
}

@test "the help text has exactly the rows of the table" {
	[ "$(table_columns | wc -l)" -gt 50 ]
	same table help "$(table_columns)" "$(help_columns)"
}

@test "the manual page explains exactly the rows of the help text" {
	same help manual "$(help_columns)" "$(tags ipvsadm.8)"
}

@test "the manual page has no option in another spelling" {
	local unknown
	# Lines of examples that run the scripts have their options.
	unknown=$(comm -13 <(help_columns | names) \
		<(plain <"$manual_pages/ipvsadm.8" | grep -vE '^(# )?ipvsadm-(save|restore) ' | names))
	[ -z "$unknown" ] || {
		echo "not in the help text: $unknown"
		return 1
	}
	# Examples run other programs, too.
	unknown=$(comm -13 <(help_columns | letters) \
		<(sed '/^\.EX$/,/^\.EE$/d' "$manual_pages/ipvsadm.8" | plain | letters))
	[ -z "$unknown" ] || {
		echo "not in the help text: $unknown"
		return 1
	}
}

@test "the synopsis has every option but those of daemons, and the usage lines of the help text" {
	local synopsis usage
	synopsis=$(section ipvsadm.8 SYNOPSIS | plain | tr -s ' |[]' '\n' | grep -E '^-' | sort -u)
	usage=$("$IPVSADM" -h | sed -n '/^Usage:/,/^$/p' | tr -s ' |[]' '\n' | grep -E '^-' | sort -u)
	[ "$(comm -23 <(echo "$usage") <(echo "$synopsis") | wc -l)" -eq 0 ] || {
		comm -23 <(echo "$usage") <(echo "$synopsis")
		return 1
	}
}

# entry OPTION: what the manual page says about it, in one line.
entry() {
	awk -v wanted="--$1" '
		/^\.TP$/ { getline; tag = $0; gsub(/\\f[BIR]/, "", tag); gsub(/\\-/, "-", tag)
			split(tag, words, / /); inside = 0
			for (i in words) if (words[i] == wanted) inside = 1 }
		/^\.S[HS]/ { inside = 0 }
		inside' "$manual_pages/ipvsadm.8" | plain | tr '\n' ' '
}

# limit C-EXPRESSION
limit() {
	case $1 in
	INT32_MAX) echo 2147483647 ;;
	UINT16_MAX) echo 65535 ;;
	UINT8_MAX) echo 255 ;;
	IPVS_FORWARD_MOST) echo 7 ;;
	*) echo "$1" ;;
	esac
}

@test "limits and defaults of the table stand in the manual page" {
	local row name most least default checked=0 text
	while IFS= read -r row; do
		[ -n "$row" ] || continue
		name=$(field name "$row")
		text=$(entry "$name")
		most=$(sed -nE 's/^.*\.most = ([A-Z0-9_]+).*$/\1/p' <<<"$row")
		least=$(sed -nE 's/^.*\.least = ([A-Z0-9_]+).*$/\1/p' <<<"$row")
		if [ -n "$most" ]; then
			grep -qE "(^|[^0-9])${least:-0} to $(limit "$most")([^0-9]|$)" <<<"$text" || {
				echo "$name: not ${least:-0} to $(limit "$most"): $text"
				return 1
			}
			checked=$((checked + 1))
		fi
		# A default is the parenthesis that ends the help text.
		default=$(field help "$row" | sed -nE 's/^.*\(([a-z0-9.]+)\)$/\1/p')
		case $default in '' | none | UDP) continue ;; esac
		grep -qwF -- "$default" <<<"$text" || {
			echo "$name: nothing about its default $default: $text"
			return 1
		}
		checked=$((checked + 1))
	done < <(table_rows)
	[ "$checked" -gt 12 ]
}

# A fact that no row has: the longest timeout.
@test "the longest timeouts stand in the manual page" {
	local name
	for name in set persistent; do
		[[ $(entry "$name") == *2678400* ]]
	done
	run -2 "$IPVSADM" --set 2678401 0 0
	run -2 "$IPVSADM" -A -t 192.0.2.80:80 -p 2678401
}

@test "schedulers and flags: the help text and the manual page have the same" {
	local listed
	listed=$(field help "$(table_rows | grep '^\.name = "scheduler"')" | sed 's/ (.*//' | tr ' ' '\n')
	same help manual "$listed" "$(section ipvsadm.8 SCHEDULERS | sed '/^Flags/,$d' | sed -n 's/^\.B //p')"
}

# script_options PAGE: tags without arguments. What is not known to a script gets its summary, so
# that -h need not be.
script_options() {
	tags "$1" | grep -oE -e '(^|, )--?[a-z-]+' | tr -d ', ' | grep -vx -e -h -e --help | sort -u
}

# What the script's case labels have.
script_labels() {
	grep -oE -e '^[[:space:]]*-[-a-z |=?*]*\)' "$manual_top/scripts/$1" | tr -d ')\t ' | tr '|' '\n' |
		sed 's/=?\*//' | grep -vx -e '-\*' -e -h -e --help | sort -u
}

@test "the pages of the scripts explain what the scripts take, and nothing else" {
	local page option
	for page in ipvsadm-save ipvsadm-restore ipvsadm-realserver; do
		same "$page" manual "$(script_labels "$page")" "$(script_options "$page.8")"
		while IFS= read -r option; do
			plain <"$manual_pages/$page.8" | section_has "$option"
		done < <("$manual_top/scripts/$page" -h 2>&1 | names)
	done
}

section_has() {
	grep -qF -- "$1" || {
		echo "the manual page lacks $1"
		return 1
	}
}
