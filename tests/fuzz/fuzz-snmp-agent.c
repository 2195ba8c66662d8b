/* The agent, and the manager with a request of each kind under way, with any datagram. The agent's answers are
 * messages, no larger than they may be; it goes on answering. */
#include "snmp-sample.h"

int LLVMFuzzerTestOneInput (const guint8 *bytes, gsize n_bytes);

#define PEER ((WtSnmpPeer){ 0x0a000001, 161 })

static void
check_answer (GBytes *answer)
{
  g_auto (WtSnmpMessage) message;
  gsize n_bytes;
  const guint8 *data = g_bytes_get_data (answer, &n_bytes);
  wt_snmp_message_init (&message);
  g_assert_cmpuint (n_bytes, <=, WT_SNMP_AGENT_DATAGRAM);
  g_assert_cmpint (wt_snmp_message_parse (&message, data, n_bytes, NULL), ==, WT_SNMP_PARSED);
}

static void
feed_agent (const guint8 *bytes, gsize n_bytes)
{
  g_autoptr (SampleMib) mib = sample_mib_new (3);
  g_autoptr (WtSnmpUsm) usm = sample_usm_new ("agent", 0);
  g_autoptr (WtSnmpAgent) agent = sample_agent_new (usm, mib);
  static const char get[] =
      "\x30\x26\x02\x01\x01\x04\x06public\xa0\x19\x02\x01\x01\x02\x01\x00\x02\x01\x00\x30\x0e\x30\x0c\x06"
      "\x08\x2b\x06\x01\x02\x01\x01\x01\x00\x05\x00";
  g_autoptr (GBytes) answer = wt_snmp_agent_feed (agent, 0, PEER, bytes, n_bytes);
  if (answer)
    check_answer (answer);
  g_autoptr (GBytes) normal = wt_snmp_agent_feed (agent, 0, PEER, (const guint8 *) get, sizeof get - 1);
  g_assert_nonnull (normal);
}

static void
drain (WtSnmpManager *manager)
{
  WtSnmpManagerEvent event;
  WtSnmpDatagram datagram;
  while (wt_snmp_manager_next (manager, &event))
    ;
  while (wt_snmp_manager_take (manager, &datagram))
    g_bytes_unref (datagram.bytes);
}

static void
feed_manager (const guint8 *bytes, gsize n_bytes)
{
  g_autoptr (WtSnmpUsm) usm = sample_usm_new ("manager", 0);
  g_autoptr (WtSnmpManager) manager = wt_snmp_manager_new (usm, 0);
  WtSnmpVarBind binding = { .name = { 3, { 1, 3, 6 } }, .value = { .tag = WT_BER_NULL } };
  for (WtSnmpOp op = WT_SNMP_OP_GET; op <= WT_SNMP_OP_INFORM; op++)
    for (guint version = 0; version < 3; version++)
      {
        WtSnmpTarget target = {
          PEER, version == 2 ? WT_SNMP_V3 : version, "public", "noauth", WT_SNMP_NO_AUTH_NO_PRIV, NULL, 1, 1
        };
        WtSnmpRequest request = { .op = op, .bindings = &binding, .n_bindings = 1, .trap = binding.name };
        wt_snmp_manager_request (manager, 0, &target, &request);
      }
  drain (manager);
  wt_snmp_manager_feed (manager, 1, PEER, bytes, n_bytes);
  drain (manager);
  wt_snmp_manager_tick (manager, G_GINT64_CONSTANT (10000000000));
  drain (manager);
}

int
LLVMFuzzerTestOneInput (const guint8 *bytes, gsize n_bytes)
{
  feed_agent (bytes, n_bytes);
  feed_manager (bytes, n_bytes);
  return 0;
}
