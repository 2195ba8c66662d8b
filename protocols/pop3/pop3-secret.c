/* Where a client's line has what only the server may know: a password (RFC 1939 7), a digest made of one, a response of
 * SASL (RFC 5034 4). */
#include "protocols/pop3/pop3-dissect-private.h"
#include "protocols/pop3/pop3-server-private.h"
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

/* WtSecretState.expect: of the client. REFUSED: a command, or a response of one that does not heed that AUTH was refused. */
enum { EXPECT_COMMAND, EXPECT_RESPONSE, EXPECT_REFUSED };

static gboolean
find_unheeding (const guint8 *bytes, gsize n_bytes, WtSecret *secret)
{
  if (!wt_secret_from_lone_word (bytes, n_bytes, secret)
      || wt_pop3_command_find ((const char *) bytes + secret->start, secret->end - secret->start))
    *secret = (WtSecret){ 0 };
  return secret->end > secret->start;
}

gboolean
wt_pop3_dialogue_secret (WtSecretState *state, WtDirection direction, guint8 context, const guint8 *bytes, gsize n_bytes,
                         WtSecret *secret)
{
  *secret = (WtSecret){ 0 };
  if (direction == WT_TO_CLIENT)
    {
      gboolean challenge = n_bytes > 1 && bytes[0] == '+' && (bytes[1] == ' ' || bytes[1] == '\r');
      gboolean within = state->expect == EXPECT_RESPONSE;
      if (within && !challenge)
        state->expect = bytes[0] == '-' ? EXPECT_REFUSED : EXPECT_COMMAND;
      return within && wt_secret_from_proof (bytes, n_bytes, secret);
    }
  if (context == WT_CONTEXT_PLAIN && state->expect == EXPECT_RESPONSE) /* a client that does not wait for "+" */
    return wt_secret_from_response (bytes, n_bytes, secret);
  if (context == WT_CONTEXT_PLAIN && wt_secret_verb_is (bytes, n_bytes, "AUTH"))
    state->expect = EXPECT_RESPONSE;
  if (context == WT_CONTEXT_PLAIN && state->expect == EXPECT_REFUSED && find_unheeding (bytes, n_bytes, secret))
    return TRUE;
  return wt_pop3_find_secret (context, bytes, n_bytes, secret);
}
