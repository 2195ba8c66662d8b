/* SASL: client against server, with each mechanism; what stands in base64. */
#include "protocols/sasl/sasl.h"

#include <string.h>

typedef struct {
  const char *name;
  WtSaslMechanisms mechanism;
  const char *user, *password;
  WtSaslResult result;
} Row;

#define ROWS(name, mechanism) \
  { name "/right", mechanism, "alice", "secret", WT_SASL_DONE }, \
  { name "/wrong-password", mechanism, "alice", "Secret", WT_SASL_FAILED }, \
  { name "/wrong-user", mechanism, "carol", "secret", WT_SASL_FAILED }, \
  { name "/empty-password", mechanism, "alice", "", WT_SASL_FAILED }, \
  { name "/utf8", mechanism, "j\xc3\xbcrgen", "gr\xc3\xbc\xc3\x9f", WT_SASL_DONE }

static const Row rows[] = {
  ROWS ("plain", WT_SASL_PLAIN),
  ROWS ("login", WT_SASL_LOGIN),
  ROWS ("cram-md5", WT_SASL_CRAM_MD5),
  ROWS ("scram-sha-1", WT_SASL_SCRAM_SHA_1),
  ROWS ("scram-sha-256", WT_SASL_SCRAM_SHA_256),
};

static char *
password_of (const char *user, gpointer user_data)
{
  if (strcmp (user, "alice") == 0)
    return g_strdup ("secret");
  return strcmp (user, "j\xc3\xbcrgen") == 0 ? g_strdup ("gr\xc3\xbc\xc3\x9f") : NULL;
}

static WtSaslResult
step (WtSasl *sasl, GBytes *in, GBytes **out)
{
  gsize size = 0;
  const guint8 *bytes = in ? g_bytes_get_data (in, &size) : NULL;
  return wt_sasl_step (sasl, bytes, size, out);
}

/* As SMTP does it: challenges and responses until the server knows. */
static WtSaslResult
authenticate (WtSasl *client, WtSasl *server, WtSaslMechanisms mechanism)
{
  g_autoptr (GBytes) response = NULL;
  WtSaslResult result = WT_SASL_CONTINUE;
  if (wt_sasl_client_speaks_first (mechanism) && step (client, NULL, &response) == WT_SASL_FAILED)
    return WT_SASL_FAILED;
  for (guint round = 0; result == WT_SASL_CONTINUE && round < 10; round++)
    {
      g_autoptr (GBytes) challenge = NULL;
      result = step (server, response, &challenge);
      g_clear_pointer (&response, g_bytes_unref);
      if (challenge && result != WT_SASL_FAILED && step (client, challenge, &response) == WT_SASL_FAILED)
        return WT_SASL_FAILED;
    }
  return result;
}

static void
test_mechanism (gconstpointer data)
{
  const Row *row = data;
  g_autoptr (WtSasl) server = wt_sasl_server_new (row->mechanism, "smtp", "mail.example.org", password_of, NULL);
  g_autoptr (WtSasl) client = wt_sasl_client_new (row->mechanism, "smtp", "mail.example.org", row->user, row->password);
  g_assert_cmpint (authenticate (client, server, row->mechanism), ==, row->result);
  if (*row->password) /* GNU SASL's LOGIN takes an empty one for a message that is not whole */
    g_assert_false (wt_sasl_malformed (server));
  if (row->result == WT_SASL_DONE)
    g_assert_cmpstr (wt_sasl_user (server), ==, row->user);
}

/* Nobody speaks for another. */
static void
test_other_identity (void)
{
  g_autoptr (WtSasl) server = wt_sasl_server_new (WT_SASL_PLAIN, "smtp", "mail.example.org", password_of, NULL);
  g_autoptr (GBytes) out = NULL;
  static const guint8 response[] = "bob\0alice\0secret";
  g_assert_cmpint (wt_sasl_step (server, response, sizeof response - 1, &out), ==, WT_SASL_FAILED);
}

static void
test_malformed (void)
{
  static const WtSaslMechanisms mechanisms[] = { WT_SASL_PLAIN, WT_SASL_SCRAM_SHA_1, WT_SASL_SCRAM_SHA_256 };
  for (guint i = 0; i < G_N_ELEMENTS (mechanisms); i++)
    {
      g_autoptr (WtSasl) server = wt_sasl_server_new (mechanisms[i], "smtp", "mail.example.org", password_of, NULL);
      g_autoptr (GBytes) out = NULL;
      g_assert_cmpint (wt_sasl_step (server, (const guint8 *) "?", 1, &out), ==, WT_SASL_FAILED);
      g_assert_true (wt_sasl_malformed (server));
      g_assert_cmpint (wt_sasl_step (server, (const guint8 *) "?", 1, &out), ==, WT_SASL_FAILED);
    }
}

static void
test_names (void)
{
  g_autofree char *all = wt_sasl_mechanism_names (WT_SASL_ALL);
  g_assert_cmpstr (all, ==, "SCRAM-SHA-256 SCRAM-SHA-1 CRAM-MD5 PLAIN LOGIN");
  g_autofree char *none = wt_sasl_mechanism_names (0);
  g_assert_cmpstr (none, ==, "");
  g_assert_cmpint (wt_sasl_mechanism ("scram-sha-1", 11), ==, WT_SASL_SCRAM_SHA_1);
  g_assert_cmpint (wt_sasl_mechanism ("SCRAM-SHA-25", 12), ==, 0);
  g_assert_cmpint (wt_sasl_best (WT_SASL_PLAIN | WT_SASL_CRAM_MD5), ==, WT_SASL_CRAM_MD5);
  g_assert_cmpint (wt_sasl_best (0), ==, 0);
  g_assert_cmpint (wt_sasl_permitted (WT_SASL_ALL, FALSE, FALSE), ==, WT_SASL_ALL & ~WT_SASL_PLAINTEXT);
  g_assert_cmpint (wt_sasl_permitted (WT_SASL_ALL, FALSE, TRUE), ==, WT_SASL_ALL);
  g_assert_cmpint (wt_sasl_permitted (WT_SASL_ALL, TRUE, FALSE), ==, WT_SASL_ALL);
}

static void
test_decode (void)
{
  static const struct {
    const char *text;
    gboolean initial;
    const char *expected; /* NULL: no base64 */
  } cases[] = {
    { "", FALSE, "" },          { "=", TRUE, "" },         { "=", FALSE, NULL },       { "YQ==", FALSE, "a" },
    { "YWI=", FALSE, "ab" },    { "YWJj", FALSE, "abc" },  { "YWJ", FALSE, NULL },     { "YW==Yw==", FALSE, NULL },
    { "Y===", FALSE, NULL },    { "YWJj\n", FALSE, NULL }, { "YW Jj", FALSE, NULL },   { "YW-_", FALSE, NULL },
    { "====", FALSE, NULL },    { "*", FALSE, NULL },      { "A\x80==", FALSE, NULL },
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GBytes) bytes
          = wt_sasl_decode ((const guint8 *) cases[i].text, strlen (cases[i].text), cases[i].initial);
      g_test_message ("case %u", i);
      g_assert_cmpint (bytes != NULL, ==, cases[i].expected != NULL);
      if (bytes)
        g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), cases[i].expected,
                         strlen (cases[i].expected));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strconcat ("/sasl/", rows[i].name, NULL);
      g_test_add_data_func (path, &rows[i], test_mechanism);
    }
  g_test_add_func ("/sasl/other-identity", test_other_identity);
  g_test_add_func ("/sasl/malformed", test_malformed);
  g_test_add_func ("/sasl/names", test_names);
  g_test_add_func ("/sasl/decode", test_decode);
  return g_test_run ();
}
