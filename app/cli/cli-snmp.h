/* The parts of wiretalk-cli snmp: the command line (cli-snmp.c), the manager on a socket (cli-snmp-ask.c), how it prints
 * (cli-snmp-print.c), tables (cli-snmp-table.c) and what comes by itself (cli-snmp-receive.c). */
#pragma once

#include "app/cli/cli.h"
#include "app/hosts/host.h"
#include "app/hosts/snmp-values.h"
#include "app/mib/mib-table.h"
#include "protocols/snmp/snmp-manager.h"

typedef struct {
  const char *address; /* host, host:port */
  guint16 port;        /* where none is given */
  WtSnmpTarget target; /* the peer is filled in */
  WtSnmpUser user;     /* version 3 */
  gboolean numeric;    /* names as numbers */
  WtMibTable *table;   /* (nullable) takes what comes instead of its being printed */
} WtCliSnmp;

/* Asks once and prints what comes, a line a variable. INPUT: no answer, or an error. */
WtCliStatus wt_cli_snmp_ask (WtCliSnmp *self, const WtSnmpRequest *request);
/* Asks for a whole table and prints it, as wide as the terminal is. */
WtCliStatus wt_cli_snmp_table (WtCliSnmp *self, const char *name, int max_repetitions);

/* An engine of our own for version 3, with the user that the command line names. NULL: said on stderr why. */
WtSnmpUsm *wt_cli_snmp_usm (const WtCliSnmp *self, gint64 now);

/* Listens at `self->address` (an IPv4 address with or without a port, or a port alone; NULL: 127.0.0.1) and prints the
 * notifications that come, until a signal ends it, or `count` (0: any number) have come. */
WtCliStatus wt_cli_snmp_receive (WtCliSnmp *self, int count, const char *ready_file);

/* A line a variable: "IF-MIB::ifDescr.2 = OCTET STRING: eth0\n". (transfer full) */
char *wt_cli_snmp_binding (const WtSnmpVarBind *binding, gboolean numeric);
/* What an error-status means, out of the glossary, with its RFC section: on stderr. */
void wt_cli_snmp_explain (guint error_status);
