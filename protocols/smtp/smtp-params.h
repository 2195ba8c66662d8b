/* Parameters of MAIL and RCPT: esmtp-keyword ["=" esmtp-value] (RFC 5321 4.1.1.11). */
#pragma once

#include "protocols/smtp/smtp-types.h"

typedef struct {
  const guint8 *keyword, *value; /* value NULL: there is no "=" */
  gsize n_keyword, n_value;
  gsize start, end; /* of all of it, in the text */
} WtSmtpParam;

/* The next parameter from `*at` on, which moves behind it. FALSE: there is none; then `*at` is the length of the text,
 * or where something stands that is no parameter. */
gboolean wt_smtp_param_next (const guint8 *text, gsize n_text, gsize *at, WtSmtpParam *param);
gboolean wt_smtp_param_is (const WtSmtpParam *self, const char *keyword);
gboolean wt_smtp_param_value_is (const WtSmtpParam *self, const char *value);
/* 1 to 20 digits (RFC 1870 4). Too large for 64 bits: G_MAXUINT64. */
gboolean wt_smtp_number_parse (const guint8 *digits, gsize n_digits, guint64 *number);
