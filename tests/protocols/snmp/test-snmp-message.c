/* SNMP messages: round trips of all versions and values, and what is refused. */
#include "protocols/snmp/snmp-message.h"

#include <string.h>

#define SLICE(text) ((WtSlice){ (const guint8 *) text, sizeof text - 1 })

static void
add (WtSnmpPdu *pdu, const char *name, WtSnmpValue value)
{
  WtOid oid;
  g_assert_true (wt_oid_parse (name, &oid));
  wt_snmp_pdu_add (pdu, &oid, &value);
}

static void
fill (WtSnmpMessage *message)
{
  add (&message->pdu, "1.3.6.1.2.1.1.1.0", (WtSnmpValue){ .tag = WT_BER_NULL });
  add (&message->pdu, "1.3.6.1.1", (WtSnmpValue){ .tag = WT_BER_INTEGER, .integer = -5 });
  add (&message->pdu, "1.3.6.1.2", (WtSnmpValue){ .tag = WT_SNMP_COUNTER64, .number = G_MAXUINT64 });
  add (&message->pdu, "1.3.6.1.3", (WtSnmpValue){ .tag = WT_SNMP_COUNTER32, .number = G_MAXUINT32 });
  add (&message->pdu, "1.3.6.1.4", (WtSnmpValue){ .tag = WT_SNMP_IP_ADDRESS, .number = 0x0a000119 });
  add (&message->pdu, "1.3.6.1.5", (WtSnmpValue){ .tag = WT_BER_OCTETS, .octets = SLICE ("text") });
  add (&message->pdu, "1.3.6.1.6", (WtSnmpValue){ .tag = WT_BER_OID, .oid = SLICE ("\x2b\x06\x01") });
  add (&message->pdu, "1.3.6.1.7", (WtSnmpValue){ .tag = WT_SNMP_END_OF_MIB_VIEW });
  add (&message->pdu, "1.3.6.1.8", (WtSnmpValue){ .tag = WT_SNMP_TIME_TICKS, .number = 6203 });
}

static const char *const texts[] = { "NULL", "-5", "18446744073709551615", "4294967295", "10.0.1.25", "\"text\"", "1.3.6.1",
                                     "endOfMibView", "(6203) 0 d 00:01:02.03" };

static GBytes *
write_message (const WtSnmpMessage *message)
{
  g_auto (WtBerWriter) writer = { 0 };
  wt_snmp_message_write (message, &writer);
  return wt_ber_writer_steal (&writer);
}

static void
assert_same (const WtSnmpMessage *message, GBytes *bytes)
{
  g_auto (WtSnmpMessage) again;
  wt_snmp_message_init (&again);
  gsize n_bytes;
  const guint8 *data = g_bytes_get_data (bytes, &n_bytes);
  WtSnmpProblem problem = { 0 };
  WtSnmpParsed parsed = wt_snmp_message_parse (&again, data, n_bytes, &problem);
  g_test_message ("%s at %" G_GSIZE_FORMAT, problem.text, problem.at);
  g_assert_cmpint (parsed, ==, WT_SNMP_PARSED);
  g_assert_cmpint (again.pdu.bindings->len, ==, message->pdu.bindings->len);
  for (guint i = 0; i < again.pdu.bindings->len; i++)
    {
      const WtSnmpVarBind *binding = &g_array_index (again.pdu.bindings, WtSnmpVarBind, i);
      g_autofree char *text = wt_snmp_value_to_string (&binding->value);
      g_assert_cmpstr (text, ==, texts[i]);
      g_assert_cmpint (wt_oid_compare (&binding->name, &g_array_index (message->pdu.bindings, WtSnmpVarBind, i).name), ==, 0);
      g_assert_cmpint (data[binding->start], ==, WT_BER_SEQUENCE);
    }
  g_autoptr (GBytes) rewritten = write_message (&again);
  g_assert_true (g_bytes_equal (rewritten, bytes));
}

static void
test_round_trip (void)
{
  for (guint type = WT_SNMP_GET; type <= WT_SNMP_REPORT; type++)
    for (gint32 version = WT_SNMP_V1; version <= WT_SNMP_V3; version++)
      {
        if (version == 2 || (version == WT_SNMP_V1) != (type == WT_SNMP_TRAP_V1))
          continue;
        g_auto (WtSnmpMessage) message;
        wt_snmp_message_init (&message);
        message.version = version;
        message.community = SLICE ("public");
        message.msg_id = 7;
        message.max_size = 1500;
        message.security_model = WT_SNMP_SECURITY_USM;
        message.engine_id = SLICE ("\x80\0\0\0\1");
        message.user_name = SLICE ("user");
        message.auth_parameters = SLICE ("abcdefghijkl");
        message.flags = WT_SNMP_FLAG_AUTH;
        message.pdu.type = type;
        message.pdu.request_id = -17;
        message.pdu.error_status = 2;
        message.pdu.error_index = 1;
        message.pdu.agent_addr = 0x7f000001;
        message.pdu.generic_trap = 6;
        wt_oid_parse ("1.3.6.1.4.1", &message.pdu.enterprise);
        fill (&message);
        g_autoptr (GBytes) bytes = write_message (&message);
        assert_same (&message, bytes);
      }
}

/* --- random messages ---------------------------------------------------------------------------------------------- */

static WtSnmpValue
random_value (GRand *rand, const guint8 *bytes, gsize n_bytes)
{
  static const guint8 tags[] = { WT_BER_INTEGER,    WT_BER_OCTETS,     WT_BER_NULL,       WT_SNMP_IP_ADDRESS,
                                 WT_SNMP_COUNTER32, WT_SNMP_GAUGE32,   WT_SNMP_TIME_TICKS, WT_SNMP_OPAQUE,
                                 WT_SNMP_COUNTER64, WT_SNMP_NO_SUCH_OBJECT };
  WtSnmpValue value = { .tag = tags[g_rand_int_range (rand, 0, G_N_ELEMENTS (tags))] };
  guint shift = g_rand_int_range (rand, 0, 32);
  if (value.tag == WT_BER_INTEGER)
    value.integer = (gint32) g_rand_int (rand) >> shift;
  else if (value.tag == WT_BER_OCTETS || value.tag == WT_SNMP_OPAQUE)
    value.octets = (WtSlice){ bytes, g_rand_int_range (rand, 0, n_bytes) };
  else if (value.tag == WT_SNMP_COUNTER64)
    value.number = ((guint64) g_rand_int (rand) << 32 | g_rand_int (rand)) >> shift;
  else
    value.number = g_rand_int (rand) >> shift;
  return value;
}

static void
fill_at_random (WtSnmpPdu *pdu, GRand *rand, const guint8 *bytes, gsize n_bytes)
{
  pdu->request_id = g_rand_int (rand);
  pdu->error_status = g_rand_int (rand);
  pdu->error_index = g_rand_int (rand);
  for (guint n = g_rand_int_range (rand, 0, 20); n > 0; n--)
    {
      WtOid name = { .n = g_rand_int_range (rand, 2, WT_OID_MAX + 1), .arcs = { 1, g_rand_int_range (rand, 0, 40) } };
      for (guint i = 2; i < name.n; i++)
        name.arcs[i] = g_rand_int (rand) >> g_rand_int_range (rand, 0, 32);
      WtSnmpValue value = random_value (rand, bytes, n_bytes);
      wt_snmp_pdu_add (pdu, &name, &value);
    }
}

static void
assert_same_binding (const WtSnmpVarBind *a, const WtSnmpVarBind *b)
{
  g_autofree char *first = wt_snmp_value_to_string (&a->value), *second = wt_snmp_value_to_string (&b->value);
  g_assert_cmpint (wt_oid_compare (&a->name, &b->name), ==, 0);
  g_assert_cmpint (a->value.tag, ==, b->value.tag);
  g_assert_cmpstr (first, ==, second);
}

static void
test_random (void)
{
  static const guint8 bytes[700] = { 1, 2, 3, 0xff, 0x80 };
  g_autoptr (GRand) rand = g_rand_new_with_seed (3416);
  for (guint round = 0; round < 2000; round++)
    {
      g_auto (WtSnmpMessage) message, again;
      gsize n_bytes;
      wt_snmp_message_init (&message);
      wt_snmp_message_init (&again);
      message.version = WT_SNMP_V2C;
      message.community = (WtSlice){ bytes, g_rand_int_range (rand, 0, sizeof bytes) };
      message.pdu.type = WT_SNMP_RESPONSE;
      fill_at_random (&message.pdu, rand, bytes, sizeof bytes);
      g_autoptr (GBytes) written = write_message (&message);
      const guint8 *data = g_bytes_get_data (written, &n_bytes);
      g_assert_cmpint (wt_snmp_message_parse (&again, data, n_bytes, NULL), ==, WT_SNMP_PARSED);
      g_assert_cmpint (again.pdu.request_id, ==, message.pdu.request_id);
      g_assert_cmpint (again.pdu.error_status, ==, message.pdu.error_status);
      g_assert_cmpint (again.pdu.error_index, ==, message.pdu.error_index);
      g_assert_cmpuint (again.pdu.bindings->len, ==, message.pdu.bindings->len);
      for (guint i = 0; i < again.pdu.bindings->len; i++)
        assert_same_binding (&g_array_index (again.pdu.bindings, WtSnmpVarBind, i),
                             &g_array_index (message.pdu.bindings, WtSnmpVarBind, i));
    }
}

/* Every message cut short is refused, and the problem lies within it. */
static void
test_cut (void)
{
  g_auto (WtSnmpMessage) message;
  wt_snmp_message_init (&message);
  message.version = WT_SNMP_V2C;
  message.community = SLICE ("public");
  message.pdu.type = WT_SNMP_GET;
  fill (&message);
  g_autoptr (GBytes) bytes = write_message (&message);
  gsize n_bytes;
  const guint8 *data = g_bytes_get_data (bytes, &n_bytes);
  for (gsize length = 0; length < n_bytes; length++)
    {
      WtSnmpProblem problem = { 0 };
      g_auto (WtSnmpMessage) cut;
      wt_snmp_message_init (&cut);
      g_assert_cmpint (wt_snmp_message_parse (&cut, data, length, &problem), ==, WT_SNMP_PARSE_ERROR);
      g_assert_nonnull (problem.text);
      g_assert_cmpuint (problem.at, <=, length);
    }
}

static const struct {
  const char *name, *bytes;
  gsize n_bytes;
  WtSnmpParsed parsed;
} refused[] = {
#define ROW(name, bytes, parsed) { name, bytes, sizeof bytes - 1, parsed }
  ROW ("version 2", "\x30\x03\x02\x01\x02", WT_SNMP_BAD_VERSION),
  ROW ("version huge", "\x30\x06\x02\x04\x7f\xff\xff\xff", WT_SNMP_BAD_VERSION),
  ROW ("bytes after", "\x30\x03\x02\x01\x01\x00", WT_SNMP_PARSE_ERROR),
  ROW ("not a sequence", "\x04\x00", WT_SNMP_PARSE_ERROR),
  ROW ("bulk in v1", "\x30\x12\x02\x01\x00\x04\x00\xa5\x0b\x02\x01\x01\x02\x01\x00\x02\x01\x00\x30\x00", WT_SNMP_PARSE_ERROR),
  ROW ("trap v1 in v2c", "\x30\x07\x02\x01\x01\x04\x00\xa4\x00", WT_SNMP_PARSE_ERROR),
  ROW ("other model", "\x30\x11\x02\x01\x03\x30\x0c\x02\x01\x01\x02\x02\x05\xdc\x04\x00\x02\x01\x03", WT_SNMP_PARSE_ERROR),
  ROW ("model 2", "\x30\x13\x02\x01\x03\x30\x0e\x02\x01\x01\x02\x02\x05\xdc\x04\x01\x00\x02\x02\x00\x02", WT_SNMP_UNKNOWN_MODEL),
  ROW ("priv without auth", "\x30\x12\x02\x01\x03\x30\x0d\x02\x01\x01\x02\x02\x05\xdc\x04\x01\x02\x02\x01\x03", WT_SNMP_INVALID),
};

static void
test_refused (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      WtSnmpProblem problem = { 0 };
      g_auto (WtSnmpMessage) message;
      wt_snmp_message_init (&message);
      WtSnmpParsed parsed = wt_snmp_message_parse (&message, (const guint8 *) refused[i].bytes, refused[i].n_bytes, &problem);
      g_test_message ("%s: %s at %" G_GSIZE_FORMAT, refused[i].name, problem.text, problem.at);
      g_assert_cmpint (parsed, ==, refused[i].parsed);
      g_assert_nonnull (problem.text);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/snmp-message/round-trip", test_round_trip);
  g_test_add_func ("/snmp-message/random", test_random);
  g_test_add_func ("/snmp-message/cut", test_cut);
  g_test_add_func ("/snmp-message/refused", test_refused);
  return g_test_run ();
}
