/* SPDX-License-Identifier: GPL-2.0-or-later */
/* jansson, or nothing in its place. */
#include "cli/output/jansson.h"

#include <stdlib.h>
#include <string.h>

#if WITH_JSON

#include <dlfcn.h>
#include <jansson.h>

/* The name of its second generation, which has been the same since 2009. */
#define LIBRARY "libjansson.so.4"

struct jansson {
	void *handle;
	json_t *(*stringn)(const char *bytes, size_t length);
	size_t (*dumpb)(const json_t *value, char *to, size_t size, size_t flags);
	void (*destroy)(json_t *value);
};

void jansson_close(struct jansson *jansson)
{
	if (jansson && jansson->handle)
		dlclose(jansson->handle);
	free(jansson);
}

/* A pointer to a function is not one to data in C, only in POSIX. */
static bool find(const struct jansson *jansson, const char *name, void *function)
{
	void *symbol = dlsym(jansson->handle, name);

	memcpy(function, &symbol, sizeof(symbol));
	return symbol;
}

struct jansson *jansson_open(void)
{
	struct jansson *jansson = calloc(1, sizeof(*jansson));

	if (!jansson)
		return NULL;
	jansson->handle = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);
	if (jansson->handle && find(jansson, "json_stringn", &jansson->stringn) &&
	    find(jansson, "json_dumpb", &jansson->dumpb) &&
	    find(jansson, "json_delete", &jansson->destroy))
		return jansson;
	jansson_close(jansson);
	return NULL;
}

size_t jansson_string(const struct jansson *jansson, char *to, size_t size, const char *bytes,
		      size_t length)
{
	json_t *value = jansson->stringn(bytes, length);
	size_t used = value ? jansson->dumpb(value, to, size, JSON_ENCODE_ANY) : 0;

	/* json_decref would want json_delete to be linked. */
	if (value)
		jansson->destroy(value);
	return used <= size ? used : 0;
}

#else

struct jansson {
	char none;
};

void jansson_close(struct jansson *jansson)
{
	free(jansson);
}

struct jansson *jansson_open(void)
{
	return NULL;
}

size_t jansson_string(const struct jansson *jansson, char *to, size_t size, const char *bytes,
		      size_t length)
{
	(void)jansson;
	(void)to;
	(void)size;
	(void)bytes;
	(void)length;
	return 0;
}

#endif
