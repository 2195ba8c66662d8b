/* Where a client's line has what only the server may know (RFC 4954 4). */
#include "protocols/smtp/smtp-dissect-private.h"
#include "protocols/smtp/smtp-server-private.h"
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

/* WtSecretState.expect: of the client. REFUSED: a command, or a response of one that does not heed that AUTH was refused. */
enum { EXPECT_COMMAND, EXPECT_RESPONSE, EXPECT_REFUSED };

static gboolean
is_accepted (const guint8 *bytes, gsize n_bytes)
{
  return n_bytes >= 3 && memcmp (bytes, "235", 3) == 0;
}

/* 235, 4xx and 5xx end the exchange; another 2xx may be to a command that came before AUTH. */
static gboolean
ends_exchange (const guint8 *bytes, gsize n_bytes)
{
  return n_bytes < 3 || bytes[0] == '4' || bytes[0] == '5' || is_accepted (bytes, n_bytes);
}

static gboolean
find_unheeding (const guint8 *bytes, gsize n_bytes, WtSecret *secret)
{
  if (!wt_secret_from_lone_word (bytes, n_bytes, secret)
      || wt_smtp_command_find (bytes + secret->start, secret->end - secret->start))
    *secret = (WtSecret){ 0 };
  return secret->end > secret->start;
}

gboolean
wt_smtp_dialogue_secret (WtSecretState *state, WtDirection direction, guint8 context, const guint8 *bytes, gsize n_bytes,
                         WtSecret *secret)
{
  *secret = (WtSecret){ 0 };
  if (direction == WT_TO_CLIENT)
    {
      gboolean within = state->expect == EXPECT_RESPONSE;
      if (within && ends_exchange (bytes, n_bytes))
        state->expect = is_accepted (bytes, n_bytes) ? EXPECT_COMMAND : EXPECT_REFUSED;
      return within && wt_secret_from_proof (bytes, n_bytes, secret);
    }
  if (context == WT_CONTEXT_PLAIN && state->expect == EXPECT_RESPONSE) /* a client that does not wait for 334 */
    return wt_secret_from_response (bytes, n_bytes, secret);
  if (context == WT_CONTEXT_PLAIN && wt_secret_verb_is (bytes, n_bytes, "AUTH"))
    state->expect = EXPECT_RESPONSE;
  if (context == WT_CONTEXT_PLAIN && state->expect == EXPECT_REFUSED)
    return find_unheeding (bytes, n_bytes, secret);
  return wt_smtp_find_secret (context, bytes, n_bytes, secret);
}
