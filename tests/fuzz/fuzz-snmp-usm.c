/* USM with any message: as authority and as the other side. And behind a digest: what an authentic sender encrypts (the
 * input itself) must be no danger to the scoped PDU's parser. */
#include "snmp-sample.h"

#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *bytes, gsize n_bytes);

static void
receive (WtSnmpUsm *usm, const guint8 *bytes, gsize n_bytes, gboolean authoritative)
{
  g_auto (WtSnmpMessage) message;
  g_autoptr (GByteArray) clear = g_byte_array_new ();
  WtSnmpProblem problem = { 0 };
  wt_snmp_message_init (&message);
  if (wt_snmp_message_parse (&message, bytes, n_bytes, NULL) != WT_SNMP_PARSED || message.version != WT_SNMP_V3)
    return;
  guint32 before = 0, after = 0;
  for (WtSnmpUsmStat stat = 1; stat < WT_SNMP_USM_N_STATS; stat++)
    before += wt_snmp_usm_stat (usm, stat);
  WtSnmpUsmStat stat = wt_snmp_usm_receive (usm, 0, &message, bytes, n_bytes, authoritative, clear, &problem);
  for (WtSnmpUsmStat i = 1; i < WT_SNMP_USM_N_STATS; i++)
    after += wt_snmp_usm_stat (usm, i);
  g_assert_cmpuint (after - before, ==, stat != 0);
}

static void
receive_scoped (const guint8 *bytes, gsize n_bytes)
{
  g_auto (WtSnmpMessage) message;
  wt_snmp_message_init (&message);
  message.version = WT_SNMP_V3;
  wt_snmp_message_parse_scoped (&message, bytes, n_bytes, NULL);
}

int
LLVMFuzzerTestOneInput (const guint8 *bytes, gsize n_bytes)
{
  static WtSnmpUsm *usm;
  if (usm == NULL)
    usm = sample_usm_new ("agent", 0);
  receive (usm, bytes, n_bytes, TRUE);
  receive (usm, bytes, n_bytes, FALSE);
  receive_scoped (bytes, n_bytes);
  return 0;
}
