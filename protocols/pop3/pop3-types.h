/* What POP3 server, client and dissector share: capabilities, limits, contexts (RFC 1939, 2449). */
#pragma once

#include "protocols/base/dissector.h"
#include "protocols/base/secret.h"

/* What a server may offer. */
typedef enum {
  WT_POP3_CAP_TOP = 1 << 0,            /* RFC 1939 7 */
  WT_POP3_CAP_UIDL = 1 << 1,           /* RFC 1939 7 */
  WT_POP3_CAP_USER = 1 << 2,           /* USER and PASS, RFC 1939 7 */
  WT_POP3_CAP_APOP = 1 << 3,           /* the greeting has a time stamp, RFC 1939 7; no line of CAPA */
  WT_POP3_CAP_RESP_CODES = 1 << 4,     /* RFC 2449 6.4 */
  WT_POP3_CAP_AUTH_RESP_CODE = 1 << 5, /* RFC 3206 */
  WT_POP3_CAP_PIPELINING = 1 << 6,     /* RFC 2449 6.6 */
  WT_POP3_CAP_STLS = 1 << 7,           /* RFC 2595 4 */
  WT_POP3_CAP_SASL = 1 << 8,           /* RFC 5034 */
  WT_POP3_CAP_CAPA = 1 << 9,           /* the command itself, RFC 2449 5 */
} WtPop3Capabilities;
#define WT_POP3_CAP_ALL 0x3ff

/* Limits. */
#define WT_POP3_LINE_MAX 255               /* command line with CRLF, RFC 2449 4 */
#define WT_POP3_LINE_MAX_ACCEPTED 2048     /* what we take */
#define WT_POP3_AUTH_LINE_MAX 12288        /* an answer in a SASL exchange, RFC 4954 4 has the same */
#define WT_POP3_RESPONSE_LINE_MAX 512      /* first line of a response with CRLF, RFC 2449 4 */
#define WT_POP3_UID_MAX 70                 /* RFC 1939 7, UIDL */
#define WT_POP3_ERRORS_MAX 20              /* bad commands in a session before it is ended */
#define WT_POP3_INPUT_MAX (64 * 1024)      /* input that may wait while a question is open */
#define WT_POP3_OUTPUT_MAX (1024 * 1024)   /* responses that may wait before commands wait too */
#define WT_POP3_CONTENT_MAX (100 * 1024 * 1024) /* bytes of one multi-line response that a client takes in */
#define WT_POP3_MAILS_MAX 1000000          /* lines of a listing that a client takes in */

/* Time limits, seconds. */
#define WT_POP3_TIMEOUT_SERVER 600 /* the autologout timer, RFC 1939 3: at least 10 minutes */
#define WT_POP3_TIMEOUT_CLIENT 300 /* a client waits for a response */

/* What a message is beside WtContext's own values (protocols/base/dissector.h). A response that goes on after its first line
 * tells by its context what the lines are; WT_CONTEXT_CONTENT: a mail. */
#define WT_POP3_CONTEXT_AUTH 16 /* the client's answer to "+ ", RFC 5034 4 */
#define WT_POP3_CONTEXT_LIST 17 /* "1 120" */
#define WT_POP3_CONTEXT_UIDL 18 /* "1 whqtswO00WBw418f9t5JxYwZ" */
#define WT_POP3_CONTEXT_CAPA 19 /* "SASL PLAIN" */
#define WT_POP3_CONTEXT_TLS 20  /* what follows +OK to STLS: not POP3 any more */

/* One message of a maildrop. */
typedef struct {
  guint64 size; /* bytes as it is sent, without stuffed dots and the final line, RFC 1939 11 */
  char *uid;    /* printable ASCII, at most WT_POP3_UID_MAX */
} WtPop3Mail;

/* The keyword of CAPA's line for a capability, NULL when it has none. */
const char *wt_pop3_capability_name (WtPop3Capabilities capability);
/* 0: not one of ours. */
WtPop3Capabilities wt_pop3_capability_find (const char *keyword, gsize n_bytes);
/* MD5 of the greeting's time stamp and the secret, in lower case hex, RFC 1939 7. (transfer full) */
char *wt_pop3_apop_digest (const char *stamp, const char *secret);
/* The time stamp "<...@...>" in a greeting. (transfer full) (nullable) */
char *wt_pop3_apop_stamp (const char *greeting, gsize n_bytes);
/* What the lines behind the first one of a successful response are: a context of the above; WT_CONTEXT_REPLY: there are none.
 * `line`: the command, without its CRLF. */
guint8 wt_pop3_response_context (const guint8 *line, gsize n_bytes);
/* The secret of what a client sends: the password of PASS, the digest of APOP, what SASL says. FALSE: it has none. */
gboolean wt_pop3_find_secret (guint8 context, const guint8 *bytes, gsize n_bytes, WtSecret *secret);
