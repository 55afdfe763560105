/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What there is to tell of a replacement, kept until nothing is half done any more. Private to
 * libipvs.
 */
#ifndef LIBIPVS_EVENTS_H
#define LIBIPVS_EVENTS_H

#include "libipvs/apply.h"

/* Keep something to tell; without memory it is told at once. */
void ipvs_add_event(struct ipvs_run *run, const struct ipvs_event *event);

/* Add refusals of steps of the latest round that were not tried, but would be refused as others
 * were. */
void ipvs_add_like_refusals(struct ipvs_run *run);

/* Tell all, by kind and then by cookie. */
void ipvs_tell_events(struct ipvs_run *run);

#endif
