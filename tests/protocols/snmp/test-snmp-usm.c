/* USM: keys from the RFCs, messages that are believed and all that are not. */
#include "snmp-sample.h"

#include <string.h>

#define SECOND G_GINT64_CONSTANT (1000000000)

static void
assert_hex (const WtSnmpKey *key, const char *expected)
{
  g_autoptr (GString) hex = g_string_new (NULL);
  for (gsize i = 0; i < key->n; i++)
    g_string_append_printf (hex, "%02x", key->bytes[i]);
  g_assert_cmpstr (hex->str, ==, expected);
}

/* RFC 3414 A.3.1 and A.3.2; the others by the same rule with another digest (RFC 7860 9.3), computed by Python's
 * hashlib. */
static const struct {
  WtSnmpAuth auth;
  const char *key, *localized;
} keys[] = {
  { WT_SNMP_AUTH_MD5, "9faf3283884e92834ebc9847d8edd963", "526f5eed9fcce26f8964c2930787d82b" },
  { WT_SNMP_AUTH_SHA, "9fb5cc0381497b3793528939ff788d5d79145211", "6695febc9288e36282235fc7151f128497b38f3f" },
  { WT_SNMP_AUTH_SHA224, "282a5867ee9aac639ad59df9572c7d3ac0fbc13a905b6df07dbbf00b",
    "0bd8827c6e29f8065e08e09237f177e410f69b90e1782be682075674" },
  { WT_SNMP_AUTH_SHA256, "ab51014d1e077f6017df2b12bee5f5aa72993177e9bb569c4dff5a4ca0b4afac",
    "8982e0e549e866db361a6b625d84cccc11162d453ee8ce3a6445c2d6776f0f8b" },
  { WT_SNMP_AUTH_SHA384,
    "e06eccdf2c68a06ed034723c9c26e0db3b669e1e2efed49150b55377a2e98f383c86fb836857444654b287c93f51ff64",
    "3b298f16164a11184279d5432bf169e2d2a48307de02b3d3f7e2b4f36eb6f0455a53689a3937eea07319a633d2ccba78" },
  { WT_SNMP_AUTH_SHA512,
    "7e4396de5aadc77be853819b98c9406265b3a9c37cc3176569847a4e4f6fba63dd3a73d04924d31a63f95a601f9385af6be4ed1b37f87d040f"
    "7c6ed6f8d38a91",
    "22a5a36cedfcc085807a128d7bc6c2382167ad6c0dbc5fdff856740f3d84c099ad1ea87a8db096714d9788bd544047c9021e4229ce27e4c0a6"
    "9250adfcffbb0b" },
};

static void
test_keys (void)
{
  static const guint8 id[12] = { [11] = 2 };
  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      WtSnmpKey key, localized;
      wt_snmp_key_from_password (keys[i].auth, "maplesyrup", &key);
      wt_snmp_key_localize (keys[i].auth, &key, (WtSlice){ id, sizeof id }, &localized);
      assert_hex (&key, keys[i].key);
      assert_hex (&localized, keys[i].localized);
    }
}

static void
test_names (void)
{
  static const struct {
    const char *text;
    gboolean is_auth, is_priv;
  } rows[] = { { "MD5", TRUE, FALSE },     { "sha", TRUE, FALSE },     { "SHA-1", TRUE, FALSE },
               { "sha-512", TRUE, FALSE }, { "SHA256", TRUE, FALSE },  { "DES", FALSE, TRUE },
               { "aes", FALSE, TRUE },     { "AES-128", FALSE, TRUE }, { "AES-256-C", FALSE, TRUE },
               { "none", TRUE, TRUE },     { "", FALSE, FALSE },       { "3DES", FALSE, FALSE } };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      WtSnmpAuth auth;
      WtSnmpPriv priv;
      g_test_message ("%s", rows[i].text);
      g_assert_cmpint (wt_snmp_auth_parse (rows[i].text, &auth), ==, rows[i].is_auth);
      g_assert_cmpint (wt_snmp_priv_parse (rows[i].text, &priv), ==, rows[i].is_priv);
    }
}

static const struct {
  const char *name;
  WtSnmpUser user;
} bad_users[] = {
  { "no name", { "", WT_SNMP_AUTH_NONE, NULL, WT_SNMP_PRIV_NONE, NULL } },
  { "long name", { "123456789012345678901234567890123", WT_SNMP_AUTH_NONE, NULL, WT_SNMP_PRIV_NONE, NULL } },
  { "short password", { "u", WT_SNMP_AUTH_MD5, "1234567", WT_SNMP_PRIV_NONE, NULL } },
  { "no password", { "u", WT_SNMP_AUTH_MD5, NULL, WT_SNMP_PRIV_NONE, NULL } },
  { "short privacy", { "u", WT_SNMP_AUTH_MD5, "12345678", WT_SNMP_PRIV_DES, "1" } },
  { "privacy alone", { "u", WT_SNMP_AUTH_NONE, NULL, WT_SNMP_PRIV_DES, "12345678" } },
};

static void
test_users (void)
{
  g_autoptr (WtSnmpUsm) usm = sample_usm_new ("engine", 0);
  for (gsize i = 0; i < G_N_ELEMENTS (bad_users); i++)
    {
      g_autoptr (GError) error = NULL;
      g_test_message ("%s", bad_users[i].name);
      g_assert_false (wt_snmp_usm_add_user (usm, &bad_users[i].user, &error));
      g_assert_error (error, WT_SNMP_USM_ERROR, WT_SNMP_USM_ERROR_USER);
    }
  g_assert_cmpint (wt_snmp_usm_user_level (usm, "noauth"), ==, WT_SNMP_NO_AUTH_NO_PRIV);
  g_assert_cmpint (wt_snmp_usm_user_level (usm, "sha"), ==, WT_SNMP_AUTH_NO_PRIV);
  g_assert_cmpint (wt_snmp_usm_user_level (usm, "shaaes"), ==, WT_SNMP_AUTH_PRIV);
  g_assert_cmpint (wt_snmp_usm_user_level (usm, "nobody"), ==, 0);
}

/* --- messages ---------------------------------------------------------------------------------------------------- */

static WtSlice
slice_of (GBytes *bytes)
{
  return (WtSlice){ g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes) };
}

/* A Get that `from` sends to `to`, whose clock it has heard. */
static GBytes *
make_message (WtSnmpUsm *from, WtSnmpUsm *to, gint64 now, const char *user, guint8 flags)
{
  g_auto (WtSnmpMessage) message;
  g_auto (WtBerWriter) writer = { 0 };
  WtOid name = sample_oid ("1.3.6.1.2.1.1.1.0");
  WtSnmpValue null = { .tag = WT_BER_NULL };
  wt_snmp_message_init (&message);
  message.version = WT_SNMP_V3;
  message.msg_id = 1;
  message.max_size = 65507;
  message.flags = flags | WT_SNMP_FLAG_REPORTABLE;
  message.engine_id = message.context_engine_id = slice_of (wt_snmp_usm_engine_id (to));
  message.user_name = (WtSlice){ (const guint8 *) user, strlen (user) };
  message.pdu.type = WT_SNMP_GET;
  message.pdu.request_id = 99;
  wt_snmp_pdu_add (&message.pdu, &name, &null);
  return wt_snmp_usm_send (from, now, &message, &writer) ? wt_ber_writer_steal (&writer) : NULL;
}

static WtSnmpUsmStat
receive (WtSnmpUsm *usm, gint64 now, GBytes *bytes, gint32 *request_id)
{
  g_auto (WtSnmpMessage) message;
  g_autoptr (GByteArray) clear = g_byte_array_new ();
  WtSnmpProblem problem = { 0 };
  WtSlice data = slice_of (bytes);
  wt_snmp_message_init (&message);
  g_assert_cmpint (wt_snmp_message_parse (&message, data.bytes, data.n, &problem), ==, WT_SNMP_PARSED);
  WtSnmpUsmStat stat = wt_snmp_usm_receive (usm, now, &message, data.bytes, data.n, TRUE, clear, &problem);
  *request_id = stat == 0 && message.has_pdu ? message.pdu.request_id : 0;
  return stat;
}

static void
test_round_trip (void)
{
  static const char *const users[] = { "md5",       "sha",        "sha224",     "sha256",      "sha384",    "sha512",
                                       "md5des",    "shaaes",     "sha256aes",  "md5aes192",   "md5aes256", "shaaes192",
                                       "shaaes256", "shaaes192c", "shaaes256c", "sha512aes256" };
  g_autoptr (WtSnmpUsm) manager = sample_usm_new ("manager", 0);
  g_autoptr (WtSnmpUsm) agent = sample_usm_new ("agent", 0);
  wt_snmp_usm_learn_engine (manager, 0, slice_of (wt_snmp_usm_engine_id (agent)), 1, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (users); i++)
    {
      gint32 id;
      gboolean priv = wt_snmp_usm_user_level (agent, users[i]) == WT_SNMP_AUTH_PRIV;
      g_autoptr (GBytes) bytes =
          make_message (manager, agent, SECOND, users[i], WT_SNMP_FLAG_AUTH | (priv ? WT_SNMP_FLAG_PRIV : 0));
      g_test_message ("%s", users[i]);
      g_assert_cmpint (receive (agent, SECOND, bytes, &id), ==, 0);
      g_assert_cmpint (id, ==, 99);
    }
}

/* Any bit of an authenticated message that is not what it was: not believed, or no message. */
static void
test_changed (void)
{
  g_autoptr (WtSnmpUsm) manager = sample_usm_new ("manager", 0);
  g_autoptr (WtSnmpUsm) agent = sample_usm_new ("agent", 0);
  wt_snmp_usm_learn_engine (manager, 0, slice_of (wt_snmp_usm_engine_id (agent)), 1, 0);
  g_autoptr (GBytes) bytes = make_message (manager, agent, SECOND, "shaaes", WT_SNMP_FLAG_AUTH | WT_SNMP_FLAG_PRIV);
  WtSlice data = slice_of (bytes);
  for (gsize bit = 0; bit < data.n * 8; bit++)
    {
      g_autofree guint8 *copy = g_memdup2 (data.bytes, data.n);
      g_auto (WtSnmpMessage) message;
      g_autoptr (GByteArray) clear = g_byte_array_new ();
      WtSnmpProblem problem = { 0 };
      wt_snmp_message_init (&message);
      copy[bit / 8] ^= 1 << bit % 8;
      if (wt_snmp_message_parse (&message, copy, data.n, NULL) != WT_SNMP_PARSED || message.version != WT_SNMP_V3
          || !(message.flags & WT_SNMP_FLAG_AUTH))
        continue;
      g_assert_cmpint (wt_snmp_usm_receive (agent, SECOND, &message, copy, data.n, TRUE, clear, &problem), !=, 0);
    }
}

static const struct {
  const char *name, *user;
  guint8 flags;
  gint64 sent, received; /* s */
  guint32 boots;         /* that the manager believes in */
  WtSnmpUsmStat expected;
} rows[] = {
  { "in time", "sha", WT_SNMP_FLAG_AUTH, 1000, 1150, 1, 0 },
  { "late", "sha", WT_SNMP_FLAG_AUTH, 1000, 1151, 1, WT_SNMP_USM_NOT_IN_TIME_WINDOW },
  { "early", "sha", WT_SNMP_FLAG_AUTH, 1151, 1000, 1, WT_SNMP_USM_NOT_IN_TIME_WINDOW },
  { "another start", "sha", WT_SNMP_FLAG_AUTH, 1000, 1000, 2, WT_SNMP_USM_NOT_IN_TIME_WINDOW },
  { "old without digest", "noauth", 0, 1000, 9999, 1, 0 },
  { "no such user", "nobody", 0, 0, 0, 1, WT_SNMP_USM_UNKNOWN_USER },
};

static void
test_window (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (WtSnmpUsm) manager = sample_usm_new ("manager", 0);
      g_autoptr (WtSnmpUsm) agent = sample_usm_new ("agent", 0);
      gint32 id;
      wt_snmp_usm_learn_engine (manager, rows[i].sent * SECOND, slice_of (wt_snmp_usm_engine_id (agent)), rows[i].boots,
                                rows[i].sent);
      g_autoptr (GBytes) bytes = make_message (manager, agent, rows[i].sent * SECOND, rows[i].user, rows[i].flags);
      g_test_message ("%s", rows[i].name);
      g_assert_cmpint (receive (agent, rows[i].received * SECOND, bytes, &id), ==, rows[i].expected);
      for (WtSnmpUsmStat stat = 1; stat < WT_SNMP_USM_N_STATS; stat++)
        g_assert_cmpuint (wt_snmp_usm_stat (agent, stat), ==, stat == rows[i].expected);
    }
}

/* What a level needs and the user has not; passwords that differ; an engine that is another. */
static void
test_refused (void)
{
  g_autoptr (WtSnmpUsm) manager = sample_usm_new ("manager", 0);
  g_autoptr (WtSnmpUsm) agent = sample_usm_new ("agent", 0);
  g_autoptr (WtSnmpUsm) other = sample_usm_new ("other", 0);
  WtSnmpUser changed = { "sha", WT_SNMP_AUTH_SHA, "another password", WT_SNMP_PRIV_NONE, NULL };
  WtSnmpUser more = { "noauth", WT_SNMP_AUTH_SHA, SAMPLE_PASSWORD, WT_SNMP_PRIV_NONE, NULL };
  WtSnmpUser unlike = { "shaaes", WT_SNMP_AUTH_SHA, SAMPLE_PASSWORD, WT_SNMP_PRIV_AES, "another password" };
  gint32 id;
  g_assert_null (make_message (manager, agent, 0, "noauth", WT_SNMP_FLAG_AUTH));
  g_assert_true (wt_snmp_usm_add_user (manager, &changed, NULL) && wt_snmp_usm_add_user (manager, &more, NULL)
                 && wt_snmp_usm_add_user (manager, &unlike, NULL));
  wt_snmp_usm_learn_engine (manager, 0, slice_of (wt_snmp_usm_engine_id (agent)), 1, 0);
  g_autoptr (GBytes) digest = make_message (manager, agent, 0, "sha", WT_SNMP_FLAG_AUTH);
  g_assert_cmpint (receive (agent, 0, digest, &id), ==, WT_SNMP_USM_WRONG_DIGEST);
  g_autoptr (GBytes) level = make_message (manager, agent, 0, "noauth", WT_SNMP_FLAG_AUTH);
  g_assert_cmpint (receive (agent, 0, level, &id), ==, WT_SNMP_USM_UNSUPPORTED_LEVEL);
  g_autoptr (GBytes) elsewhere = make_message (manager, other, 0, "noauth", 0);
  g_assert_cmpint (receive (agent, 0, elsewhere, &id), ==, WT_SNMP_USM_UNKNOWN_ENGINE);
  g_autoptr (GBytes) garbled = make_message (manager, agent, 0, "shaaes", WT_SNMP_FLAG_AUTH | WT_SNMP_FLAG_PRIV);
  g_assert_cmpint (receive (agent, 0, garbled, &id), ==, 0); /* authentic, and what is in it cannot be read */
  g_assert_cmpint (id, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/usm/keys", test_keys);
  g_test_add_func ("/usm/names", test_names);
  g_test_add_func ("/usm/users", test_users);
  g_test_add_func ("/usm/round-trip", test_round_trip);
  g_test_add_func ("/usm/changed", test_changed);
  g_test_add_func ("/usm/window", test_window);
  g_test_add_func ("/usm/refused", test_refused);
  return g_test_run ();
}
