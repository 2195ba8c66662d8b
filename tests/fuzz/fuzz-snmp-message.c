/* Messages: what is parsed can be written, and is then the same message. */
#include "protocols/snmp/snmp-message.h"

int LLVMFuzzerTestOneInput (const guint8 *bytes, gsize n_bytes);

static GBytes *
write_message (const WtSnmpMessage *message)
{
  g_auto (WtBerWriter) writer = { 0 };
  wt_snmp_message_write (message, &writer);
  return wt_ber_writer_steal (&writer);
}

/* The second writing of what was read from the first gives the first: a normal form. */
static void
check_again (const WtSnmpMessage *message)
{
  g_auto (WtSnmpMessage) again;
  gsize n_bytes;
  wt_snmp_message_init (&again);
  g_autoptr (GBytes) first = write_message (message);
  const guint8 *data = g_bytes_get_data (first, &n_bytes);
  g_assert_cmpint (wt_snmp_message_parse (&again, data, n_bytes, NULL), ==, WT_SNMP_PARSED);
  g_autoptr (GBytes) second = write_message (&again);
  g_assert_true (g_bytes_equal (first, second));
}

int
LLVMFuzzerTestOneInput (const guint8 *bytes, gsize n_bytes)
{
  g_auto (WtSnmpMessage) message;
  WtSnmpProblem problem = { 0 };
  wt_snmp_message_init (&message);
  if (wt_snmp_message_parse (&message, bytes, n_bytes, &problem) != WT_SNMP_PARSED)
    {
      g_assert_nonnull (problem.text);
      g_assert_cmpuint (problem.at, <=, n_bytes);
      return 0;
    }
  for (guint i = 0; i < message.pdu.bindings->len; i++)
    {
      const WtSnmpVarBind *binding = &g_array_index (message.pdu.bindings, WtSnmpVarBind, i);
      g_autofree char *text = wt_snmp_value_to_string (&binding->value);
      g_assert_true (g_utf8_validate (text, -1, NULL));
      g_assert_cmpuint (binding->start, <=, binding->end);
      if (message.encrypted.bytes == NULL && message.has_pdu)
        g_assert_cmpuint (binding->end, <=, n_bytes);
    }
  if (message.has_pdu || message.encrypted.bytes)
    check_again (&message);
  return 0;
}
