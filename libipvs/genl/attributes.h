/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Structs into netlink attributes and back, without a socket: tests can look at the result of
 * building, and parsing takes bytes from anywhere. Private to libipvs.
 */
#ifndef LIBIPVS_GENL_ATTRIBUTES_H
#define LIBIPVS_GENL_ATTRIBUTES_H

#include <linux/ip_vs.h>
#include <netlink/netlink.h>

#include "libipvs/libipvs.h"

/* The generic netlink command (IPVS_CMD_*) of a verb. */
uint8_t ipvs_command(enum ipvs_verb verb);

/*
 * Append the attributes of a request, or only those that identify a service, to the message that
 * ends the buffer. -ENOMEM: the buffer is full; -EINVAL: something that the verb needs is missing,
 * a name has no end, or the verb is not one that changes something. After an error part of the
 * attributes may have been written; the caller drops the message.
 */
int ipvs_put_request(struct nl_msg *buffer, const struct ipvs_request *request);
int ipvs_put_key(struct nl_msg *buffer, const struct ipvs_service_key *key);

/*
 * Fill a struct from a message of the family. nlmsg_len must be true: that many bytes can be read.
 * Nothing else is taken on trust. Everything in *to is written, also what the message does not
 * have (0); names have an end. -EBADMSG: an attribute is cut off, has a wrong size or an impossible
 * value, or a necessary one is missing; *to is then undefined.
 */
int ipvs_parse_service(const struct nlmsghdr *message, struct ipvs_service *to);
int ipvs_parse_daemon(const struct nlmsghdr *message, struct ipvs_daemon *to);
int ipvs_parse_info(const struct nlmsghdr *message, struct ipvs_info *to);
int ipvs_parse_timeouts(const struct nlmsghdr *message, struct ipvs_timeouts *to);

/* As above; family is that of the service, for kernels that do not say the server's own. */
int ipvs_parse_dest(const struct nlmsghdr *message, uint16_t family, struct ipvs_dest *to);

/* The same without statistics: those in the message are not read, those in *to are 0. */
int ipvs_parse_service_plain(const struct nlmsghdr *message, struct ipvs_service *to);
int ipvs_parse_dest_plain(const struct nlmsghdr *message, uint16_t family, struct ipvs_dest *to);

/* The number of a family, from the controller's answer. */
int ipvs_parse_family(const struct nlmsghdr *message, uint16_t *to);

#endif
