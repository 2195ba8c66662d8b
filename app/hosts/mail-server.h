/* A mail server: SMTP on port 25, mailboxes of its domains, a queue of what goes on to other servers. */
#pragma once

#include "app/hosts/host.h"

extern const WtHostClass wt_mail_server_class;

/* What a mail server counts since it was made, as MTA-MIB has it (RFC 2789). */
typedef struct {
  guint32 received, received_recipients;
  guint64 received_bytes;
  guint32 stored, stored_recipients; /* now, in the queue */
  guint64 stored_bytes;
  guint32 transmitted, transmitted_recipients;
  guint64 transmitted_bytes;
  guint32 inbound, outbound; /* SMTP sessions now */
  guint32 inbound_total, outbound_total;
} WtMailCounts;
void wt_mail_server_count (const WtHost *host, WtMailCounts *counts);
