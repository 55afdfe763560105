/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Links, addresses and networks of this host: look-ups in the facts, and their text. */
#include "cli/diagnose/network.h"

#include <stdio.h>
#include <string.h>

#include "cli/format/address.h"

static size_t address_size(const struct ipvs_address *address)
{
	return address->family == AF_INET6 ? 16 : 4;
}

static bool same_address(const struct ipvs_address *a, const struct ipvs_address *b)
{
	return a->family == b->family && memcmp(a->bytes, b->bytes, address_size(a)) == 0;
}

bool network_has(const struct fact_address *network, const struct ipvs_address *address)
{
	size_t whole = network->prefix / 8u, rest = network->prefix % 8u;
	unsigned int difference;

	if (network->address.family != address->family ||
	    network->prefix > 8 * address_size(address) ||
	    memcmp(network->address.bytes, address->bytes, whole) != 0)
		return false;
	if (!rest)
		return true;
	difference = (unsigned int)(network->address.bytes[whole] ^ address->bytes[whole]);
	return difference >> (8 - rest) == 0;
}

const struct fact_address *network_of(const struct facts *facts, const struct ipvs_address *address)
{
	const struct fact_address *best = NULL;

	for (size_t i = 0; i < facts->address_count; i++) {
		const struct fact_address *network = &facts->addresses[i];
		const struct fact_link *link = facts_link(facts, network->link);

		if (link && !link->loopback && network_has(network, address) &&
		    network->prefix < 8 * address_size(address) &&
		    (!best || network->prefix > best->prefix))
			best = network;
	}
	return best;
}

const struct fact_address *own_address(const struct facts *facts,
				       const struct ipvs_address *address)
{
	for (size_t i = 0; i < facts->address_count; i++)
		if (same_address(&facts->addresses[i].address, address))
			return &facts->addresses[i];
	return NULL;
}

const struct fact_address *outer_address(const struct facts *facts, uint16_t family)
{
	for (size_t i = 0; i < facts->address_count; i++) {
		const struct fact_address *own = &facts->addresses[i];
		const struct fact_link *link = facts_link(facts, own->link);

		if (own->address.family == family &&
		    own->prefix < 8 * address_size(&own->address) && link && link->up &&
		    !link->loopback)
			return own;
	}
	return NULL;
}

const struct fact_link *client_link(const struct facts *facts, const struct ipvs_address *vip)
{
	const struct fact_address *own = own_address(facts, vip);
	const struct fact_link *link = own ? facts_link(facts, own->link) : NULL;

	if (link && !link->loopback)
		return link;
	own = network_of(facts, vip);
	return own ? facts_link(facts, own->link) : NULL;
}

const struct fact_link *link_named(const struct facts *facts, const char *name)
{
	for (size_t i = 0; i < facts->link_count; i++)
		if (strncmp(facts->links[i].name, name, sizeof(facts->links[i].name)) == 0)
			return &facts->links[i];
	return NULL;
}

const struct fact_link *outer_link(const struct facts *facts)
{
	for (size_t i = 0; i < facts->link_count; i++)
		if (facts->links[i].up && !facts->links[i].loopback)
			return &facts->links[i];
	return NULL;
}

bool is_loopback(const struct ipvs_address *address)
{
	static const uint8_t one[16] = { [15] = 1 };

	if (address->family == AF_INET)
		return address->bytes[0] == 127;
	return address->family == AF_INET6 && memcmp(address->bytes, one, sizeof(one)) == 0;
}

fact_setting effective_rp_filter(const struct facts *facts, const struct fact_link *link)
{
	return link->rp_filter > facts->all_rp_filter ? link->rp_filter : facts->all_rp_filter;
}

const char *link_text(char text[LINK_TEXT], const struct fact_link *link)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789._@+-";
	size_t length = strnlen(link->name, sizeof(link->name));

	for (size_t i = 0; i < length; i++)
		text[i] = memchr(plain, link->name[i], sizeof(plain) - 1) ? link->name[i] : '?';
	text[length] = '\0';
	return text;
}

const char *network_text(char text[NETWORK_TEXT], const struct fact_address *network)
{
	struct ipvs_address first = network->address;
	char bare[FORMAT_ADDRESS_MAX + 1];

	for (size_t bit = network->prefix; bit < 8 * address_size(&first); bit++)
		first.bytes[bit / 8] &= (uint8_t) ~(0x80u >> bit % 8);
	*format_address(bare, &first) = '\0';
	snprintf(text, NETWORK_TEXT, "%s/%u", bare, network->prefix);
	return text;
}

const char *setting_text(char text[SETTING_TEXT], const struct fact_link *link, const char *name)
{
	char shown[LINK_TEXT];

	link_text(shown, link);
	/* A dot in the name is told from those between the names by slashes. */
	snprintf(text, SETTING_TEXT,
		 strchr(shown, '.') ? "net/ipv4/conf/%s/%s" : "net.ipv4.conf.%s.%s", shown, name);
	return text;
}
