/* The standard ports of mail: what is spoken there, and whether TLS comes first. */
#pragma once

#include "app/trace/trace.h"

#define WT_MAIL_PORT 25
#define WT_MAIL_LMTP_PORT 24 /* by custom; never 25, RFC 2033 5 */
#define WT_MAIL_SUBMISSION_PORT 587  /* RFC 6409 */
#define WT_MAIL_SUBMISSIONS_PORT 465 /* RFC 8314 */
#define WT_MAIL_POP3_PORT 110
#define WT_MAIL_POP3S_PORT 995 /* RFC 8314 */
#define WT_MAIL_IMAP_PORT 143
#define WT_MAIL_IMAPS_PORT 993 /* RFC 8314 */

typedef struct
{
  guint16 port;
  WtProtocol protocol;
  gboolean implicit_tls;
} WtMailPort;

extern const WtMailPort wt_mail_ports[]; /* the usual one of each protocol first; the last has port 0 */
/* (nullable) */
const WtMailPort *wt_mail_port_find (guint16 port);
/* The usual port of a protocol. */
guint16 wt_mail_port_of (WtProtocol protocol, gboolean implicit_tls);
