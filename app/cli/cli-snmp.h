/* The parts of wiretalk-cli snmp: the command line (cli-snmp.c) and the manager on a socket (cli-snmp-ask.c). */
#pragma once

#include "app/cli/cli.h"
#include "app/hosts/host.h"
#include "app/hosts/snmp-values.h"
#include "protocols/snmp/snmp-manager.h"

typedef struct {
  const char *address; /* host, host:port */
  guint16 port;        /* where none is given */
  WtSnmpTarget target; /* the peer is filled in */
  WtSnmpUser user;     /* version 3 */
  gboolean numeric;    /* names as numbers */
} WtCliSnmp;

/* Asks once and prints what comes, a line a variable. INPUT: no answer, or an error. */
WtCliStatus wt_cli_snmp_ask (WtCliSnmp *self, const WtSnmpRequest *request);
