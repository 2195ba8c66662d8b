/* SNMP on one core: datagrams parsed, dissected and summed up per second; requests that the agent answers per second,
 * version 2c and 3. No socket is in it: what a socket adds is in the interop measurements. */
#include "snmp-sample.h"

#include "protocols/snmp/snmp-dissect.h"

#include <stdio.h>
#include <string.h>

#define ROUNDS 3
#define SECONDS 0.3 /* a measurement, about */

static const char *const names[] = { "1.3.6.1.2.1.1.1.0", "1.3.6.1.2.1.1.3.0", "1.3.6.1.2.1.1.5.0",
                                     "1.3.6.1.2.1.2.2.1.2.7", "1.3.6.1.2.1.2.2.1.10.7" };

static WtSlice
slice_of (GBytes *bytes)
{
  return (WtSlice){ g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes) };
}

static GBytes *
make (WtSnmpUsm *usm, const char *user, guint8 type, guint n_names, gint32 repetitions)
{
  g_auto (WtSnmpMessage) message;
  g_auto (WtBerWriter) writer = { 0 };
  wt_snmp_message_init (&message);
  message.version = user ? WT_SNMP_V3 : WT_SNMP_V2C;
  message.community = (WtSlice){ (const guint8 *) "public", 6 };
  message.max_size = 65507;
  message.flags = WT_SNMP_FLAG_AUTH | WT_SNMP_FLAG_REPORTABLE;
  if (user && wt_snmp_usm_user_level (usm, user) == WT_SNMP_AUTH_PRIV)
    message.flags |= WT_SNMP_FLAG_PRIV;
  message.engine_id = message.context_engine_id = slice_of (wt_snmp_usm_engine_id (usm));
  message.user_name = (WtSlice){ (const guint8 *) user, user ? strlen (user) : 0 };
  message.pdu.type = type;
  message.pdu.request_id = 123456789;
  message.pdu.error_index = repetitions;
  for (guint i = 0; i < n_names; i++)
    {
      WtOid name = sample_oid (names[i]);
      WtSnmpValue null = { .tag = WT_BER_NULL };
      wt_snmp_pdu_add (&message.pdu, &name, &null);
    }
  if (user)
    g_assert_true (wt_snmp_usm_send (usm, 0, &message, &writer));
  else
    wt_snmp_message_write (&message, &writer);
  return wt_ber_writer_steal (&writer);
}

typedef void (*Work) (gpointer user_data, GBytes *bytes);

static void
measure (const char *what, Work work, gpointer user_data, GBytes *bytes)
{
  double best = 0;
  for (guint round = 0; round < ROUNDS; round++)
    {
      gint64 start = g_get_monotonic_time (), now = start;
      guint n = 0;
      for (; now - start < SECONDS * 1e6; now = g_get_monotonic_time ())
        for (guint i = 0; i < 1000; i++, n++)
          work (user_data, bytes);
      best = MAX (best, n / ((now - start) / 1e6));
    }
  printf ("%-44s %10.0f per second\n", what, best);
}

static void
parse (gpointer user_data, GBytes *bytes)
{
  WtSlice data = slice_of (bytes);
  wt_snmp_message_parse (user_data, data.bytes, data.n, NULL);
}

static void
dissect (gpointer user_data, GBytes *bytes)
{
  WtSlice data = slice_of (bytes);
  wt_field_free (wt_snmp_dissector.message (WT_TO_CLIENT, WT_CONTEXT_REPLY, data.bytes, data.n));
}

static void
sum_up (gpointer user_data, GBytes *bytes)
{
  WtSlice data = slice_of (bytes);
  g_free (wt_snmp_dissector.summary (WT_TO_CLIENT, WT_CONTEXT_REPLY, data.bytes, data.n));
}

static void
answer (gpointer user_data, GBytes *bytes)
{
  WtSlice data = slice_of (bytes);
  g_autoptr (GBytes) reply = wt_snmp_agent_feed (user_data, 0, (WtSnmpPeer){ 1, 1 }, data.bytes, data.n);
  g_assert_nonnull (reply);
}

int
main (void)
{
  static const struct {
    const char *what, *user;
    guint8 type;
    guint n_names;
    gint32 repetitions;
  } rows[] = { { "Get, 1 variable", NULL, WT_SNMP_GET, 1, 0 },
               { "Get, 5 variables", NULL, WT_SNMP_GET, 5, 0 },
               { "GetNext, 1 variable", NULL, WT_SNMP_GET_NEXT, 1, 0 },
               { "GetBulk, 10 repetitions", NULL, WT_SNMP_GET_BULK, 1, 10 },
               { "Get, v3 SHA", "sha", WT_SNMP_GET, 1, 0 },
               { "Get, v3 SHA AES", "shaaes", WT_SNMP_GET, 1, 0 },
               { "Get, v3 SHA-512 AES-256", "sha512aes256", WT_SNMP_GET, 1, 0 } };
  g_autoptr (SampleMib) mib = sample_mib_new (100);
  g_autoptr (WtSnmpUsm) usm = sample_usm_new ("agent", 0);
  g_autoptr (WtSnmpAgent) agent = sample_agent_new (usm, mib);
  g_auto (WtSnmpMessage) message;
  wt_snmp_message_init (&message);
  g_autoptr (GBytes) get = make (usm, NULL, WT_SNMP_GET, 5, 0);
  WtSlice data = slice_of (get);
  g_autoptr (GBytes) response = wt_snmp_agent_feed (agent, 0, (WtSnmpPeer){ 1, 1 }, data.bytes, data.n);
  measure ("Response of 5 variables parsed", parse, &message, response);
  measure ("Response of 5 variables dissected", dissect, NULL, response);
  measure ("Response of 5 variables summed up", sum_up, NULL, response);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GBytes) request = make (usm, rows[i].user, rows[i].type, rows[i].n_names, rows[i].repetitions);
      measure (rows[i].what, answer, agent, request);
    }
  return 0;
}
