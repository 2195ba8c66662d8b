/* Path grammar of RFC 5321 4.1.2 (Reverse-path, Forward-path, Mailbox, address-literal) and RFC 6531 3.3. */
#pragma once

#include "protocols/smtp/smtp-types.h"

typedef enum {
  WT_SMTP_PATH_ALLOW_NULL = 1 << 0,       /* <> is fine (MAIL) */
  WT_SMTP_PATH_ALLOW_POSTMASTER = 1 << 1, /* <Postmaster> without domain is fine (RCPT), any case */
  WT_SMTP_PATH_UTF8 = 1 << 2,             /* UTF8-non-ascii allowed */
} WtSmtpPathFlags;

/* Where the parts of a path stand in its bytes: [start, end). Absent parts are empty. */
typedef struct {
  gsize route_start, route_end;
  gsize local_start, local_end; /* with quotes */
  gsize domain_start, domain_end;
} WtSmtpPathParts;

/* Parses a path with its angle brackets from the start of `bytes`; `*end` is the offset after '>'. FALSE: not a path;
 * `*end` is where it went wrong and `*problem` (transfer none) says what would be right, in English as a server says it.
 * `path` is filled on success only; wt_smtp_path_clear() it. */
gboolean wt_smtp_path_parse (const guint8 *bytes, gsize n_bytes, WtSmtpPathFlags flags, WtSmtpPath *path, gsize *end,
                             const char **problem);
/* The same, `path` (nullable), with the places of the parts (nullable); on failure those that were found. */
gboolean wt_smtp_path_parse_parts (const guint8 *bytes, gsize n_bytes, WtSmtpPathFlags flags, WtSmtpPath *path,
                                   WtSmtpPathParts *parts, gsize *end, const char **problem);
/* A mailbox "local@domain" without brackets, all of the string, UTF-8 allowed. (transfer full) (nullable) */
WtSmtpPath *wt_smtp_mailbox_parse (const char *text, const char **problem);
/* Domain or address literal of EHLO/HELO. An underscore is let pass: many hosts are called so, and nothing depends on
 * the name. */
gboolean wt_smtp_domain_valid (const guint8 *bytes, gsize n_bytes, gboolean utf8);
/* What an atom may hold (RFC 5322 3.2.3). */
gboolean wt_smtp_is_atext (guint8 byte);
