/* The management station against an agent of the test's own: polls, walks, sets, traps, silence, alarms. */
#include "app/hosts/management-station.h"
#include "app/hosts/snmp-record.h"
#include "app/hosts/snmp-values.h"
#include "app/trace/variable.h"
#include "snmp-sample.h"
#include "tests/app/hosts/net.h"

#include <string.h>

#define NAME "SNMPv2-MIB::sysName.0"

typedef struct
{
  Net *net;
  SampleMib *mib;
  WtSnmpUsm *usm;
  WtSnmpAgent *agent;
  WtSocket *socket;
  guint n_asked, n_silent; /* datagrams; how many are not answered */
} Device;

static void
on_datagram (WtSocket *socket, WtAddress from, const guint8 *bytes, gsize n_bytes, gpointer user_data)
{
  Device *self = user_data;
  if (self->n_asked++ < self->n_silent)
    return;
  g_autoptr (GBytes) answer = wt_snmp_agent_feed (self->agent, wt_world_now (self->net->world),
                                                  (WtSnmpPeer){ from.ip, from.port }, bytes, n_bytes);
  if (answer == NULL)
    return;
  WtMessage message = wt_snmp_record (answer);
  wt_socket_send (socket, from, &message);
}

/* A network with a machine, "gate"; the test speaks for it. Hosts are added before device_bind(). */
static Net *
device_start (Device *self)
{
  self->net = net_new (1);
  self->mib = sample_mib_new (3);
  self->usm = sample_usm_new ("gate", 0);
  self->agent = sample_agent_new (self->usm, self->mib);
  net_add (self->net, "gate", "mail-client", "10.0.0.2", NULL);
  return self->net;
}

static void
device_bind (Device *self)
{
  net_start (self->net);
  self->socket = wt_world_bind (self->net->world, net_host (self->net, "gate")->host->node, 161, WT_PROTOCOL_SNMP,
                                on_datagram, self, NULL);
}

static void
device_end (Device *self)
{
  net_free (self->net);
  wt_snmp_agent_free (self->agent);
  wt_snmp_usm_free (self->usm);
  sample_mib_free (self->mib);
}

static guint32
variable (Net *net, const char *name)
{
  return wt_trace_find_entity (net->trace, WT_ENTITY_VARIABLE, net_host (net, "station")->host->node, name);
}

/* The value at the end; "" when it was never learnt. */
static char *
value_of (Net *net, const char *name)
{
  guint32 entity = variable (net, name);
  const WtEvent *last =
      entity ? wt_trace_last (net->trace, entity, WT_EVENT_STORE, wt_trace_length (net->trace)) : NULL;
  WtSample sample;
  char *text = NULL;
  if (last)
    g_assert_true (wt_sample_read (last, &sample, &text));
  return text ? text : g_strdup ("");
}

/* --- versions
 * ------------------------------------------------------------------------------------------------------------- */

static const struct
{
  const char *name, *version, *community, *user;
  gboolean answers;
} versions[] = {
  { "v1", "1", "public", NULL, TRUE },
  { "v2c", "2c", "public", NULL, TRUE },
  { "wrong community", "2c", "nobody", NULL, FALSE },
  { "v3 noauth", "3", "public", "noauth", TRUE },
  { "v3 sha256", "3", "public", "sha256:SHA-256:" SAMPLE_PASSWORD, TRUE },
  { "v3 sha aes", "3", "public", "shaaes:SHA:" SAMPLE_PASSWORD ":AES:" SAMPLE_PASSWORD, TRUE },
  { "v3 wrong password", "3", "public", "sha256:SHA-256:wrongwrong", FALSE },
};

static void
test_version (gconstpointer data)
{
  guint row = GPOINTER_TO_UINT (data);
  Device device = { 0 };
  Net *net = device_start (&device);
  net_add (net, "station", "management-station", "10.0.0.1", "poll", "gate", "objects", "sysName;ifDescr;sysUpTime.0",
           "interval", "10s", "version", versions[row].version, "community", versions[row].community,
           versions[row].user ? "user" : NULL, versions[row].user, NULL);
  device_bind (&device);
  net_run (net, 35 * SEC);
  g_autofree char *name = value_of (net, "gate " NAME), *descr = value_of (net, "gate IF-MIB::ifDescr.2");
  g_assert_cmpint (*name != 0, ==, versions[row].answers);
  g_assert_cmpint (*descr != 0, ==, versions[row].answers);
  if (versions[row].answers)
    {
      guint32 up_time = variable (net, "gate SNMPv2-MIB::sysUpTime.0");
      g_assert_cmpuint (up_time, !=, 0);
      g_assert_cmpuint (wt_trace_history_length (net->trace, up_time), ==, 4); /* at 1, 11, 21, 31 s */
    }
  else
    g_assert_cmpuint (net_noted (net, "gate"), >, 0);
  device_end (&device);
}

/* --- actions
 * -------------------------------------------------------------------------------------------------------------- */

static void
test_actions (void)
{
  Device device = { 0 };
  Net *net = device_start (&device);
  net_add (net, "station", "management-station", "10.0.0.1", NULL);
  device_bind (&device);
  net_at (net, 1 * SEC, "station", "snmp-set", "target", "gate", "values", "sysName=edge;1.3.6.1.4.1.64000.1.0=i:7",
          "community", "private", NULL);
  net_at (net, 2 * SEC, "station", "snmp-get", "target", "gate", "objects", "sysName", NULL);
  net_at (net, 3 * SEC, "station", "snmp-walk", "target", "gate", "objects", "ifDescr", "bulk", "false", NULL);
  net_at (net, 4 * SEC, "station", "snmp-bulk", "target", "gate", "objects", "ifIndex", "max-repetitions", "2", NULL);
  net_at (net, 5 * SEC, "station", "snmp-next", "target", "10.0.0.2", "objects", "sysDescr", NULL);
  net_at (net, 6 * SEC, "station", "snmp-set", "target", "gate", "values", "sysName=no", NULL);
  net_at (net, 7 * SEC, "station", "snmp-get", "target", "nowhere", "objects", "sysName", NULL);
  net_at (net, 8 * SEC, "station", "snmp-get", "target", "gate", "objects", "sysName", "version", "3", NULL);
  net_run (net, 20 * SEC);
  g_autofree char *name = value_of (net, "gate " NAME), *third = value_of (net, "gate IF-MIB::ifDescr.3"),
                  *index = value_of (net, "gate IF-MIB::ifIndex.2"), *none = value_of (net, "gate IF-MIB::ifIndex.3");
  g_assert_cmpstr (name, ==, "edge");
  g_assert_cmpstr (third, !=, "");
  g_assert_cmpstr (index, ==, "2");
  g_assert_cmpstr (none, ==, "");
  const SampleObject *held = sample_mib_find (device.mib, "1.3.6.1.2.1.1.5.0");
  g_assert_cmpmem (held->octets, held->n_octets, "edge", 4);
  g_assert_cmpint (sample_mib_find (device.mib, SAMPLE_NUMBER)->number, ==, 7);
  g_assert_cmpuint (net_noted (net, "gate answers "), ==, 1);
  g_assert_cmpuint (net_noted (net, "no host is called nowhere"), ==, 1);
  g_assert_cmpuint (net_noted (net, "needs a user"), ==, 1);
  device_end (&device);
}

/* As another user, at another level, of another version. */
static const struct
{
  const char *name, *keys[6], *said;
} askers[] = {
  { "own user", { "version", "3", "user", "sha256" }, "gate has answered: sysName.0 = " },
  { "another user", { "version", "3", "user", "shaaes:SHA:" SAMPLE_PASSWORD ":AES:" SAMPLE_PASSWORD }, "gate has answered: " },
  { "lower level", { "version", "3", "level", "noAuthNoPriv" }, "gate answers authorizationError" },
  { "level too high", { "version", "3", "level", "authPriv" }, "cannot ask at the level authPriv" },
  { "other passwords", { "version", "3", "user", "sha256:SHA-256:otherother" }, "write the name alone" },
  { "unknown user", { "version", "3", "user", "nobody" }, "gate: " },
  { "community", { "community", "private" }, "gate has answered: " },
};

static void
test_asker (gconstpointer data)
{
  guint row = GPOINTER_TO_UINT (data);
  const char *const *keys = askers[row].keys;
  Device device = { 0 };
  Net *net = device_start (&device);
  net_add (net, "station", "management-station", "10.0.0.1", "user", "sha256:SHA-256:" SAMPLE_PASSWORD, NULL);
  device_bind (&device);
  net_at (net, 1 * SEC, "station", "snmp-get", "target", "gate", "objects", "sysName", keys[0], keys[1], keys[2], keys[3],
          NULL);
  net_run (net, 20 * SEC);
  g_assert_cmpuint (net_noted (net, askers[row].said), ==, 1);
  device_end (&device);
}

static void
test_table (void)
{
  Device device = { 0 };
  Net *net = device_start (&device);
  net_add (net, "station", "management-station", "10.0.0.1", NULL);
  device_bind (&device);
  net_at (net, 1 * SEC, "station", "snmp-table", "target", "gate", "objects", "ifTable", NULL);
  net_at (net, 2 * SEC, "station", "snmp-table", "target", "gate", "objects", "ifDescr.1", "version", "1", NULL);
  net_at (net, 3 * SEC, "station", "snmp-table", "target", "gate", "objects", "sysName", NULL);
  net_run (net, 10 * SEC);
  g_autofree char *third = value_of (net, "gate IF-MIB::ifDescr.3");
  g_assert_cmpstr (third, !=, "");
  g_assert_cmpuint (net_noted (net, "values below IF-MIB::ifTable"), ==, 2);
  g_assert_cmpuint (net_noted (net, "“sysName” is no table"), ==, 1);
  device_end (&device);
}

static void
test_poll_device (void)
{
  Device device = { 0 };
  Net *net = device_start (&device);
  net_add (net, "station", "management-station", "10.0.0.1", "objects", "sysName", "interval", "10s", NULL);
  device_bind (&device);
  net_at (net, 5 * SEC, "station", "poll-device", "target", "gate", "community", "nobody", "version", "1", NULL);
  net_at (net, 12 * SEC, "station", "poll-device", "target", "10.0.0.2", NULL); /* the same, as somebody else */
  net_run (net, 30 * SEC);
  guint32 name = variable (net, "gate " NAME);
  g_assert_cmpuint (name, !=, 0);
  g_assert_cmpuint (wt_trace_history_length (net->trace, name), ==, 3); /* at 12, 15, 25 s */
  device_end (&device);
}

/* --- silence
 * -------------------------------------------------------------------------------------------------------------- */

static void
test_silence (void)
{
  Device device = { .n_silent = 2 };
  Net *net = device_start (&device);
  net_add (net, "station", "management-station", "10.0.0.1", "poll", "gate", "objects", "sysName", "interval", "0",
           "timeout", "500ms", "retries", "2", NULL);
  device_bind (&device);
  net_at (net, 10 * SEC, "station", "snmp-get", "target", "10.0.0.77", "objects", "sysName", NULL);
  net_run (net, 30 * SEC);
  g_autofree char *name = value_of (net, "gate " NAME);
  g_assert_cmpstr (name, !=, "");
  g_assert_cmpuint (device.n_asked, ==, 3);
  g_assert_cmpuint (net_noted (net, "gate has not answered"), ==, 2);
  g_assert_cmpuint (net_noted (net, "no answer from 10.0.0.77: asked 3 times"), ==, 1);
  device_end (&device);
}

/* A station that crashes while it waits, and starts again. */
static void
test_crash (void)
{
  Device device = { .n_silent = 1 };
  Net *net = device_start (&device);
  net_add (net, "station", "management-station", "10.0.0.1", "poll", "gate", "objects", "sysName;ifDescr", "timeout",
           "5s", NULL);
  device_bind (&device);
  net_down_at (net, 2 * SEC, "station");
  net_up_at (net, 4 * SEC, "station");
  net_run (net, 6 * SEC);
  g_autofree char *name = value_of (net, "gate " NAME);
  g_assert_cmpstr (name, !=, "");
  net_host (net, "station")->host->host_class->stop (net_host (net, "station")->host);
  device_end (&device);
}

/* --- alarms, notifications
 * ------------------------------------------------------------------------------------------------ */

static guint
count_notes (Net *net, WtNoteKind kind, WtNote level)
{
  guint n = 0;
  for (guint32 i = 0; i < wt_trace_length (net->trace); i++)
    {
      const WtEvent *event = wt_trace_event (net->trace, i);
      n += event->kind == WT_EVENT_NOTE && event->context == kind && event->value == level;
    }
  return n;
}

static const struct
{
  const char *name, *alarm;
  double numbers[6];
  guint raised; /* bits */
} limits[] = {
  { "above", "ifInOctets > 100", { 100, 101, 101, 100, 99, 500 }, 0x26 },
  { "above until", "ifInOctets > 100 until 80", { 90, 101, 90, 81, 80, 100 }, 0x0e },
  { "below until", "ifInOctets < 10 until 20", { 15, 9, 15, 19, 20, 15 }, 0x0e },
  { "is not", "ifOperStatus != up", { 1, 2, 1, 7, 7, 1 }, 0x1a },
  { "is", "critical: ifOperStatus = down", { 1, 2, 1, 7, 2, 1 }, 0x12 },
};

static void
test_limits (gconstpointer data)
{
  guint row = GPOINTER_TO_UINT (data);
  WtSnmpAlarm alarm;
  gboolean raised = FALSE;
  g_assert_true (wt_snmp_alarm_parse (limits[row].alarm, &alarm, NULL));
  for (guint i = 0; i < G_N_ELEMENTS (limits[row].numbers); i++)
    {
      raised = wt_snmp_alarm_holds (&alarm, limits[row].numbers[i], raised);
      g_assert_cmpint (raised, ==, limits[row].raised >> i & 1);
    }
}

static void
change (gpointer user_data)
{
  Device *self = user_data;
  ((SampleObject *) sample_mib_find (self->mib, SAMPLE_NUMBER))->number ^= 50;
}

static void
test_alarms (void)
{
  Device device = { 0 };
  Net *net = device_start (&device);
  net_add (net, "station", "management-station", "10.0.0.1", "poll", "gate", "objects", SAMPLE_NUMBER, "interval", "1s",
           "alarms", "1.3.6.1.4.1.64000.1 > 49;warning: 1.3.6.1.4.1.64000.1 > 49 until 0", NULL);
  device_bind (&device);
  ((SampleObject *) sample_mib_find (device.mib, SAMPLE_NUMBER))->number = 1;
  wt_world_timer (net->world, 5 * SEC / 2, change, &device);
  wt_world_timer (net->world, 9 * SEC / 2, change, &device);
  net_run (net, 9 * SEC);
  g_assert_cmpuint (net_noted (net, "alarm: "), ==, 2);
  g_assert_cmpuint (net_noted (net, "alarm over: "), ==, 1); /* the other one would end at 0 */
  g_assert_cmpuint (count_notes (net, WT_NOTE_ALARM, WT_NOTE_ERROR), ==, 1);
  g_assert_cmpuint (count_notes (net, WT_NOTE_ALARM, WT_NOTE_WARNING), ==, 1);
  g_assert_cmpuint (count_notes (net, WT_NOTE_ALARM_OVER, WT_NOTE_INFO), ==, 1);
  device_end (&device);
}

static void
notify (gpointer user_data)
{
  Device *self = user_data;
  WtOid trap = sample_oid ("1.3.6.1.6.3.1.1.5.3");
  WtSnmpDatagram datagram;
  for (guint inform = 0; inform < 2; inform++)
    wt_snmp_agent_add_target (
        self->agent, &(WtSnmpTarget){ .peer = { 0x0a000001, 162 }, .version = WT_SNMP_V2C, .community = "public" },
        inform);
  wt_snmp_agent_notify (self->agent, wt_world_now (self->net->world), &trap, NULL, 0);
  while (wt_snmp_agent_take (self->agent, &datagram))
    {
      WtMessage message = wt_snmp_record (datagram.bytes);
      wt_socket_send (self->socket, (WtAddress){ datagram.to.ip, datagram.to.port }, &message);
      g_bytes_unref (datagram.bytes);
    }
}

static void
test_notifications (void)
{
  Device device = { 0 };
  Net *net = device_start (&device);
  net_add (net, "station", "management-station", "10.0.0.1", NULL);
  device_bind (&device);
  wt_world_timer (net->world, 1 * SEC, notify, &device);
  net_run (net, 3 * SEC);
  g_assert_cmpuint (count_notes (net, WT_NOTE_NOTIFICATION, WT_NOTE_WARNING), ==, 2);
  g_assert_cmpuint (net_noted (net, "trap from gate: IF-MIB::linkDown"), ==, 1);
  g_assert_cmpuint (net_noted (net, "inform from gate: IF-MIB::linkDown"), ==, 1);
  g_assert_cmpuint (device.n_asked, ==, 1); /* the acknowledgement */
  device_end (&device);
}

/* What a trap tells the station sees for itself at once, whenever the next poll would be. */
static void
test_poll_on_trap (void)
{
  Device device = { 0 };
  Net *net = device_start (&device);
  net_add (net, "station", "management-station", "10.0.0.1", "poll", "gate", "objects", "sysName", "interval", "1h",
           "poll-on-trap", "true", NULL);
  device_bind (&device);
  wt_world_timer (net->world, 5 * SEC, notify, &device);
  net_run (net, 9 * SEC);
  guint32 name = variable (net, "gate " NAME);
  guint n = wt_trace_history_length (net->trace, name);
  g_assert_cmpuint (n, ==, 3); /* a trap, and an inform while the poll is under way: once more */
  g_assert_cmpint (wt_trace_event (net->trace, wt_trace_history_nth (net->trace, name, n - 1))->time, <, 6 * SEC);
  device_end (&device);
}

/* A device that falls silent is an alarm, which is over when it answers. */
static void
test_silent_device (void)
{
  Device device = { .n_silent = 5 };
  Net *net = device_start (&device);
  net_add (net, "station", "management-station", "10.0.0.1", "poll", "gate", "objects", "sysName", "interval", "10s",
           "timeout", "100ms", "retries", "1", NULL);
  device_bind (&device);
  net_run (net, 45 * SEC);
  g_assert_cmpuint (net_noted (net, "no answer from gate: asked 2 times"), ==, 2);
  g_assert_cmpuint (count_notes (net, WT_NOTE_ALARM, WT_NOTE_ERROR), ==, 1);
  g_assert_cmpuint (count_notes (net, WT_NOTE_ALARM_OVER, WT_NOTE_INFO), ==, 1);
  device_end (&device);
}

/* --- samples
 * -------------------------------------------------------------------------------------------------------------- */

static const struct
{
  const char *text;
  gboolean numeric;
  guint bits;
  double number;
} samples[] = {
  { "Counter32: 4294967295", TRUE, 32, 4294967295.0 },
  { "Counter64: 18446744073709551615", TRUE, 64, 18446744073709551615.0 },
  { "INTEGER: up(1)", TRUE, 0, 1 },
  { "INTEGER: -5", TRUE, 0, -5 },
  { "Gauge32: 80 percent", TRUE, 0, 80 },
  { "TimeTicks: (6203) 0 d 00:01:02.03", TRUE, 0, 6203 },
  { "OCTET STRING: 12", FALSE, 0, 0 },
};

static void
test_samples (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (samples); i++)
    {
      g_autoptr (GBytes) payload = g_bytes_new_static (samples[i].text, strlen (samples[i].text));
      WtEvent event = { .kind = WT_EVENT_STORE, .payload = payload, .payload_len = strlen (samples[i].text) };
      WtSample sample;
      g_assert_true (wt_sample_read (&event, &sample, NULL));
      g_assert_cmpint (sample.numeric, ==, samples[i].numeric);
      g_assert_cmpuint (sample.counter_bits, ==, samples[i].bits);
      g_assert_cmpfloat (sample.number, ==, samples[i].number);
    }
}

static const struct
{
  guint bits;
  guint64 before, after;
  gboolean known, wrapped;
  double rate; /* over 2 s */
} rates[] = {
  { 32, 100, 300, TRUE, FALSE, 100 },
  { 32, 4294967290u, 4, TRUE, TRUE, 5 },
  { 32, 1000, 10, FALSE, TRUE, 0 }, /* began anew */
  { 64, 5000000000u, 5000000020u, TRUE, FALSE, 10 },
  { 64, 5000000000u, 4, FALSE, TRUE, 0 },
};

static void
test_rates (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (rates); i++)
    {
      WtSample before = { .time = SEC, .counter_bits = rates[i].bits, .count = rates[i].before, .numeric = TRUE };
      WtSample after = { .time = 3 * SEC, .counter_bits = rates[i].bits, .count = rates[i].after, .numeric = TRUE };
      double rate = 0;
      gboolean wrapped;
      g_assert_cmpint (wt_sample_rate (&before, &after, &rate, &wrapped), ==, rates[i].known);
      g_assert_cmpint (wrapped, ==, rates[i].wrapped);
      if (rates[i].known)
        g_assert_cmpfloat (rate, ==, rates[i].rate);
      g_assert_false (wt_sample_rate (&before, &before, &rate, &wrapped));
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  net_add_table ("/hosts/management-station/version", G_N_ELEMENTS (versions), &versions[0].name, sizeof versions[0],
                 test_version);
  g_test_add_func ("/hosts/management-station/actions", test_actions);
  net_add_table ("/hosts/management-station/asker", G_N_ELEMENTS (askers), &askers[0].name, sizeof askers[0], test_asker);
  net_add_table ("/hosts/management-station/limits", G_N_ELEMENTS (limits), &limits[0].name, sizeof limits[0], test_limits);
  g_test_add_func ("/hosts/management-station/table", test_table);
  g_test_add_func ("/hosts/management-station/poll-device", test_poll_device);
  g_test_add_func ("/hosts/management-station/poll-on-trap", test_poll_on_trap);
  g_test_add_func ("/hosts/management-station/silent-device", test_silent_device);
  g_test_add_func ("/hosts/management-station/silence", test_silence);
  g_test_add_func ("/hosts/management-station/crash", test_crash);
  g_test_add_func ("/hosts/management-station/alarms", test_alarms);
  g_test_add_func ("/hosts/management-station/notifications", test_notifications);
  g_test_add_func ("/hosts/management-station/samples", test_samples);
  g_test_add_func ("/hosts/management-station/rates", test_rates);
  return g_test_run ();
}
