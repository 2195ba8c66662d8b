/* Where a client's command has what only the server may know (RFC 9051 6.2.2, 6.2.3). */
#include "protocols/imap/imap-dissect-private.h"

/* The range in the whole command; FALSE: there is none. */
static gboolean
find_in_command (const guint8 *command, gsize n_bytes, WtSecret *secret)
{
  WtImapScan scan = { command, n_bytes };
  WtImapToken tag, verb, first, second = { 0 };
  if (!wt_imap_scan_next (&scan, &tag) || !wt_imap_scan_next (&scan, &verb)
      || !(wt_imap_token_is (&scan, &verb, "LOGIN") || wt_imap_token_is (&scan, &verb, "AUTHENTICATE"))
      || !wt_imap_scan_next (&scan, &first) || !wt_imap_scan_next (&scan, &second))
    return FALSE;
  *secret = (WtSecret){ second.text, second.text_end };
  if (second.type == IMAP_TOKEN_ATOM) /* to the end, whatever a password that should have been quoted holds */
    secret->end = wt_imap_line_end (command, n_bytes, second.text);
  return TRUE;
}

gboolean
wt_imap_find_secret (guint8 context, const guint8 *command, gsize n_bytes, gsize from, WtSecret *secret)
{
  WtSecret whole = { 0 };
  *secret = (WtSecret){ 0 };
  if (context == WT_IMAP_CONTEXT_AUTH)
    return wt_secret_from_response (command, n_bytes, secret);
  if ((context != WT_CONTEXT_PLAIN && context != WT_IMAP_CONTEXT_CONTINUED) || !find_in_command (command, n_bytes, &whole)
      || whole.end <= from || whole.end <= whole.start)
    return FALSE;
  *secret = (WtSecret){ MAX (whole.start, from) - from, whole.end - from };
  return TRUE;
}
