/* Where a client's line has what only the server may know: a password (RFC 1939 7), a digest made of one, a response of
 * SASL (RFC 5034 4). */
#include "protocols/pop3/pop3-types.h"

gboolean
wt_pop3_find_secret (guint8 context, const guint8 *bytes, gsize n_bytes, WtSecret *secret)
{
  static const struct
  {
    const char *verb;
    guint word; /* that the secret begins with */
  } verbs[] = { { "PASS", 1 }, { "APOP", 2 }, { "AUTH", 2 } };

  *secret = (WtSecret){ 0 };
  if (context == WT_POP3_CONTEXT_AUTH)
    return wt_secret_from_response (bytes, n_bytes, secret);
  for (guint i = 0; i < G_N_ELEMENTS (verbs) && context == WT_CONTEXT_PLAIN; i++)
    if (wt_secret_verb_is (bytes, n_bytes, verbs[i].verb))
      return wt_secret_from_word (bytes, n_bytes, verbs[i].word, secret);
  return FALSE;
}
