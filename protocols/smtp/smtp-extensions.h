/* SMTP service extensions: keyword in the EHLO reply, RFC. One table for server, client and dissector. */
#pragma once

#include "protocols/smtp/smtp-types.h"

typedef struct {
  WtSmtpExtensions flag;
  const char *keyword; /* "8BITMIME" */
  const char *rfc;
} WtSmtpExtensionInfo;

extern const WtSmtpExtensionInfo wt_smtp_extension_table[];
extern const guint wt_smtp_n_extensions;

/* The extension that an EHLO line (without code) or a keyword names; 0: none of ours. Case does not count. */
WtSmtpExtensions wt_smtp_extension_find (const char *keyword, gsize n_bytes);
