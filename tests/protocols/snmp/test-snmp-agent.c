/* The agent, message by message: every operation and error of versions 1 and 2c, Set as a whole, sizes, counters, and
 * what gets no answer. Version 3 and notifications are in test-snmp-manager.c. */
#include "snmp-sample.h"

#include <string.h>

#define SYS_DESCR "1.3.6.1.2.1.1.1.0"
#define SYS_NAME "1.3.6.1.2.1.1.5.0"
#define SYS_LOCATION "1.3.6.1.2.1.1.6.0"
#define IF_HC "1.3.6.1.2.1.31.1.1.1.6"

typedef struct {
  SampleMib *mib;
  WtSnmpUsm *usm;
  WtSnmpAgent *agent;
} Fixture;

static void
fixture_init (Fixture *self, guint n_interfaces)
{
  self->mib = sample_mib_new (n_interfaces);
  self->usm = sample_usm_new ("agent", 0);
  self->agent = sample_agent_new (self->usm, self->mib);
}

static void
fixture_clear (Fixture *self)
{
  wt_snmp_agent_free (self->agent);
  wt_snmp_usm_free (self->usm);
  sample_mib_free (self->mib);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Fixture, fixture_clear)

/* "OID", "OID=7" (INTEGER) or "OID=text"; separated by spaces. */
static void
add_bindings (WtSnmpPdu *pdu, const char *text)
{
  g_auto (GStrv) words = g_strsplit (text, " ", -1);
  for (guint i = 0; words[i] && *words[i]; i++)
    {
      g_auto (GStrv) parts = g_strsplit (words[i], "=", 2);
      WtOid name = sample_oid (parts[0]);
      WtSnmpValue value = { .tag = WT_BER_NULL };
      const char *typed = parts[1] ? strstr (text, parts[1]) : NULL; /* what lives as long as the PDU */
      if (parts[1] && (g_ascii_isdigit (parts[1][0]) || parts[1][0] == '-'))
        value = (WtSnmpValue){ .tag = WT_BER_INTEGER, .integer = g_ascii_strtoll (parts[1], NULL, 10) };
      else if (parts[1])
        value = (WtSnmpValue){ .tag = WT_BER_OCTETS, .octets = { (const guint8 *) typed, strlen (parts[1]) } };
      wt_snmp_pdu_add (pdu, &name, &value);
    }
}

static GBytes *
make (gint32 version, const char *community, guint8 type, const char *bindings, gint32 first, gint32 second)
{
  g_auto (WtSnmpMessage) message;
  g_auto (WtBerWriter) writer = { 0 };
  wt_snmp_message_init (&message);
  message.version = version;
  message.community = (WtSlice){ (const guint8 *) community, strlen (community) };
  message.pdu.type = type;
  message.pdu.request_id = 77;
  message.pdu.error_status = first;
  message.pdu.error_index = second;
  add_bindings (&message.pdu, bindings);
  wt_snmp_message_write (&message, &writer);
  return wt_ber_writer_steal (&writer);
}

static GBytes *
feed (Fixture *self, GBytes *bytes)
{
  gsize n_bytes;
  const guint8 *data = g_bytes_get_data (bytes, &n_bytes);
  return wt_snmp_agent_feed (self->agent, 1000, (WtSnmpPeer){ 0x7f000001, 40000 }, data, n_bytes);
}

/* "noError 0: OID=value OID=value"; "silence". (transfer full) */
static char *
describe (GBytes *answer)
{
  if (answer == NULL)
    return g_strdup ("silence");
  g_auto (WtSnmpMessage) message;
  gsize n_bytes;
  const guint8 *data = g_bytes_get_data (answer, &n_bytes);
  wt_snmp_message_init (&message);
  g_assert_cmpint (wt_snmp_message_parse (&message, data, n_bytes, NULL), ==, WT_SNMP_PARSED);
  g_assert_cmpint (message.pdu.type, ==, WT_SNMP_RESPONSE);
  g_assert_cmpint (message.pdu.request_id, ==, 77);
  GString *text = g_string_new (NULL);
  g_string_append_printf (text, "%s %d:", wt_snmp_error_name (message.pdu.error_status), message.pdu.error_index);
  for (guint i = 0; i < message.pdu.bindings->len; i++)
    {
      const WtSnmpVarBind *binding = &g_array_index (message.pdu.bindings, WtSnmpVarBind, i);
      g_autofree char *name = wt_oid_to_string (&binding->name);
      g_autofree char *value = wt_snmp_value_to_string (&binding->value);
      g_string_append_printf (text, " %s=%s", name, value);
    }
  return g_string_free (text, FALSE);
}

static char *
ask (Fixture *self, gint32 version, const char *community, guint8 type, const char *bindings, gint32 first,
     gint32 second)
{
  g_autoptr (GBytes) request = make (version, community, type, bindings, first, second);
  g_autoptr (GBytes) answer = feed (self, request);
  return describe (answer);
}

static const struct {
  gint32 version;
  const char *community;
  guint8 type;
  const char *bindings;
  gint32 first, second; /* of GetBulk */
  const char *expected;
} rows[] = {
  /* Get */
  { 0, "public", WT_SNMP_GET, SYS_NAME, 0, 0, "noError 0: " SYS_NAME "=\"sample\"" },
  { 1, "public", WT_SNMP_GET, SYS_NAME, 0, 0, "noError 0: " SYS_NAME "=\"sample\"" },
  { 1, "public", WT_SNMP_GET, "", 0, 0, "noError 0:" },
  { 0, "public", WT_SNMP_GET, SYS_NAME " 1.3.6.1.9", 0, 0, "noSuchName 2: " SYS_NAME "=NULL 1.3.6.1.9=NULL" },
  { 1, "public", WT_SNMP_GET, SYS_NAME " 1.3.6.1.9", 0, 0,
    "noError 0: " SYS_NAME "=\"sample\" 1.3.6.1.9=noSuchObject" },
  { 1, "public", WT_SNMP_GET, "1.3.6.1.2.1.2.2.1.1.99", 0, 0, "noError 0: 1.3.6.1.2.1.2.2.1.1.99=noSuchInstance" },
  { 0, "public", WT_SNMP_GET, IF_HC ".1", 0, 0, "noSuchName 1: " IF_HC ".1=NULL" },
  { 1, "public", WT_SNMP_GET, IF_HC ".1", 0, 0, "noError 0: " IF_HC ".1=1000000000001" },
  { 0, "public", WT_SNMP_GET, SAMPLE_GEN_ERR, 0, 0, "genErr 1: " SAMPLE_GEN_ERR "=NULL" },
  { 1, "public", WT_SNMP_GET, SYS_NAME " " SAMPLE_GEN_ERR, 0, 0,
    "genErr 2: " SYS_NAME "=NULL " SAMPLE_GEN_ERR "=NULL" },
  /* GetNext */
  { 0, "public", WT_SNMP_GET_NEXT, "1.3", 0, 0, "noError 0: " SYS_DESCR "=\"A device for tests\"" },
  { 1, "public", WT_SNMP_GET_NEXT, SYS_LOCATION, 0, 0, "noError 0: 1.3.6.1.2.1.1.7.0=72" },
  { 1, "public", WT_SNMP_GET_NEXT, "1.3.6.1.2.1.1.7.0", 0, 0, "noError 0: 1.3.6.1.2.1.2.1.0=2" },
  { 0, "public", WT_SNMP_GET_NEXT, "1.3.6.1.2.1.31", 0, 0,
    "noError 0: " SAMPLE_NUMBER "=7" }, /* Counter64 is passed over */
  { 0, "public", WT_SNMP_GET_NEXT, "1.3.6.1.9", 0, 0, "noSuchName 1: 1.3.6.1.9=NULL" },
  { 1, "public", WT_SNMP_GET_NEXT, "1.3.6.1.9", 0, 0, "noError 0: 1.3.6.1.9=endOfMibView" },
  /* GetBulk */
  { 1, "public", WT_SNMP_GET_BULK, SYS_NAME " 1.3.6.1.2.1.2.2.1.1 1.3.6.1.2.1.2.2.1.2", 1, 2,
    "noError 0: " SYS_LOCATION "=\"here\" 1.3.6.1.2.1.2.2.1.1.1=1 1.3.6.1.2.1.2.2.1.2.1=\"eth0\" "
    "1.3.6.1.2.1.2.2.1.1.2=2 1.3.6.1.2.1.2.2.1.2.2=\"eth1\"" },
  { 1, "public", WT_SNMP_GET_BULK, SYS_NAME, 0, 0, "noError 0:" },
  { 1, "public", WT_SNMP_GET_BULK, SYS_NAME, -5, -5, "noError 0:" },
  { 1, "public", WT_SNMP_GET_BULK, SYS_NAME, 9, 9, "noError 0: " SYS_LOCATION "=\"here\"" },
  { 1, "public", WT_SNMP_GET_BULK, "1.3.6.1.9", 0, 10, "noError 0: 1.3.6.1.9=endOfMibView" },
  { 1, "public", WT_SNMP_GET_BULK, SYS_NAME " 1.3.6.1.4.1.64000.3.0", 1, 1,
    "genErr 2: " SYS_NAME "=NULL 1.3.6.1.4.1.64000.3.0=NULL" },
  /* Set */
  { 0, "private", WT_SNMP_SET, SAMPLE_NUMBER "=5", 0, 0, "noError 0: " SAMPLE_NUMBER "=5" },
  { 1, "private", WT_SNMP_SET, SYS_NAME "=other " SAMPLE_NUMBER "=5", 0, 0,
    "noError 0: " SYS_NAME "=\"other\" " SAMPLE_NUMBER "=5" },
  { 1, "private", WT_SNMP_SET, SAMPLE_NUMBER "=101", 0, 0, "wrongValue 1: " SAMPLE_NUMBER "=101" },
  { 0, "private", WT_SNMP_SET, SAMPLE_NUMBER "=101", 0, 0, "badValue 1: " SAMPLE_NUMBER "=101" },
  { 1, "private", WT_SNMP_SET, SAMPLE_NUMBER "=text", 0, 0, "wrongType 1: " SAMPLE_NUMBER "=\"text\"" },
  { 0, "private", WT_SNMP_SET, SAMPLE_NUMBER "=text", 0, 0, "badValue 1: " SAMPLE_NUMBER "=\"text\"" },
  { 1, "private", WT_SNMP_SET, SYS_DESCR "=x", 0, 0, "notWritable 1: " SYS_DESCR "=\"x\"" },
  { 0, "private", WT_SNMP_SET, SYS_DESCR "=x", 0, 0, "noSuchName 1: " SYS_DESCR "=\"x\"" },
  { 1, "private", WT_SNMP_SET, "1.3.6.1.9=1", 0, 0, "notWritable 1: 1.3.6.1.9=1" },
  { 1, "private", WT_SNMP_SET, "1.3.6.1.2.1.1.99.0=1", 0, 0, "noCreation 1: 1.3.6.1.2.1.1.99.0=1" },
  { 1, "private", WT_SNMP_SET, SAMPLE_NUMBER "=5 " SAMPLE_COMMIT_FAILS "=5", 0, 0,
    "commitFailed 2: " SAMPLE_NUMBER "=5 " SAMPLE_COMMIT_FAILS "=5" },
  { 0, "private", WT_SNMP_SET, SAMPLE_NUMBER "=5 " SAMPLE_COMMIT_FAILS "=5", 0, 0,
    "genErr 2: " SAMPLE_NUMBER "=5 " SAMPLE_COMMIT_FAILS "=5" },
  { 1, "private", WT_SNMP_SET, SAMPLE_UNDO_FAILS "=5 " SAMPLE_COMMIT_FAILS "=5", 0, 0,
    "undoFailed 0: " SAMPLE_UNDO_FAILS "=5 " SAMPLE_COMMIT_FAILS "=5" },
  /* access */
  { 1, "public", WT_SNMP_SET, SYS_NAME "=x", 0, 0, "authorizationError 0: " SYS_NAME "=\"x\"" },
  { 0, "public", WT_SNMP_SET, SYS_NAME "=x", 0, 0, "noSuchName 1: " SYS_NAME "=\"x\"" },
  { 1, "Public", WT_SNMP_GET, SYS_NAME, 0, 0, "silence" },
  { 1, "", WT_SNMP_GET, SYS_NAME, 0, 0, "silence" },
  /* not for an agent */
  { 1, "public", WT_SNMP_RESPONSE, SYS_NAME, 0, 0, "silence" },
  { 1, "public", WT_SNMP_TRAP, SYS_NAME, 0, 0, "silence" },
  { 1, "public", WT_SNMP_INFORM, SYS_NAME, 0, 0, "silence" },
  { 1, "public", WT_SNMP_REPORT, SYS_NAME, 0, 0, "silence" },
};

static void
test_rows (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_auto (Fixture) fixture;
      fixture_init (&fixture, 2);
      g_autofree char *answer = ask (&fixture, rows[i].version, rows[i].community, rows[i].type, rows[i].bindings,
                                     rows[i].first, rows[i].second);
      g_test_message ("v%d %s %s", rows[i].version + 1, wt_snmp_pdu_name (rows[i].type), rows[i].bindings);
      g_assert_cmpstr (answer, ==, rows[i].expected);
    }
}

/* All or nothing: what was committed before the failure is as it was. */
static void
test_set_is_whole (void)
{
  g_auto (Fixture) fixture;
  fixture_init (&fixture, 2);
  g_autofree char *failed = ask (&fixture, 1, "private", WT_SNMP_SET,
                                 SYS_NAME "=changed " SAMPLE_NUMBER "=55 " SAMPLE_COMMIT_FAILS "=5", 0, 0);
  const SampleObject *name = sample_mib_find (fixture.mib, SYS_NAME);
  g_assert_true (g_str_has_prefix (failed, "commitFailed 3:"));
  g_assert_cmpmem (name->octets, name->n_octets, "sample", 6);
  g_assert_cmpint (sample_mib_find (fixture.mib, SAMPLE_NUMBER)->number, ==, 7);
  g_assert_cmpuint (fixture.mib->n_done, ==, 0);
  g_autofree char *tested = ask (&fixture, 1, "private", WT_SNMP_SET, SYS_NAME "=changed " SYS_DESCR "=no", 0, 0);
  g_assert_true (g_str_has_prefix (tested, "notWritable 2:"));
  g_assert_cmpmem (name->octets, name->n_octets, "sample", 6);
  g_autofree char *fine = ask (&fixture, 1, "private", WT_SNMP_SET, SYS_NAME "=changed " SAMPLE_NUMBER "=55", 0, 0);
  g_assert_true (g_str_has_prefix (fine, "noError 0:"));
  g_assert_cmpmem (name->octets, name->n_octets, "changed", 7);
  g_assert_cmpint (sample_mib_find (fixture.mib, SAMPLE_NUMBER)->number, ==, 55);
  g_assert_cmpuint (fixture.mib->n_done, ==, 2);
}

/* Answers keep to the size: GetBulk gives what fits, Get says tooBig, and names what it can. */
static void
test_sizes (void)
{
  g_auto (Fixture) fixture;
  fixture_init (&fixture, 100);
  g_autoptr (GString) many = g_string_new (SYS_DESCR);
  for (guint i = 0; i < 60; i++)
    g_string_append (many, " " SYS_DESCR);
  g_autoptr (GBytes) bulk = make (1, "public", WT_SNMP_GET_BULK, "1.3.6.1.2.1.2.2.1.2", 0, 1000);
  g_autoptr (GBytes) answer = feed (&fixture, bulk);
  g_assert_cmpuint (g_bytes_get_size (answer), <=, WT_SNMP_AGENT_DATAGRAM);
  g_assert_cmpuint (g_bytes_get_size (answer), >, WT_SNMP_AGENT_DATAGRAM - 30);
  g_autofree char *v2 = ask (&fixture, 1, "public", WT_SNMP_GET, many->str, 0, 0);
  g_assert_cmpstr (v2, ==, "tooBig 0:");
  g_autofree char *v1 = ask (&fixture, 0, "public", WT_SNMP_GET, many->str, 0, 0);
  g_assert_true (g_str_has_prefix (v1, "tooBig 0: " SYS_DESCR "=NULL"));
  g_assert_cmpuint (wt_snmp_agent_counter (fixture.agent, WT_SNMP_OUT_TOO_BIGS), ==, 2);
  for (guint i = 0; i < 60; i++)
    g_string_append (many, " " SYS_DESCR);
  g_autofree char *silence = ask (&fixture, 0, "public", WT_SNMP_GET, many->str, 0, 0);
  g_assert_cmpstr (silence, ==, "silence");
  g_assert_cmpuint (wt_snmp_agent_counter (fixture.agent, WT_SNMP_SILENT_DROPS), ==, 1);
}

/* A Set whose answer would be too big changes nothing. */
static void
test_set_too_big (void)
{
  g_auto (Fixture) fixture;
  fixture_init (&fixture, 2);
  g_autoptr (GString) many = g_string_new (SAMPLE_NUMBER "=5");
  for (guint i = 0; i < 100; i++)
    g_string_append (many, " " SAMPLE_NUMBER "=5");
  g_autofree char *answer = ask (&fixture, 1, "private", WT_SNMP_SET, many->str, 0, 0);
  g_assert_cmpstr (answer, ==, "tooBig 0:");
  g_assert_cmpint (sample_mib_find (fixture.mib, SAMPLE_NUMBER)->number, ==, 7);
}

/* --- counters ---------------------------------------------------------------------------------------------------- */

static const struct {
  const char *name, *bytes;
  gsize n_bytes;
  WtSnmpCounter counter;
  WtSnmpMpdStat stat;
} unanswered[] = {
#define ROW(name, bytes, counter, stat)                                                                                \
  {                                                                                                                    \
    name, bytes, sizeof bytes - 1, counter, stat                                                                       \
  }
  ROW ("nothing", "", WT_SNMP_IN_ASN_PARSE_ERRS, 0),
  ROW ("garbage", "garbage", WT_SNMP_IN_ASN_PARSE_ERRS, 0),
  ROW ("indefinite length", "\x30\x80\x02\x01\x01\x00\x00", WT_SNMP_IN_ASN_PARSE_ERRS, 0),
  ROW ("version 2", "\x30\x03\x02\x01\x02", WT_SNMP_IN_BAD_VERSIONS, 0),
  ROW ("community", "\x30\x14\x02\x01\x01\x04\x02no\xa0\x0b\x02\x01\x01\x02\x01\x00\x02\x01\x00\x30\x00",
       WT_SNMP_IN_BAD_COMMUNITY_NAMES, 0),
  ROW ("model 2", "\x30\x13\x02\x01\x03\x30\x0e\x02\x01\x01\x02\x02\x05\xdc\x04\x01\x00\x02\x02\x00\x02", 0,
       WT_SNMP_UNKNOWN_SECURITY_MODELS),
  ROW ("priv without auth", "\x30\x12\x02\x01\x03\x30\x0d\x02\x01\x01\x02\x02\x05\xdc\x04\x01\x02\x02\x01\x03", 0,
       WT_SNMP_INVALID_MSGS),
};

static void
test_unanswered (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (unanswered); i++)
    {
      g_auto (Fixture) fixture;
      fixture_init (&fixture, 2);
      g_test_message ("%s", unanswered[i].name);
      g_assert_null (wt_snmp_agent_feed (fixture.agent, 0, (WtSnmpPeer){ 1, 1 }, (const guint8 *) unanswered[i].bytes,
                                         unanswered[i].n_bytes));
      g_assert_cmpuint (wt_snmp_agent_counter (fixture.agent, WT_SNMP_IN_PKTS), ==, 1);
      g_assert_cmpuint (wt_snmp_agent_counter (fixture.agent, WT_SNMP_OUT_PKTS), ==, 0);
      for (WtSnmpCounter counter = WT_SNMP_IN_BAD_VERSIONS; counter <= WT_SNMP_IN_ASN_PARSE_ERRS; counter++)
        g_assert_cmpuint (wt_snmp_agent_counter (fixture.agent, counter), ==, counter == unanswered[i].counter);
      for (WtSnmpMpdStat stat = 1; stat < WT_SNMP_N_MPD_STATS; stat++)
        g_assert_cmpuint (wt_snmp_agent_mpd_stat (fixture.agent, stat), ==, stat == unanswered[i].stat);
    }
}

/* The agent's own objects, read and set through itself. */
static void
test_own_groups (void)
{
  static const struct {
    const char *community;
    guint8 type;
    const char *bindings, *expected;
  } steps[] = {
    { "public", WT_SNMP_GET, "1.3.6.1.2.1.11.1.0 1.3.6.1.2.1.11.2.0",
      "noError 0: 1.3.6.1.2.1.11.1.0=1 1.3.6.1.2.1.11.2.0=0" },
    { "public", WT_SNMP_GET, "1.3.6.1.2.1.11.7.0", "noError 0: 1.3.6.1.2.1.11.7.0=noSuchObject" },
    { "public", WT_SNMP_GET, "1.3.6.1.2.1.11.8.1", "noError 0: 1.3.6.1.2.1.11.8.1=noSuchInstance" },
    { "public", WT_SNMP_GET_NEXT, "1.3.6.1.2.1.11.6.0", "noError 0: 1.3.6.1.2.1.11.8.0=0" },
    { "public", WT_SNMP_GET_NEXT, "1.3.6.1.2.1.11.15", "noError 0: 1.3.6.1.2.1.11.15.0=3" },
    { "public", WT_SNMP_GET_NEXT, "1.3.6.1.6.3.10.2.1.1.0", "noError 0: 1.3.6.1.6.3.10.2.1.2.0=1" },
    { "public", WT_SNMP_GET_NEXT, "1.3.6.1.6.3.15.1.1.6.0", "noError 0: 1.3.6.1.6.3.15.1.1.6.0=endOfMibView" },
    { "private", WT_SNMP_SET, "1.3.6.1.2.1.11.30.0=1", "noError 0: 1.3.6.1.2.1.11.30.0=1" },
    { "private", WT_SNMP_SET, "1.3.6.1.2.1.11.30.0=3", "wrongValue 1: 1.3.6.1.2.1.11.30.0=3" },
    { "public", WT_SNMP_GET, "1.3.6.1.2.1.11.30.0", "noError 0: 1.3.6.1.2.1.11.30.0=1" },
    { "private", WT_SNMP_SET, "1.3.6.1.6.3.1.1.6.1.0=0", "noError 0: 1.3.6.1.6.3.1.1.6.1.0=0" },
    { "private", WT_SNMP_SET, "1.3.6.1.6.3.1.1.6.1.0=0", "inconsistentValue 1: 1.3.6.1.6.3.1.1.6.1.0=0" },
    { "public", WT_SNMP_GET, "1.3.6.1.6.3.1.1.6.1.0", "noError 0: 1.3.6.1.6.3.1.1.6.1.0=1" },
    { "private", WT_SNMP_SET, "1.3.6.1.2.1.11.1.0=1", "notWritable 1: 1.3.6.1.2.1.11.1.0=1" },
    { "public", WT_SNMP_GET, "1.3.6.1.2.1.11.17.0", "noError 0: 1.3.6.1.2.1.11.17.0=5" },
  };
  g_auto (Fixture) fixture;
  fixture_init (&fixture, 2);
  for (gsize i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      g_autofree char *answer = ask (&fixture, 1, steps[i].community, steps[i].type, steps[i].bindings, 0, 0);
      g_test_message ("step %" G_GSIZE_FORMAT, i);
      g_assert_cmpstr (answer, ==, steps[i].expected);
    }
}

static void
test_mounts (void)
{
  static const WtSnmpMibView view = { 0 };
  static const struct {
    const char *root;
    gboolean fits;
  } cases[] = { { "1.3.6.1.2.1.1", FALSE }, { "1.3.6.1.2.1", FALSE },    { "1.3.6.1.2.1.1.1", FALSE },
                { "1.3.6.1.2.1.3", TRUE },  { "1.3.6.1.2.1.11", FALSE }, { "1.3.6.1.4.1.64001", TRUE } };
  g_auto (Fixture) fixture;
  fixture_init (&fixture, 2);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      WtOid root = sample_oid (cases[i].root);
      g_assert_cmpint (wt_snmp_agent_mount (fixture.agent, &root, &view, NULL), ==, cases[i].fits);
    }
}

/* Ten thousand broken datagrams; after each hundred a normal Get is answered. */
static void
test_malformed (void)
{
  g_auto (Fixture) fixture;
  fixture_init (&fixture, 2);
  g_autoptr (GRand) rand = g_rand_new_with_seed (161);
  g_autoptr (GBytes) good = make (1, "private", WT_SNMP_SET, SYS_NAME "=x " SAMPLE_NUMBER "=5", 0, 0);
  for (guint i = 0; i < 10000; i++)
    {
      gsize n_bytes = g_bytes_get_size (good);
      g_autofree guint8 *copy = g_memdup2 (g_bytes_get_data (good, NULL), n_bytes);
      for (guint n = g_rand_int_range (rand, 1, 5); n > 0; n--)
        copy[g_rand_int_range (rand, 0, n_bytes)] = g_rand_int (rand);
      g_autoptr (GBytes) answer =
          wt_snmp_agent_feed (fixture.agent, 0, (WtSnmpPeer){ 1, 1 }, copy, g_rand_int_range (rand, 0, n_bytes + 1));
      if (i % 100 != 99)
        continue;
      g_autofree char *normal = ask (&fixture, 1, "public", WT_SNMP_GET, "1.3.6.1.2.1.1.7.0", 0, 0);
      g_assert_cmpstr (normal, ==, "noError 0: 1.3.6.1.2.1.1.7.0=72");
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/snmp-agent/rows", test_rows);
  g_test_add_func ("/snmp-agent/set-is-whole", test_set_is_whole);
  g_test_add_func ("/snmp-agent/sizes", test_sizes);
  g_test_add_func ("/snmp-agent/set-too-big", test_set_too_big);
  g_test_add_func ("/snmp-agent/unanswered", test_unanswered);
  g_test_add_func ("/snmp-agent/own-groups", test_own_groups);
  g_test_add_func ("/snmp-agent/mounts", test_mounts);
  g_test_add_func ("/snmp-agent/malformed", test_malformed);
  return g_test_run ();
}
