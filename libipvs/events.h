/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The events of a replacement, kept until nothing is half done any more. Private to libipvs.
 */
#ifndef LIBIPVS_EVENTS_H
#define LIBIPVS_EVENTS_H

#include "libipvs/apply.h"

/* Keep an event; without memory it is reported at once. */
void ipvs_add_event(struct ipvs_run *run, const struct ipvs_event *event);

/* Add refusals of steps of the latest round that were not tried, but would be refused as others
 * were. */
void ipvs_add_like_refusals(struct ipvs_run *run);

/* Report all, by kind and then by cookie. */
void ipvs_tell_events(struct ipvs_run *run);

#endif
