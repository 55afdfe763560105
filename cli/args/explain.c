/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Characters that look like others, and other faults of addresses. */
#include "cli/args/explain.h"

#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Characters that word processors, web pages and input methods put in the place of ASCII. */
static const struct lookalike {
	const char *bytes, *name;
	bool dash;
} lookalikes[] = {
	{ "\xe2\x80\x90", "U+2010 HYPHEN", true },
	{ "\xe2\x80\x91", "U+2011 NON-BREAKING HYPHEN", true },
	{ "\xe2\x80\x92", "U+2012 FIGURE DASH", true },
	{ "\xe2\x80\x93", "U+2013 EN DASH", true },
	{ "\xe2\x80\x94", "U+2014 EM DASH", true },
	{ "\xe2\x80\x95", "U+2015 HORIZONTAL BAR", true },
	{ "\xe2\x88\x92", "U+2212 MINUS SIGN", true },
	{ "\xef\xb9\x98", "U+FE58 SMALL EM DASH", true },
	{ "\xef\xb9\xa3", "U+FE63 SMALL HYPHEN-MINUS", true },
	{ "\xef\xbc\x8d", "U+FF0D FULLWIDTH HYPHEN-MINUS", true },
	{ "\xc2\xad", "U+00AD SOFT HYPHEN", true },
	{ "\xc2\xa0", "U+00A0 NO-BREAK SPACE", false },
	{ "\xe2\x80\x87", "U+2007 FIGURE SPACE", false },
	{ "\xe2\x80\x89", "U+2009 THIN SPACE", false },
	{ "\xe2\x80\xaf", "U+202F NARROW NO-BREAK SPACE", false },
	{ "\xe3\x80\x80", "U+3000 IDEOGRAPHIC SPACE", false },
	{ "\xe2\x80\x8b", "U+200B ZERO WIDTH SPACE", false },
	{ "\xe2\x80\x8c", "U+200C ZERO WIDTH NON-JOINER", false },
	{ "\xe2\x80\x8d", "U+200D ZERO WIDTH JOINER", false },
	{ "\xe2\x80\x8e", "U+200E LEFT-TO-RIGHT MARK", false },
	{ "\xe2\x80\x8f", "U+200F RIGHT-TO-LEFT MARK", false },
	{ "\xe2\x81\xa0", "U+2060 WORD JOINER", false },
	{ "\xef\xbb\xbf", "U+FEFF ZERO WIDTH NO-BREAK SPACE", false },
	{ "\xef\xbc\x9a", "U+FF1A FULLWIDTH COLON", false },
	{ "\xef\xb9\x95", "U+FE55 SMALL COLON", false },
	{ "\xea\x9e\x89", "U+A789 MODIFIER LETTER COLON", false },
	{ "\xe2\x88\xb6", "U+2236 RATIO", false },
	{ "\xef\xbc\x8e", "U+FF0E FULLWIDTH FULL STOP", false },
	{ "\xe3\x80\x82", "U+3002 IDEOGRAPHIC FULL STOP", false },
	{ "\xef\xbc\xbb", "U+FF3B FULLWIDTH LEFT SQUARE BRACKET", false },
	{ "\xef\xbc\xbd", "U+FF3D FULLWIDTH RIGHT SQUARE BRACKET", false },
	{ "\xef\xbc\x90", "U+FF10 FULLWIDTH DIGIT ZERO", false },
	{ "\xef\xbc\x91", "U+FF11 FULLWIDTH DIGIT ONE", false },
	{ "\xef\xbc\x92", "U+FF12 FULLWIDTH DIGIT TWO", false },
	{ "\xef\xbc\x93", "U+FF13 FULLWIDTH DIGIT THREE", false },
	{ "\xef\xbc\x94", "U+FF14 FULLWIDTH DIGIT FOUR", false },
	{ "\xef\xbc\x95", "U+FF15 FULLWIDTH DIGIT FIVE", false },
	{ "\xef\xbc\x96", "U+FF16 FULLWIDTH DIGIT SIX", false },
	{ "\xef\xbc\x97", "U+FF17 FULLWIDTH DIGIT SEVEN", false },
	{ "\xef\xbc\x98", "U+FF18 FULLWIDTH DIGIT EIGHT", false },
	{ "\xef\xbc\x99", "U+FF19 FULLWIDTH DIGIT NINE", false },
};

static const struct lookalike *lookalike_at(const char *text)
{
	for (size_t i = 0; i < COUNT(lookalikes); i++)
		if (!strncmp(text, lookalikes[i].bytes, strlen(lookalikes[i].bytes)))
			return &lookalikes[i];
	return NULL;
}

bool explain_dash(const struct diag *diag, const char *word)
{
	const struct lookalike *found = lookalike_at(word);

	if (!found || !found->dash)
		return false;
	diag_say(diag, "%s: begins with %s, not with the hyphen-minus of an option", word,
		 found->name);
	return true;
}

bool explain_lookalike(const struct diag *diag, const char *value)
{
	const struct lookalike *found = NULL;
	const char *at = value;

	while (*at && !(found = lookalike_at(at)))
		at++;
	if (found && at > value)
		diag_say(diag, "%s: has %s after `%.*s'", value, found->name, (int)(at - value),
			 value);
	else if (found)
		diag_say(diag, "%s: begins with %s", value, found->name);
	return found;
}

void explain_endpoint(const struct diag *diag, const char *text, const struct fault *fault)
{
	if (explain_lookalike(diag, text))
		return;
	diag_say(diag, "%.*s%s%s%s%s", (int)fault->length, fault->word, fault->length ? ": " : "",
		 fault->what, fault->why ? ": " : "", fault->why ? fault->why : "");
}
