/* What SMTP server, client and dissector share: extensions, limits, paths, replies (RFC 5321). */
#pragma once

#include "protocols/base/dissector.h"
#include "protocols/base/secret.h"

/* Extensions that a server may offer in its EHLO reply. */
typedef enum {
  WT_SMTP_EXT_PIPELINING = 1 << 0,          /* RFC 2920 */
  WT_SMTP_EXT_SIZE = 1 << 1,                /* RFC 1870 */
  WT_SMTP_EXT_8BITMIME = 1 << 2,            /* RFC 6152 */
  WT_SMTP_EXT_ENHANCEDSTATUSCODES = 1 << 3, /* RFC 2034 */
  WT_SMTP_EXT_SMTPUTF8 = 1 << 4,            /* RFC 6531 */
  WT_SMTP_EXT_CHUNKING = 1 << 5,            /* RFC 3030 */
  WT_SMTP_EXT_DSN = 1 << 6,                 /* RFC 3461 */
  WT_SMTP_EXT_STARTTLS = 1 << 7,            /* RFC 3207 */
  WT_SMTP_EXT_AUTH = 1 << 8,                /* RFC 4954 */
} WtSmtpExtensions;
#define WT_SMTP_EXT_ALL 0x1ff

/* Limits (RFC 5321 4.5.3.1 are minimums to accept). */
#define WT_SMTP_LINE_MAX 512               /* command line with CRLF; grows with the extensions offered */
#define WT_SMTP_LINE_MAX_EXTENDED 2048     /* what we accept: SMTPUTF8, SIZE, BODY; with AUTH WT_SASL_RESPONSE_MAX */
#define WT_SMTP_TEXT_LINE_MAX 1000         /* text line with CRLF, RFC 5321 4.5.3.1.6 */
#define WT_SMTP_REPLY_LINE_MAX 512         /* RFC 5321 4.5.3.1.5 */
#define WT_SMTP_LOCAL_PART_MAX 64          /* RFC 5321 4.5.3.1.1 */
#define WT_SMTP_DOMAIN_MAX 255             /* RFC 5321 4.5.3.1.2 */
#define WT_SMTP_PATH_MAX 256               /* RFC 5321 4.5.3.1.3 */
#define WT_SMTP_RECIPIENTS_MAX 1000        /* our default; at least 100, RFC 5321 4.5.3.1.8 */
#define WT_SMTP_SIZE_MAX (10 * 1024 * 1024) /* our default message size limit, bytes */
#define WT_SMTP_ERRORS_MAX 20              /* bad commands in a session before 421 */
#define WT_SMTP_INPUT_MAX (64 * 1024)      /* input that may wait while a question is open */

/* Time limits, seconds (RFC 5321 4.5.3.2). */
#define WT_SMTP_TIMEOUT_GREETING 300
#define WT_SMTP_TIMEOUT_MAIL 300
#define WT_SMTP_TIMEOUT_RCPT 300
#define WT_SMTP_TIMEOUT_DATA 120       /* from DATA to 354 */
#define WT_SMTP_TIMEOUT_DATA_BLOCK 180 /* each chunk */
#define WT_SMTP_TIMEOUT_DATA_END 600   /* final dot to reply */
#define WT_SMTP_TIMEOUT_SERVER 300     /* server waits for next command */

/* When a recipient's delivery is to be reported (NOTIFY, RFC 3461 4.1). */
typedef enum {
  WT_SMTP_NOTIFY_NEVER = 1 << 0, /* alone */
  WT_SMTP_NOTIFY_SUCCESS = 1 << 1,
  WT_SMTP_NOTIFY_FAILURE = 1 << 2,
  WT_SMTP_NOTIFY_DELAY = 1 << 3,
} WtSmtpNotify;

#define WT_SMTP_ENVID_MAX 100 /* characters as xtext, RFC 3461 4.4 */
#define WT_SMTP_ORCPT_MAX 500 /* RFC 3461 4.2 */

/* A path of MAIL FROM or RCPT TO, parsed, with what RCPT says of reports. `<>` has empty local part and domain. */
typedef struct {
  char *local_part;  /* unquoted, UTF-8 */
  char *domain;      /* lower case ASCII or U-label; address literals keep their brackets; "" for <> and <Postmaster> */
  char *source_route; /* (nullable) accepted and ignored, RFC 5321 appendix C */
  WtSmtpNotify notify; /* 0: not said; then failures are reported, and delays as the server likes */
  char *orcpt;        /* (nullable) original recipient, "rfc822;bob@example.net", RFC 3461 4.2 */
} WtSmtpPath;

void wt_smtp_path_clear (WtSmtpPath *self);
WtSmtpPath *wt_smtp_path_new (const char *local_part, const char *domain);
WtSmtpPath *wt_smtp_path_copy (const WtSmtpPath *self);
void wt_smtp_path_free (WtSmtpPath *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WtSmtpPath, wt_smtp_path_free)
gboolean wt_smtp_path_is_null (const WtSmtpPath *self); /* <> */
gboolean wt_smtp_path_is_ascii (const WtSmtpPath *self); /* FALSE: can travel with SMTPUTF8 only */
/* "local@domain" with the local part quoted where needed, without angle brackets; "" for <>. (transfer full) */
char *wt_smtp_path_to_string (const WtSmtpPath *self);

/* A reply: three digits, an enhanced code, lines of text. */
typedef struct {
  guint code;           /* 200..599 */
  const char *enhanced; /* (nullable) "5.1.1" */
  const char *text;     /* lines separated by '\n'; ASCII or UTF-8 when SMTPUTF8 is on */
} WtSmtpReply;

/* What a message is beside WtContext's own values (protocols/base/dissector.h). */
#define WT_SMTP_CONTEXT_CHUNK 16 /* WT_CONTEXT_OWN: the bytes that follow a BDAT command */
#define WT_SMTP_CONTEXT_AUTH 17  /* the client's answer to a 334, RFC 4954 4 */
#define WT_SMTP_CONTEXT_TLS 18   /* what follows 220 to STARTTLS: not SMTP any more, RFC 3207 */

/* The secret of what a client sends: the initial response of AUTH, a response of the exchange. FALSE: it has none. */
gboolean wt_smtp_find_secret (guint8 context, const guint8 *bytes, gsize n_bytes, WtSecret *secret);

/* MAIL parameters. */
typedef enum { WT_SMTP_BODY_7BIT, WT_SMTP_BODY_8BITMIME, WT_SMTP_BODY_BINARYMIME } WtSmtpBody;
typedef enum { WT_SMTP_RET_NONE, WT_SMTP_RET_FULL, WT_SMTP_RET_HDRS } WtSmtpRet;
typedef struct {
  guint64 size;  /* SIZE=, 0: not given */
  WtSmtpBody body;
  gboolean smtputf8;
  WtSmtpRet ret;                     /* how much of the mail a report returns, RFC 3461 4.3 */
  char envid[WT_SMTP_ENVID_MAX + 1]; /* the sender's name for this mail, decoded; "": none. RFC 3461 4.4 */
} WtSmtpMailParams;
