/* A client's exchange in lines of base64: with a right server, and with servers that are none. */
#include "protocols/sasl/sasl-lines.h"
#include "sasl-owner.h"

#include <string.h>

/* TRUE: both sides are content. `initial`: the first response goes with the command. */
static gboolean
exchange (WtSaslMechanisms mechanism, const char *password, gboolean initial)
{
  g_autoptr (WtSaslLines) client = wt_sasl_lines_new (mechanism, "pop", "alice", password);
  g_autofree char *line = initial ? wt_sasl_lines_initial (client) : NULL;
  const char *name = wt_sasl_mechanism_name (mechanism);
  WtSasl *server = NULL;
  WtSaslResult result = WT_SASL_CONTINUE;
  gboolean done = FALSE;
  for (guint round = 0; round < 6 && !done; round++)
    {
      g_autoptr (GBytes) input = line ? wt_sasl_decode ((const guint8 *) line, strlen (line), round == 0) : NULL;
      g_autoptr (GBytes) output = NULL;
      if (result == WT_SASL_DONE) /* this was the answer to what came with it */
        break;
      result = sasl_owner_step (&server, name, "pop", input, &output);
      name = NULL;
      if (result == WT_SASL_FAILED || (result == WT_SASL_DONE && output == NULL))
        break;
      gsize n = 0;
      const guint8 *bytes = output ? g_bytes_get_data (output, &n) : NULL;
      g_autofree char *challenge = g_base64_encode (bytes, n);
      g_free (line);
      line = wt_sasl_lines_answer (client, challenge, strlen (challenge));
      done = line == NULL;
    }
  wt_sasl_free (server);
  return result == WT_SASL_DONE && wt_sasl_lines_complete (client);
}

static void
test_mechanisms (void)
{
  for (WtSaslMechanisms mechanism = 1; mechanism < WT_SASL_ALL; mechanism <<= 1)
    for (guint initial = 0; initial < 2; initial++)
      {
        g_test_message ("%s %u", wt_sasl_mechanism_name (mechanism), initial);
        g_assert_true (exchange (mechanism, "secret", initial));
        g_assert_false (exchange (mechanism, "wrong", initial));
      }
}

/* A server that says yes before it has proved that it knows the password is not to be believed (RFC 5802 3). */
static void
test_unproved (void)
{
  g_autoptr (WtSaslLines) client = wt_sasl_lines_new (WT_SASL_SCRAM_SHA_256, "imap", "alice", "secret");
  g_autofree char *initial = wt_sasl_lines_initial (client);
  g_assert_nonnull (initial);
  g_assert_false (wt_sasl_lines_complete (client));
  g_assert_null (wt_sasl_lines_initial (client)); /* it is said once */
  g_assert_null (wt_sasl_lines_answer (client, "dj1mYWxzZQ==", 12)); /* v=false */
  g_assert_null (wt_sasl_lines_answer (client, "", 0));
  g_assert_false (wt_sasl_lines_complete (client));
}

static void
test_not_base64 (void)
{
  g_autoptr (WtSaslLines) client = wt_sasl_lines_new (WT_SASL_CRAM_MD5, "smtp", "alice", "secret");
  g_assert_null (wt_sasl_lines_initial (client));
  g_assert_null (wt_sasl_lines_answer (client, "no base64!", 10));
  g_assert_false (wt_sasl_lines_complete (client));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sasl-lines/mechanisms", test_mechanisms);
  g_test_add_func ("/sasl-lines/unproved", test_unproved);
  g_test_add_func ("/sasl-lines/not-base64", test_not_base64);
  return g_test_run ();
}
