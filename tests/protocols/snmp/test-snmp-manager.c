/* Manager against agent, over a wire that can lose datagrams, with a clock that is the test's own. */
#include "snmp-sample.h"

#include "protocols/snmp/snmp-notification.h"

#include <string.h>

#define MS G_GINT64_CONSTANT (1000000)
#define AGENT ((WtSnmpPeer){ 0x0a000001, 161 })
#define MANAGER ((WtSnmpPeer){ 0x0a000002, 50000 })

typedef struct {
  SampleMib *mib;
  WtSnmpUsm *agent_usm, *manager_usm;
  WtSnmpAgent *agent;
  WtSnmpManager *manager;
  gint64 now;
  guint lose;        /* how many of the next datagrams to the agent are lost */
  guint n_sent;      /* by the manager */
  GString *events;   /* what the manager said, one a line */
  GString *bindings; /* of its responses */
  guint n_bindings;
} Wire;

static void
wire_init (Wire *self, guint n_interfaces)
{
  *self = (Wire){ .now = 5000 * MS, .events = g_string_new (NULL), .bindings = g_string_new (NULL) };
  self->mib = sample_mib_new (n_interfaces);
  self->agent_usm = sample_usm_new ("agent", 0);
  self->manager_usm = sample_usm_new ("manager", 0);
  self->agent = sample_agent_new (self->agent_usm, self->mib);
  self->manager = wt_snmp_manager_new (self->manager_usm, 100);
}

static void
wire_clear (Wire *self)
{
  wt_snmp_manager_free (self->manager);
  wt_snmp_agent_free (self->agent);
  wt_snmp_usm_free (self->manager_usm);
  wt_snmp_usm_free (self->agent_usm);
  sample_mib_free (self->mib);
  g_string_free (self->events, TRUE);
  g_string_free (self->bindings, TRUE);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Wire, wire_clear)

static void
note_pdu (Wire *self, const WtSnmpPdu *pdu)
{
  for (guint i = 0; i < pdu->bindings->len; i++, self->n_bindings++)
    {
      const WtSnmpVarBind *binding = &g_array_index (pdu->bindings, WtSnmpVarBind, i);
      g_autofree char *name = wt_oid_to_string (&binding->name);
      g_autofree char *value = wt_snmp_value_to_string (&binding->value);
      g_string_append_printf (self->bindings, "%s=%s\n", name, value);
    }
}

static void
note_event (Wire *self, const WtSnmpManagerEvent *event)
{
  static const char *const done[] = { "ok", "timeout", "report", "failed" };
  WtOid trap = { 0 };
  switch (event->type)
    {
    case WT_SNMP_MANAGER_RESPONSE:
      note_pdu (self, event->pdu);
      if (event->pdu->error_status != 0)
        g_string_append_printf (self->events, "error %s %d\n", wt_snmp_error_name (event->pdu->error_status),
                                event->pdu->error_index);
      break;
    case WT_SNMP_MANAGER_RETRY:
      g_string_append_printf (self->events, "retry %u at %" G_GINT64_FORMAT " ms\n", event->attempt,
                              self->now / MS - 5000);
      break;
    case WT_SNMP_MANAGER_DONE:
      g_string_append_printf (self->events, "%s %u\n", done[event->done], event->report);
      break;
    default:
      wt_snmp_notification_oid (event->pdu, &trap);
      g_autofree char *name = wt_oid_to_string (&trap);
      g_string_append_printf (self->events, "%s v%d %s %s %u\n", wt_snmp_pdu_name (event->pdu->type), event->version,
                              event->name, name, event->pdu->bindings->len - wt_snmp_notification_first (event->pdu));
    }
}

static gboolean
lost (Wire *self)
{
  return self->lose > 0 && self->lose-- > 0;
}

/* From the manager to the agent, and its answer back. */
static gboolean
carry_request (Wire *self)
{
  WtSnmpDatagram datagram;
  gsize n_bytes;
  if (!wt_snmp_manager_take (self->manager, &datagram))
    return FALSE;
  g_autoptr (GBytes) bytes = datagram.bytes;
  const guint8 *data = g_bytes_get_data (bytes, &n_bytes);
  self->n_sent++;
  if (lost (self))
    return TRUE;
  g_autoptr (GBytes) answer = wt_snmp_agent_feed (self->agent, self->now, MANAGER, data, n_bytes);
  if (answer)
    {
      const guint8 *answer_data = g_bytes_get_data (answer, &n_bytes);
      wt_snmp_manager_feed (self->manager, self->now, AGENT, answer_data, n_bytes);
    }
  return TRUE;
}

/* From the agent's own accord to the manager. */
static gboolean
carry_notification (Wire *self)
{
  WtSnmpDatagram datagram;
  gsize n_bytes;
  if (!wt_snmp_agent_take (self->agent, &datagram))
    return FALSE;
  g_autoptr (GBytes) bytes = datagram.bytes;
  const guint8 *data = g_bytes_get_data (bytes, &n_bytes);
  if (!lost (self))
    wt_snmp_manager_feed (self->manager, self->now, AGENT, data, n_bytes);
  return TRUE;
}

/* Until nothing is left to do; time goes on where everybody waits. */
static void
run (Wire *self)
{
  for (;;)
    {
      WtSnmpManagerEvent event;
      gboolean moved = carry_request (self);
      moved = carry_notification (self) || moved;
      while (wt_snmp_manager_next (self->manager, &event))
        note_event (self, &event);
      if (moved)
        continue;
      gint64 deadline = MIN (wt_snmp_manager_deadline (self->manager), wt_snmp_agent_deadline (self->agent));
      if (deadline == G_MAXINT64)
        return;
      self->now = deadline;
      wt_snmp_manager_tick (self->manager, self->now);
      wt_snmp_agent_tick (self->agent, self->now);
    }
}

static WtSnmpTarget
target_of (const Wire *self, const char *name)
{
  WtSnmpLevel level = wt_snmp_usm_user_level (self->manager_usm, name);
  gboolean v3 = !g_str_equal (name, "public") && !g_str_equal (name, "private") && !g_str_equal (name, "v1");
  return (WtSnmpTarget){ AGENT,
                         v3                         ? WT_SNMP_V3
                         : g_str_equal (name, "v1") ? WT_SNMP_V1
                                                    : WT_SNMP_V2C,
                         g_str_equal (name, "v1") ? "public" : name,
                         name,
                         level,
                         NULL,
                         1000,
                         2 };
}

static guint32
ask (Wire *self, const char *who, WtSnmpOp op, const char *names)
{
  WtSnmpTarget target = target_of (self, who);
  WtSnmpRequest request = { .op = op, .max_repetitions = 8 };
  g_auto (GStrv) words = g_strsplit (names, " ", -1);
  WtSnmpVarBind bindings[8] = { 0 };
  for (; words[request.n_bindings]; request.n_bindings++)
    bindings[request.n_bindings] =
        (WtSnmpVarBind){ .name = sample_oid (words[request.n_bindings]),
                         .value = { .tag = WT_BER_OCTETS, .octets = { (const guint8 *) "new", 3 } } };
  request.bindings = bindings;
  return wt_snmp_manager_request (self->manager, self->now, &target, &request);
}

/* --- what is asked ----------------------------------------------------------------------------------------------- */

static const char *const everybody[] = { "v1",        "public",     "noauth",     "md5",         "sha",
                                         "sha224",    "sha256",     "sha384",     "sha512",      "md5des",
                                         "shaaes",    "sha256aes",  "md5aes192",  "md5aes256",   "shaaes192",
                                         "shaaes256", "shaaes192c", "shaaes256c", "sha512aes256" };

/* The same in all versions and levels. */
static void
test_everybody (void)
{
  static const struct {
    WtSnmpOp op;
    const char *names, *first;
    guint n_bindings;
  } ops[] = { { WT_SNMP_OP_GET, "1.3.6.1.2.1.1.5.0", "1.3.6.1.2.1.1.5.0=\"sample\"\n", 1 },
              { WT_SNMP_OP_NEXT, "1.3.6.1.2.1.1.5.0", "1.3.6.1.2.1.1.6.0=\"here\"\n", 1 },
              { WT_SNMP_OP_WALK, "1.3.6.1.2.1.2.2.1", "1.3.6.1.2.1.2.2.1.1.1=1\n", 7 * 12 },
              { WT_SNMP_OP_BULK_WALK, "1.3.6.1.2.1.2.2.1", "1.3.6.1.2.1.2.2.1.1.1=1\n", 7 * 12 },
              { WT_SNMP_OP_TABLE, "1.3.6.1.2.1.2.2.1.1 1.3.6.1.2.1.2.2.1.2",
                "1.3.6.1.2.1.2.2.1.1.1=1\n1.3.6.1.2.1.2.2.1.2.1=\"eth0\"\n1.3.6.1.2.1.2.2.1.1.2=2\n", 24 } };
  for (gsize who = 0; who < G_N_ELEMENTS (everybody); who++)
    for (gsize i = 0; i < G_N_ELEMENTS (ops); i++)
      {
        g_auto (Wire) wire;
        wire_init (&wire, 12);
        ask (&wire, everybody[who], ops[i].op, ops[i].names);
        run (&wire);
        g_test_message ("%s, operation %u", everybody[who], ops[i].op);
        g_assert_cmpstr (wire.events->str, ==, "ok 0\n");
        g_assert_cmpuint (wire.n_bindings, ==, ops[i].n_bindings);
        g_assert_true (g_str_has_prefix (wire.bindings->str, ops[i].first));
      }
}

static const struct {
  const char *name, *who;
  WtSnmpOp op;
  const char *names, *events;
} answers[] = {
  { "set", "private", WT_SNMP_OP_SET, "1.3.6.1.2.1.1.5.0", "ok 0\n" },
  { "error", "private", WT_SNMP_OP_SET, "1.3.6.1.2.1.1.1.0", "error notWritable 1\nok 0\n" },
  { "no such name", "v1", WT_SNMP_OP_GET, "1.3.6.1.9", "error noSuchName 1\nok 0\n" },
  { "end of MIB in v1", "v1", WT_SNMP_OP_WALK, "1.3.6.1.9", "error noSuchName 1\nok 0\n" },
  { "wrong community", "nobody", WT_SNMP_OP_GET, "1.3.6.1.9", "report 3\n" },
  { "bulk in v1", "v1", WT_SNMP_OP_BULK, "1.3.6.1.9", "failed 0\n" },
  { "inform in v1", "v1", WT_SNMP_OP_INFORM, "1.3.6.1.9", "failed 0\n" },
};

static void
test_answers (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (answers); i++)
    {
      g_auto (Wire) wire;
      wire_init (&wire, 2);
      ask (&wire, answers[i].who, answers[i].op, answers[i].names);
      run (&wire);
      g_test_message ("%s", answers[i].name);
      g_assert_cmpstr (wire.events->str, ==, answers[i].events);
    }
}

/* --- loss -------------------------------------------------------------------------------------------------------- */

static void
test_loss (void)
{
  static const struct {
    guint lose;
    const char *events;
  } cases[] = { { 0, "ok 0\n" },
                { 1, "retry 1 at 1000 ms\nok 0\n" },
                { 2, "retry 1 at 1000 ms\nretry 2 at 2000 ms\nok 0\n" },
                { 3, "retry 1 at 1000 ms\nretry 2 at 2000 ms\ntimeout 0\n" } };
  static const char *const names[] = { "public", "shaaes" };
  for (gsize who = 0; who < G_N_ELEMENTS (names); who++)
    for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
      {
        g_auto (Wire) wire;
        wire_init (&wire, 2);
        wire.lose = cases[i].lose;
        ask (&wire, names[who], WT_SNMP_OP_GET, "1.3.6.1.2.1.1.5.0");
        run (&wire);
        g_assert_cmpstr (wire.events->str, ==, cases[i].events);
      }
}

/* Many at once, and one that is given up. */
static void
test_many (void)
{
  g_auto (Wire) wire;
  wire_init (&wire, 2);
  for (guint i = 0; i < 100; i++)
    ask (&wire, everybody[i % G_N_ELEMENTS (everybody)], WT_SNMP_OP_GET, "1.3.6.1.2.1.1.5.0");
  wt_snmp_manager_cancel (wire.manager, ask (&wire, "public", WT_SNMP_OP_GET, "1.3.6.1.2.1.1.5.0"));
  run (&wire);
  g_assert_cmpuint (wire.n_bindings, ==, 100);
  g_assert_cmpuint (wire.events->len, ==, 100 * strlen ("ok 0\n"));
}

/* --- version 3 --------------------------------------------------------------------------------------------------- */

/* The first request takes a discovery; later ones do not. An agent that was started again is found again. */
static void
test_discovery (void)
{
  g_auto (Wire) wire;
  wire_init (&wire, 2);
  ask (&wire, "shaaes", WT_SNMP_OP_GET, "1.3.6.1.2.1.1.5.0");
  run (&wire);
  g_assert_cmpuint (wire.n_sent, ==, 2);
  ask (&wire, "sha", WT_SNMP_OP_GET, "1.3.6.1.2.1.1.5.0");
  run (&wire);
  g_assert_cmpuint (wire.n_sent, ==, 3);
  wt_snmp_agent_free (wire.agent);
  wt_snmp_usm_free (wire.agent_usm);
  g_autoptr (GBytes) id = wt_snmp_engine_id_new (SAMPLE_ENTERPRISE, "agent");
  WtSnmpUsmConfig config = { .engine_id = id, .boots = 2, .start = wire.now };
  wire.agent_usm = wt_snmp_usm_new (&config);
  sample_add_users (wire.agent_usm);
  wire.agent = sample_agent_new (wire.agent_usm, wire.mib);
  ask (&wire, "sha", WT_SNMP_OP_GET, "1.3.6.1.2.1.1.5.0");
  run (&wire);
  g_assert_cmpuint (wire.n_sent, ==, 5); /* one was not in the time window */
  g_assert_cmpstr (wire.events->str, ==, "ok 0\nok 0\nok 0\n");
  g_assert_cmpuint (wt_snmp_usm_stat (wire.agent_usm, WT_SNMP_USM_NOT_IN_TIME_WINDOW), ==, 1);
}

static void
test_reports (void)
{
  static const struct {
    const char *name;
    WtSnmpUser user;
    WtSnmpLevel level;
    const char *context, *events;
  } cases[] = {
    { "wrong password",
      { "sha", WT_SNMP_AUTH_SHA, "another password", 0, NULL },
      WT_SNMP_AUTH_NO_PRIV,
      NULL,
      "report 5\n" },
    { "another digest",
      { "sha", WT_SNMP_AUTH_MD5, SAMPLE_PASSWORD, 0, NULL },
      WT_SNMP_AUTH_NO_PRIV,
      NULL,
      "report 5\n" },
    { "level", { "noauth", WT_SNMP_AUTH_SHA, SAMPLE_PASSWORD, 0, NULL }, WT_SNMP_AUTH_NO_PRIV, NULL, "report 1\n" },
    { "no such user", { "stranger", 0, NULL, 0, NULL }, WT_SNMP_NO_AUTH_NO_PRIV, NULL, "report 3\n" },
    { "no such context", { "noauth", 0, NULL, 0, NULL }, WT_SNMP_NO_AUTH_NO_PRIV, "elsewhere", "report 0\n" },
    { "level too low for access",
      { "shaaes", 0, NULL, 0, NULL },
      WT_SNMP_NO_AUTH_NO_PRIV,
      NULL,
      "error authorizationError 0\nok 0\n" },
    { "garbled",
      { "shaaes", WT_SNMP_AUTH_SHA, SAMPLE_PASSWORD, WT_SNMP_PRIV_DES, SAMPLE_PASSWORD },
      WT_SNMP_AUTH_PRIV,
      NULL,
      NULL }, /* authentic, and no PDU: there is nothing to say (RFC 3412 7.2.5) */
  };
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto (Wire) wire;
      wire_init (&wire, 2);
      g_assert_true (wt_snmp_usm_add_user (wire.manager_usm, &cases[i].user, NULL));
      WtSnmpTarget target = { AGENT, WT_SNMP_V3, NULL, cases[i].user.name, cases[i].level, cases[i].context, 1000, 0 };
      WtSnmpVarBind binding = { .name = sample_oid ("1.3.6.1.2.1.1.5.0") };
      WtSnmpRequest request = { .op = WT_SNMP_OP_GET, .bindings = &binding, .n_bindings = 1 };
      wt_snmp_manager_request (wire.manager, wire.now, &target, &request);
      run (&wire);
      g_test_message ("%s", cases[i].name);
      g_assert_cmpstr (wire.events->str, ==, cases[i].events ? cases[i].events : "timeout 0\n");
    }
}

/* --- notifications ----------------------------------------------------------------------------------------------- */

static const struct {
  const char *name;
  WtSnmpVersion version;
  const char *who;
  gboolean inform;
  const char *trap, *events;
} notifications[] = {
  { "v1", WT_SNMP_V1, "public", FALSE, "1.3.6.1.6.3.1.1.5.3", "trap v0 public 1.3.6.1.6.3.1.1.5.3 1\n" },
  { "v1 of an enterprise", WT_SNMP_V1, "public", FALSE, "1.3.6.1.4.1.64000.0.17",
    "trap v0 public 1.3.6.1.4.1.64000.0.17 1\n" },
  { "v2c", WT_SNMP_V2C, "public", FALSE, "1.3.6.1.6.3.1.1.5.3", "snmpV2-trap v1 public 1.3.6.1.6.3.1.1.5.3 1\n" },
  { "inform", WT_SNMP_V2C, "public", TRUE, "1.3.6.1.6.3.1.1.5.4", "informRequest v1 public 1.3.6.1.6.3.1.1.5.4 1\n" },
  { "v3", WT_SNMP_V3, "shaaes", FALSE, "1.3.6.1.6.3.1.1.5.4", "snmpV2-trap v3 shaaes 1.3.6.1.6.3.1.1.5.4 1\n" },
  { "v3 inform", WT_SNMP_V3, "sha256aes", TRUE, "1.3.6.1.6.3.1.1.5.4",
    "informRequest v3 sha256aes 1.3.6.1.6.3.1.1.5.4 1\n" },
  { "nobody", WT_SNMP_V2C, "Public", FALSE, "1.3.6.1.6.3.1.1.5.4", "" },
};

static void
notify (Wire *self, gsize i)
{
  WtSnmpTarget target = { MANAGER,
                          notifications[i].version,
                          notifications[i].who,
                          notifications[i].who,
                          wt_snmp_usm_user_level (self->agent_usm, notifications[i].who),
                          NULL,
                          1000,
                          2 };
  WtOid trap = sample_oid (notifications[i].trap);
  WtSnmpVarBind binding = { .name = sample_oid ("1.3.6.1.2.1.2.2.1.1.1"),
                            .value = { .tag = WT_BER_INTEGER, .integer = 1 } };
  wt_snmp_agent_add_target (self->agent, &target, notifications[i].inform);
  wt_snmp_agent_notify (self->agent, self->now, &trap, &binding, 1);
}

/* The manager's acknowledgement goes back to the agent as a datagram like any other. */
static void
test_notifications (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (notifications); i++)
    {
      g_auto (Wire) wire;
      wire_init (&wire, 2);
      notify (&wire, i);
      run (&wire);
      g_test_message ("%s", notifications[i].name);
      g_assert_cmpstr (wire.events->str, ==, notifications[i].events);
      g_assert_cmpint (wt_snmp_agent_deadline (wire.agent), ==, G_MAXINT64);
    }
}

/* An inform is sent again until it is acknowledged; a trap is not. */
static void
test_lost_notifications (void)
{
  g_auto (Wire) inform, trap;
  wire_init (&inform, 2);
  wire_init (&trap, 2);
  inform.lose = trap.lose = 1;
  notify (&inform, 3);
  notify (&trap, 2);
  run (&inform);
  run (&trap);
  g_assert_cmpstr (inform.events->str, ==, notifications[3].events);
  g_assert_cmpint (inform.now / MS, ==, 6000);
  g_assert_cmpstr (trap.events->str, ==, "");
}

static void
test_accepted (void)
{
  g_auto (Wire) wire;
  wire_init (&wire, 2);
  wt_snmp_manager_accept_community (wire.manager, "private");
  notify (&wire, 2);
  run (&wire);
  g_assert_cmpstr (wire.events->str, ==, "");
}

/* Somebody asks with a community that nobody has, and the agent has been told to tell. */
static void
test_authentication_failure (void)
{
  g_auto (Wire) wire;
  wire_init (&wire, 2);
  WtSnmpTarget target = target_of (&wire, "private");
  WtSnmpVarBind enable = { .name = sample_oid ("1.3.6.1.2.1.11.30.0"),
                           .value = { .tag = WT_BER_INTEGER, .integer = 1 } };
  WtSnmpRequest set = { .op = WT_SNMP_OP_SET, .bindings = &enable, .n_bindings = 1 };
  WtSnmpTarget station = { MANAGER, WT_SNMP_V2C, "public", NULL, 0, NULL, 1000, 2 };
  wt_snmp_agent_add_target (wire.agent, &station, FALSE);
  wt_snmp_manager_request (wire.manager, wire.now, &target, &set);
  run (&wire);
  target.community = "guess";
  target.retries = 0;
  set.op = WT_SNMP_OP_GET;
  wt_snmp_manager_request (wire.manager, wire.now, &target, &set);
  run (&wire);
  g_assert_cmpstr (wire.events->str, ==, "ok 0\nsnmpV2-trap v1 public 1.3.6.1.6.3.1.1.5.5 0\ntimeout 0\n");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/snmp-manager/everybody", test_everybody);
  g_test_add_func ("/snmp-manager/answers", test_answers);
  g_test_add_func ("/snmp-manager/loss", test_loss);
  g_test_add_func ("/snmp-manager/many", test_many);
  g_test_add_func ("/snmp-manager/discovery", test_discovery);
  g_test_add_func ("/snmp-manager/reports", test_reports);
  g_test_add_func ("/snmp-manager/notifications", test_notifications);
  g_test_add_func ("/snmp-manager/lost-notifications", test_lost_notifications);
  g_test_add_func ("/snmp-manager/accepted", test_accepted);
  g_test_add_func ("/snmp-manager/authentication-failure", test_authentication_failure);
  return g_test_run ();
}
