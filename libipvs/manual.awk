# SPDX-License-Identifier: GPL-2.0-or-later
#
# The manual pages of the library, made from the comments of libipvs.h.
#
# usage: awk -v directory=man -v date=2026-01-31 -v version=1.0 -f manual.awk libipvs.h
#
# A comment that begins with "NAME(3): title" begins a page; its other paragraphs come first there.
# Declarations up to the next blank line belong to the comment above them. A page has the prototypes
# of its functions in its synopsis, then each comment with its functions or its struct. Each
# function gets a page of its own that leads there.

function code(text) {
	# The width of a terminal is less than that of the header: one tab less.
	sub(/^\t/, "    ", text)
	while (match(text, /\t/))
		text = substr(text, 1, RSTART - 1) substr("        ", 1, 8 - (RSTART + 3) % 8) substr(text, RSTART + 1)
	gsub(/\\/, "\\e", text)
	gsub(/-/, "\\-", text)
	return text ~ /^[.']/ ? "\\&" text : text
}

function prose(text) {
	gsub(/\\/, "\\e", text)
	gsub(/(lib)?ipvs_[a-z_]+/, "\\fB&\\fR", text)
	gsub(/-[A-Z]+/, "\\\\&", text)
	return text
}

function put(text) {
	body = body text "\n"
}

# Words in lines of their own length; none begins as a request does.
function filled(text,	i, count, words, line, all) {
	count = split(text, words, " ")
	for (i = 1; i <= count; i++) {
		if (line != "" && length(line " " words[i]) > 78) {
			all = all line "\n"
			line = ""
		}
		if (line == "")
			line = (words[i] ~ /^[.']/ ? "\\&" : "") words[i]
		else
			line = line " " words[i]
	}
	return all line
}

# The comment in lines 1 to comment_lines, one paragraph after the other.
function put_comment(between,	i, text) {
	for (i = 1; i <= comment_lines + 1; i++) {
		if (i <= comment_lines && comment[i] != "")
			text = text " " comment[i]
		else if (text != "") {
			put(filled(prose(text)))
			text = ""
			if (i < comment_lines)
				put(between)
		}
	}
	comment_lines = 0
}

# A comment and what follows it: a list entry for functions, an example for anything else.
function end_item(	i, documented) {
	if (comment_lines && function_names != "") {
		put(".TP\n.B " function_names)
		put_comment(".IP")
	} else if (comment_lines || declaration_lines) {
		if (body != "")
			put(".PP")
		documented = comment_lines
		put_comment(".PP")
		if (declaration_lines) {
			put(documented ? ".PP\n.EX" : ".EX")
			for (i = 1; i <= declaration_lines; i++)
				put(code(declaration[i]))
			put(".EE")
		}
	}
	comment_lines = declaration_lines = 0
	function_names = ""
}

function write_page(	i, file, names) {
	if (page == "")
		return
	names = page
	for (i = 1; i <= function_count; i++)
		if (functions[i] != page)
			names = names ", " functions[i]
	file = directory "/" page ".3"
	print ".\\\" SPDX-License-Identifier: GPL-2.0-or-later" >file
	print ".\\\" Made from libipvs.h." >file
	print ".TH " toupper(page) " 3 " date " \"ipvsadm " version "\" \"IPVS for programs\"" >file
	print ".SH NAME\n" filled(names " \\- " title) >file
	print ".SH SYNOPSIS\n.nf\n.B #include <libipvs.h>" >file
	if (synopsis != "")
		printf ".PP\n%s", synopsis >file
	print ".PP\nLink with \\fI\\-lipvs\\fR (pkg\\-config libipvs).\n.fi" >file
	printf ".SH DESCRIPTION\n%s", body >file
	if (page != "libipvs" && synopsis ~ /\nint |^int /)
		print ".SH RETURN VALUE\nUnless said otherwise: 0, or a negative errno value.\nSee\n.BR libipvs (3)." >file
	also[++pages] = page
	file_of[page] = file
	for (i = 1; i <= function_count; i++)
		if (functions[i] != page) {
			print ".so man3/" page ".3" >(directory "/" functions[i] ".3")
			close(directory "/" functions[i] ".3")
		}
	synopsis = body = ""
	function_count = 0
}

function begin_page(line) {
	end_item()
	write_page()
	page = line
	sub(/\(3\).*/, "", page)
	title = line
	sub(/^[^:]*: /, "", title)
}

# A prototype that may go on in the next lines, up to its closing parenthesis.
function add_prototype(line,	name) {
	sub(/^static inline /, "", line)
	synopsis = synopsis (prototype == "" ? "" : "\n") code(line) (line ~ /\)$/ ? ";" : "") "\n"
	if (line ~ /\(/ && !open_prototype) {
		name = line
		sub(/\(.*/, "", name)
		sub(/.*[ *]/, "", name)
		functions[++function_count] = name
		function_names = function_names (function_names == "" ? "" : ", ") name "()"
	}
	open_prototype = line !~ /\);?$/
}

/^\/\*/ {
	end_item()
	in_comment = 1
	sub(/^\/\*+ ?/, "")
}
in_comment {
	line = $0
	in_comment = line !~ /\*\/$/
	sub(/ ?\*\/$/, "", line)
	sub(/^ \* ?/, "", line)
	if (line ~ /^[a-z_]+\(3\): /)
		begin_page(line)
	else if (line !~ /^SPDX/ && (line != "" || comment_lines))
		comment[++comment_lines] = line
	next
}
page == "" || /^#(if|endif|pragma|include|define LIBIPVS_H)/ ||
/^extern "C"/ {
	next
}
# The body of a function that the header has whole.
/^\{/, /^\}/ {
	next
}
# The end of extern "C".
/^\}$/ {
	next
}
/^$/ {
	if (introduction != page) {
		introduction = page
		put_comment(".PP")
	} else
		end_item()
	next
}
/^[a-z].*\(/ && !/^typedef/ || open_prototype {
	add_prototype($0)
	next
}
{
	declaration[++declaration_lines] = $0
}
END {
	end_item()
	write_page()
	for (i = 1; i <= pages; i++) {
		print ".SH SEE ALSO" >file_of[also[i]]
		line = ""
		for (j = 1; j <= pages; j++)
			if (j != i)
				line = line (line == "" ? "" : ",\n") ".BR " also[j] " (3)"
		gsub(/,\n/, " ,\n", line)
		print line ",\n.BR ipvsadm (8)" >file_of[also[i]]
	}
}
