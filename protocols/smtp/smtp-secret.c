/* Where a client's line has what only the server may know (RFC 4954 4). */
#include "protocols/smtp/smtp-types.h"

gboolean
wt_smtp_find_secret (guint8 context, const guint8 *bytes, gsize n_bytes, WtSecret *secret)
{
  *secret = (WtSecret){ 0 };
  if (context == WT_SMTP_CONTEXT_AUTH)
    return wt_secret_from_response (bytes, n_bytes, secret);
  if (context != WT_CONTEXT_PLAIN || !wt_secret_verb_is (bytes, n_bytes, "AUTH"))
    return FALSE;
  return wt_secret_from_word (bytes, n_bytes, 2, secret);
}
