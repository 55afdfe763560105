// SPDX-License-Identifier: GPL-2.0-or-later
/* The program's main, under a name that leaves room for that of the tests. */
#include "tests/fault/program.h"

#define main ipvsadm_main
#include "ipvsadm.c"
