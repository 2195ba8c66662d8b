/* Where a client's line has what only the server may know (RFC 4954 4). */
#include "protocols/smtp/smtp-dissect-private.h"
#include "protocols/smtp/smtp-types.h"

#include <string.h>

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

enum { EXPECT_COMMAND, EXPECT_RESPONSE }; /* WtSecretState.expect: of the client */

/* 235, 4xx and 5xx end the exchange; another 2xx may be to a command that came before AUTH. */
static gboolean
ends_exchange (const guint8 *bytes, gsize n_bytes)
{
  return n_bytes < 3 || bytes[0] == '4' || bytes[0] == '5' || memcmp (bytes, "235", 3) == 0;
}

gboolean
wt_smtp_dialogue_secret (WtSecretState *state, WtDirection direction, guint8 context, const guint8 *bytes, gsize n_bytes,
                         WtSecret *secret)
{
  *secret = (WtSecret){ 0 };
  if (direction == WT_TO_CLIENT)
    {
      gboolean within = state->expect == EXPECT_RESPONSE;
      if (ends_exchange (bytes, n_bytes))
        state->expect = EXPECT_COMMAND;
      return within && wt_secret_from_proof (bytes, n_bytes, secret);
    }
  if (context == WT_CONTEXT_PLAIN && state->expect == EXPECT_RESPONSE) /* a client that does not wait for 334 */
    return wt_secret_from_response (bytes, n_bytes, secret);
  if (context == WT_CONTEXT_PLAIN && wt_secret_verb_is (bytes, n_bytes, "AUTH"))
    state->expect = EXPECT_RESPONSE;
  return wt_smtp_find_secret (context, bytes, n_bytes, secret);
}
