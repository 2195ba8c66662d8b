/* Dissection: what is found where, in all versions; what is encrypted with the keys and without; what is broken. */
#include "snmp-sample.h"

#include "protocols/snmp/snmp-dissect.h"

#include <string.h>

static WtSlice
slice_of (GBytes *bytes)
{
  return (WtSlice){ g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes) };
}

static void
add (WtSnmpPdu *pdu, const char *name, WtSnmpValue value)
{
  WtOid oid = sample_oid (name);
  wt_snmp_pdu_add (pdu, &oid, &value);
}

static GBytes *
make (gint32 version, guint8 type)
{
  g_auto (WtSnmpMessage) message;
  g_auto (WtBerWriter) writer = { 0 };
  wt_snmp_message_init (&message);
  message.version = version;
  message.community = (WtSlice){ (const guint8 *) "public", 6 };
  message.pdu.type = type;
  message.pdu.request_id = 4711;
  message.pdu.error_status = type == WT_SNMP_RESPONSE ? WT_SNMP_NO_SUCH_NAME : type == WT_SNMP_GET_BULK ? 3 : 0;
  message.pdu.error_index = 1;
  message.pdu.enterprise = sample_oid ("1.3.6.1.4.1.64000");
  message.pdu.agent_addr = 0x0a000119;
  message.pdu.generic_trap = 2;
  message.pdu.time_stamp = 99;
  add (&message.pdu, "1.3.6.1.2.1.1.1.0",
       (WtSnmpValue){ .tag = WT_BER_OCTETS, .octets = { (const guint8 *) "a\nb", 3 } });
  add (&message.pdu, "1.3.6.1.1", (WtSnmpValue){ .tag = WT_SNMP_COUNTER64, .number = G_MAXUINT64 });
  add (&message.pdu, "1.3.6.1.2", (WtSnmpValue){ .tag = WT_BER_INTEGER, .integer = -5 });
  add (&message.pdu, "1.3.6.1.3", (WtSnmpValue){ .tag = WT_SNMP_IP_ADDRESS, .number = 0x7f000001 });
  wt_snmp_message_write (&message, &writer);
  return wt_ber_writer_steal (&writer);
}

static const struct {
  gint32 version;
  guint8 type;
  const char *field, *value;
} rows[] = {
  { WT_SNMP_V1, WT_SNMP_GET, "snmp.version", "version-1 (0)" },
  { WT_SNMP_V2C, WT_SNMP_GET, "snmp.version", "v2c (1)" },
  { WT_SNMP_V2C, WT_SNMP_GET, "snmp.community", "public" },
  { WT_SNMP_V2C, WT_SNMP_GET, "snmp.data", "get-request (0)" },
  { WT_SNMP_V2C, WT_SNMP_INFORM, "snmp.data", "informRequest (6)" },
  { WT_SNMP_V2C, WT_SNMP_GET, "snmp.request_id", "4711" },
  { WT_SNMP_V1, WT_SNMP_RESPONSE, "snmp.error_status", "noSuchName (2)" },
  { WT_SNMP_V1, WT_SNMP_RESPONSE, "snmp.error_index", "1" },
  { WT_SNMP_V2C, WT_SNMP_GET_BULK, "snmp.non_repeaters", "3" },
  { WT_SNMP_V2C, WT_SNMP_GET_BULK, "snmp.max_repetitions", "1" },
  { WT_SNMP_V2C, WT_SNMP_GET, "snmp.variable_bindings", "4" },
  { WT_SNMP_V2C, WT_SNMP_GET, "snmp.name", "1.3.6.1.2.1.1.1.0" },
  { WT_SNMP_V2C, WT_SNMP_GET, "snmp.value.octets", "61:0a:62" },
  { WT_SNMP_V2C, WT_SNMP_GET, "snmp.var-bind_str", "a\nb" },
  { WT_SNMP_V2C, WT_SNMP_GET, "snmp.value.counter", "18446744073709551615" },
  { WT_SNMP_V2C, WT_SNMP_GET, "snmp.value.int", "-5" },
  { WT_SNMP_V2C, WT_SNMP_GET, "snmp.value.ipv4", "127.0.0.1" },
  { WT_SNMP_V1, WT_SNMP_TRAP_V1, "snmp.enterprise", "1.3.6.1.4.1.64000" },
  { WT_SNMP_V1, WT_SNMP_TRAP_V1, "snmp.agent_addr", "10.0.1.25" },
  { WT_SNMP_V1, WT_SNMP_TRAP_V1, "snmp.generic_trap", "linkDown (2)" },
  { WT_SNMP_V1, WT_SNMP_TRAP_V1, "snmp.time_stamp", "99" },
};

static void
test_values (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GBytes) bytes = make (rows[i].version, rows[i].type);
      WtSlice data = slice_of (bytes);
      g_autoptr (WtField) root = wt_snmp_dissector.message (WT_TO_SERVER, WT_CONTEXT_PLAIN, data.bytes, data.n);
      const WtField *field = wt_field_find (root, rows[i].field);
      g_test_message ("%s", rows[i].field);
      g_assert_nonnull (field);
      g_assert_cmpstr (field->value, ==, rows[i].value);
      g_assert_null (wt_field_find (root, "wiretalk.snmp.malformed"));
    }
}

/* Every byte is the tag, the length or the contents of something. */
static gboolean
cover (const WtField *field, guint depth, gpointer user_data)
{
  guint8 *covered = user_data;
  if (g_str_has_prefix (field->info->name, "wiretalk.ber."))
    memset (covered + field->start, 1, field->end - field->start);
  return TRUE;
}

static void
test_covered (void)
{
  for (guint type = WT_SNMP_GET; type <= WT_SNMP_REPORT; type++)
    {
      g_autoptr (GBytes) bytes = make (type == WT_SNMP_TRAP_V1 ? WT_SNMP_V1 : WT_SNMP_V2C, type);
      WtSlice data = slice_of (bytes);
      g_autoptr (WtField) root = wt_snmp_dissector.message (WT_TO_SERVER, WT_CONTEXT_PLAIN, data.bytes, data.n);
      g_autofree guint8 *covered = g_malloc0 (data.n);
      wt_field_walk (root, cover, covered);
      for (gsize i = 0; i < data.n; i++)
        g_assert_cmpint (covered[i], ==, 1);
    }
}

static void
test_summaries (void)
{
  static const struct {
    gint32 version;
    guint8 type;
    const char *text;
  } lines[] = {
    { WT_SNMP_V2C, WT_SNMP_GET, "v2c public get-request 1.3.6.1.2.1.1.1.0, 1.3.6.1.1, 1.3.6.1.2, … (4)" },
    { WT_SNMP_V1, WT_SNMP_RESPONSE,
      "v1 public get-response noSuchName (1) 1.3.6.1.2.1.1.1.0 = \"a b\", 1.3.6.1.1 = 18446744073709551615, 1.3.6.1.2 "
      "= -5, … (4)" },
    { WT_SNMP_V2C, WT_SNMP_GET_BULK, "v2c public getBulkRequest 3/1 1.3.6.1.2.1.1.1.0, 1.3.6.1.1, 1.3.6.1.2, … (4)" },
    { WT_SNMP_V1, WT_SNMP_TRAP_V1,
      "v1 public trap linkDown 1.3.6.1.4.1.64000 1.3.6.1.2.1.1.1.0 = \"a b\", 1.3.6.1.1 = 18446744073709551615, "
      "1.3.6.1.2 = -5, … (4)" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      g_autoptr (GBytes) bytes = make (lines[i].version, lines[i].type);
      WtSlice data = slice_of (bytes);
      g_autofree char *text = wt_snmp_dissector.summary (WT_TO_SERVER, WT_CONTEXT_PLAIN, data.bytes, data.n);
      g_assert_cmpstr (text, ==, lines[i].text);
    }
}

/* --- version 3 --------------------------------------------------------------------------------------------------- */

static GBytes *
make_v3 (const char *user)
{
  g_autoptr (WtSnmpUsm) usm = sample_usm_new ("sender", 0);
  g_auto (WtSnmpMessage) message;
  g_auto (WtBerWriter) writer = { 0 };
  wt_snmp_message_init (&message);
  message.version = WT_SNMP_V3;
  message.msg_id = 17;
  message.max_size = 1500;
  message.flags = WT_SNMP_FLAG_AUTH | WT_SNMP_FLAG_PRIV;
  message.engine_id = message.context_engine_id = slice_of (wt_snmp_usm_engine_id (usm));
  message.user_name = (WtSlice){ (const guint8 *) user, strlen (user) };
  message.pdu.type = WT_SNMP_TRAP;
  add (&message.pdu, "1.3.6.1.2.1.1.1.0", (WtSnmpValue){ .tag = WT_BER_INTEGER, .integer = 1 });
  g_assert_true (wt_snmp_usm_send (usm, 0, &message, &writer));
  return wt_ber_writer_steal (&writer);
}

static void
test_keys (void)
{
  static const WtSnmpUser user = { "shaaes", WT_SNMP_AUTH_SHA, SAMPLE_PASSWORD, WT_SNMP_PRIV_AES, SAMPLE_PASSWORD };
  static const WtSnmpUser wrong = { "md5des", WT_SNMP_AUTH_MD5, "another password", WT_SNMP_PRIV_DES, SAMPLE_PASSWORD };
  static const struct {
    const char *user, *digest, *name, *summary;
  } cases[] = { { "shaaes", "True", "1.3.6.1.2.1.1.1.0", "v3 shaaes snmpV2-trap 1.3.6.1.2.1.1.1.0 = 1" },
                { "md5des", "False", NULL, "v3 md5des encrypted, 48 bytes" },
                { "sha256aes", NULL, NULL, "v3 sha256aes encrypted, 45 bytes" } };
  g_autoptr (WtSnmpKeyring) one = wt_snmp_keyring_with (NULL, &user);
  g_autoptr (WtSnmpKeyring) keys = wt_snmp_keyring_with (one, &wrong);
  g_autoptr (WtSnmpKeyring) same = wt_snmp_keyring_with (keys, &user);
  g_assert_true (same == keys && keys != one);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GBytes) bytes = make_v3 (cases[i].user);
      WtSlice data = slice_of (bytes);
      g_autoptr (WtField) root =
          wt_snmp_dissector.message_with (keys, WT_TO_SERVER, WT_CONTEXT_PLAIN, data.bytes, data.n);
      const WtField *digest = wt_field_find (root, "snmp.v3.auth"), *name = wt_field_find (root, "snmp.name");
      g_autofree char *summary =
          wt_snmp_summary (keys, NULL, data.bytes, data.n);
      g_test_message ("%s", cases[i].user);
      g_assert_cmpstr (digest ? digest->value : NULL, ==, cases[i].digest);
      g_assert_cmpstr (name ? name->value : NULL, ==, cases[i].name);
      g_assert_cmpstr (summary, ==, cases[i].summary);
      g_assert_cmpstr (wt_field_find (root, "snmp.msgUserName")->value, ==, cases[i].user);
      g_assert_cmpstr (wt_field_find (root, "snmp.engineid.text")->value, ==, "sender");
      g_assert_cmpint (wt_field_find (root, "snmp.msgID")->number, ==, 17);
    }
}

/* Cut anywhere: what is there is shown, and what is wrong is said once. */
static gboolean
count_malformed (const WtField *field, guint depth, gpointer user_data)
{
  *(guint *) user_data += strcmp (field->info->name, "wiretalk.snmp.malformed") == 0;
  return TRUE;
}

static void
test_cut (void)
{
  g_autoptr (GBytes) v2 = make (WT_SNMP_V2C, WT_SNMP_RESPONSE);
  g_autoptr (GBytes) v3 = make_v3 ("shaaes");
  GBytes *const both[] = { v2, v3 };
  for (gsize i = 0; i < G_N_ELEMENTS (both); i++)
    for (gsize length = 0; length < g_bytes_get_size (both[i]); length++)
      {
        guint n_malformed = 0;
        g_autoptr (WtField) root =
            wt_snmp_dissector.message (WT_TO_SERVER, WT_CONTEXT_PLAIN, g_bytes_get_data (both[i], NULL), length);
        wt_field_walk (root, count_malformed, &n_malformed);
        g_assert_cmpuint (n_malformed, ==, 1);
      }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/snmp-dissect/values", test_values);
  g_test_add_func ("/snmp-dissect/covered", test_covered);
  g_test_add_func ("/snmp-dissect/summaries", test_summaries);
  g_test_add_func ("/snmp-dissect/keys", test_keys);
  g_test_add_func ("/snmp-dissect/cut", test_cut);
  return g_test_run ();
}
