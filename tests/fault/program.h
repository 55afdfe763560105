// SPDX-License-Identifier: GPL-2.0-or-later
/* The program under test as a function. */
#ifndef FAULT_PROGRAM_H
#define FAULT_PROGRAM_H

int ipvsadm_main(int argc, char **argv);

#endif
