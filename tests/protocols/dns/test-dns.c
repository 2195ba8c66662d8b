/* DNS: records from text, messages through the wire, answers of a zone, dissection, damaged messages. */
#include "protocols/dns/dns-dissect.h"
#include "protocols/dns/dns-message.h"

#include <string.h>

static WtDnsZone *
example_zone (void)
{
  static const char *const lines[] = {
    "example.org MX 10 mail.example.org",     "example.org 60 MX 20 backup.example.org", "mail.example.org A 10.0.1.25",
    "backup.example.org. IN A 10.0.2.25",     "www.example.org CNAME web.example.org",   "web.example.org A 10.0.1.80",
    "10.0.1.25 PTR mail.example.org",         "example.org TXT \"v=spf1 mx -all\"",      "nomail.example MX 0 .",
    "loop.example CNAME again.loop.example",  "again.loop.example CNAME loop.example",   "lost.example CNAME nowhere.example",
    "Grüße.example A 10.0.3.1",               "example.org NS ns.example.org",           "ns.example.org A 10.0.0.53",
  };
  WtDnsZone *zone = wt_dns_zone_new ();
  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      g_autoptr (GError) error = NULL;
      WtDnsRecord *record = wt_dns_record_parse (lines[i], 3600, &error);
      g_assert_no_error (error);
      wt_dns_zone_add (zone, record);
    }
  return zone;
}

/* Asks the zone through real messages, both ways, as a resolver does; gives what a list would show. */
static char *
ask (const WtDnsZone *zone, const char *name, guint type, GBytes **wire)
{
  g_autoptr (WtDnsMessage) query = wt_dns_message_new_query (0x1234, name, type);
  g_autoptr (GBytes) sent = wt_dns_message_to_bytes (query, NULL);
  g_assert_nonnull (sent);
  g_autoptr (WtDnsMessage) seen
      = wt_dns_message_parse (g_bytes_get_data (sent, NULL), g_bytes_get_size (sent), NULL);
  g_assert_nonnull (seen);
  g_autoptr (WtDnsMessage) answer = wt_dns_zone_answer (zone, seen);
  g_autoptr (GBytes) back = wt_dns_message_to_bytes (answer, NULL);
  g_assert_nonnull (back);
  if (wire)
    *wire = g_bytes_ref (back);
  return wt_dns_dissector.summary (WT_TO_CLIENT, WT_CONTEXT_REPLY, g_bytes_get_data (back, NULL),
                                   g_bytes_get_size (back));
}

static void
test_zone (void)
{
  static const struct {
    const char *name;
    guint type;
    const char *summary;
  } rows[] = {
    { "example.org", WT_DNS_MX, "Answer MX example.org: MX 10 mail.example.org, MX 20 backup.example.org" },
    { "EXAMPLE.org.", WT_DNS_MX, "Answer MX example.org: MX 10 mail.example.org, MX 20 backup.example.org" },
    { "mail.example.org", WT_DNS_A, "Answer A mail.example.org: A 10.0.1.25" },
    { "mail.example.org", WT_DNS_MX, "Answer MX mail.example.org: no such record" },
    { "www.example.org", WT_DNS_A, "Answer A www.example.org: CNAME web.example.org, A 10.0.1.80" },
    { "www.example.org", WT_DNS_CNAME, "Answer CNAME www.example.org: CNAME web.example.org" },
    { "25.1.0.10.in-addr.arpa", WT_DNS_PTR, "Answer PTR 25.1.0.10.in-addr.arpa: PTR mail.example.org" },
    { "example.org", WT_DNS_TXT, "Answer TXT example.org: TXT v=spf1 mx -all" },
    { "example.org", WT_DNS_NS, "Answer NS example.org: NS ns.example.org" },
    { "nomail.example", WT_DNS_MX, "Answer MX nomail.example: MX 0 ." },
    { "org", WT_DNS_A, "Answer A org: no such record" },
    { "nowhere.example", WT_DNS_A, "Answer A nowhere.example: NXDOMAIN" },
    { "lost.example", WT_DNS_A, "Answer A lost.example: NXDOMAIN, CNAME nowhere.example" },
    { "grüße.example", WT_DNS_A, "Answer A xn--gre-6ka8l.example: A 10.0.3.1" },
    { "example.org", 28, "Answer TYPE28 example.org: no such record" },
  };
  g_autoptr (WtDnsZone) zone = example_zone ();
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *summary = ask (zone, rows[i].name, rows[i].type, NULL);
      g_assert_cmpstr (summary, ==, rows[i].summary);
    }
  g_autofree char *loop = ask (zone, "loop.example", WT_DNS_A, NULL);
  g_assert_true (g_str_has_prefix (loop, "Answer A loop.example: CNAME again.loop.example, CNAME loop.example"));
}

static void
test_additional (void)
{
  g_autoptr (WtDnsZone) zone = example_zone ();
  g_autoptr (GBytes) wire = NULL;
  g_autofree char *summary = ask (zone, "example.org", WT_DNS_MX, &wire);
  g_autoptr (WtDnsMessage) answer
      = wt_dns_message_parse (g_bytes_get_data (wire, NULL), g_bytes_get_size (wire), NULL);
  g_assert_cmpuint (answer->id, ==, 0x1234);
  g_assert_true (answer->response && answer->authoritative && answer->recursion_desired);
  g_assert_cmpuint (answer->additional->len, ==, 2);
  const WtDnsRecord *record = g_ptr_array_index (answer->additional, 1);
  g_assert_cmpstr (record->name, ==, "backup.example.org");
  g_assert_cmphex (record->address, ==, 0x0a000219);
  const WtDnsRecord *mx = g_ptr_array_index (answer->answers, 1);
  g_assert_cmpuint (mx->ttl, ==, 60);
}

static void
test_refused_records (void)
{
  static const char *const rows[] = {
    "",
    "example.org",
    "example.org XX 1",
    "example.org MX mail.example.org",
    "example.org MX 70000 mail.example.org",
    "example.org MX 10",
    "example.org A 10.0.0",
    "example.org A 10.0.0.256",
    "example.org A",
    "example.org CNAME",
    "example.org CNAME a b",
    "a..b A 10.0.0.1",
    "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffgggggggggg.org A 10.0.0.1",
    "example.org CNAME a..b",
  };
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (WtDnsRecord) record = wt_dns_record_parse (rows[i], 60, &error);
      g_assert_null (record);
      g_assert_error (error, WT_DNS_ERROR, WT_DNS_ERROR_RECORD);
      g_assert_nonnull (strstr (error->message, rows[i]));
    }
}

static void
test_truncation (void)
{
  g_autoptr (WtDnsZone) zone = wt_dns_zone_new ();
  for (guint i = 0; i < 60; i++)
    {
      g_autofree char *line = g_strdup_printf ("many.example MX %u host-number-%u.example.net", i, i);
      wt_dns_zone_add (zone, wt_dns_record_parse (line, 60, NULL));
    }
  g_autoptr (GBytes) wire = NULL;
  g_autofree char *summary = ask (zone, "many.example", WT_DNS_MX, &wire);
  g_assert_cmpuint (g_bytes_get_size (wire), <=, WT_DNS_UDP_MAX);
  g_autoptr (WtDnsMessage) answer
      = wt_dns_message_parse (g_bytes_get_data (wire, NULL), g_bytes_get_size (wire), NULL);
  g_assert_true (answer->truncated);
  g_assert_cmpuint (answer->answers->len, >, 5);
}

static void
test_errors (void)
{
  static const guint8 update[] = { 0, 7, 0x28, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 6, 0, 1 };
  g_autoptr (WtDnsZone) zone = example_zone ();
  g_autoptr (WtDnsMessage) query = wt_dns_message_parse (update, sizeof update, NULL);
  g_assert_nonnull (query);
  g_autoptr (WtDnsMessage) answer = wt_dns_zone_answer (zone, query);
  g_assert_cmpuint (answer->rcode, ==, WT_DNS_NOTIMP);
  g_autoptr (WtDnsMessage) formerr = wt_dns_message_new_error ((const guint8 *) "\x12\x34\x01", 3);
  g_assert_cmpuint (formerr->rcode, ==, WT_DNS_FORMERR);
  g_autoptr (GBytes) wire = wt_dns_message_to_bytes (formerr, NULL);
  g_assert_cmpuint (g_bytes_get_size (wire), ==, 12);
  g_assert_null (wt_dns_message_new_error ((const guint8 *) "\x12\x34\x81", 3));
  g_assert_null (wt_dns_message_new_error ((const guint8 *) "\x12", 1));
  g_autoptr (WtDnsMessage) bad = wt_dns_message_new_query (1, "a..b", WT_DNS_A);
  g_autoptr (GError) error = NULL;
  g_assert_null (wt_dns_message_to_bytes (bad, &error));
  g_assert_error (error, WT_DNS_ERROR, WT_DNS_ERROR_RECORD);
}

typedef struct {
  gsize n_bytes;
  guint n_fields;
} Walk;

static gboolean
check_field (const WtField *field, guint depth, gpointer user_data)
{
  Walk *walk = user_data;
  gboolean known = FALSE;
  for (const WtFieldInfo *const *info = wt_dns_dissector.fields; *info; info++)
    known |= *info == field->info;
  g_assert_true (known);
  g_assert_cmpuint (field->start, <=, field->end);
  g_assert_cmpuint (field->end, <=, walk->n_bytes);
  g_assert_true (field->value == NULL || g_utf8_validate (field->value, -1, NULL));
  walk->n_fields++;
  return TRUE;
}

static guint
dissect_checked (const guint8 *bytes, gsize n_bytes)
{
  Walk walk = { n_bytes, 0 };
  WtField *root = wt_dns_dissector.message (WT_TO_CLIENT, WT_CONTEXT_REPLY, bytes, n_bytes);
  g_autofree char *summary = wt_dns_dissector.summary (WT_TO_CLIENT, WT_CONTEXT_REPLY, bytes, n_bytes);
  g_assert_true (g_utf8_validate (summary, -1, NULL));
  g_assert_cmpuint (root->end, ==, n_bytes);
  wt_field_walk (root, check_field, &walk);
  wt_field_free (root);
  return walk.n_fields;
}

static void
test_dissect (void)
{
  static const struct {
    const char *field, *value;
    gint64 number;
    gsize start, end;
  } rows[] = {
    { "dns.id", "0x1234", 0x1234, 0, 2 },
    { "dns.flags.response", "True", 1, 2, 3 },
    { "dns.flags.authoritative", "True", 1, 2, 3 },
    { "dns.flags.recavail", "False", 0, 3, 4 },
    { "dns.flags.rcode", "NOERROR (0)", 0, 3, 4 },
    { "dns.count.answers", "2", 2, 6, 8 },
    { "dns.qry.name", "example.org", 0, 12, 25 },
    { "dns.qry.type", "MX (15)", 15, 25, 27 },
    { "dns.resp.name", "example.org", 0, 29, 31 },
    { "dns.resp.ttl", "3600", 3600, 35, 39 },
    { "dns.mx.preference", "10", 10, 41, 43 },
    { "dns.mx.mail_exchange", "mail.example.org", 0, 43, 50 },
    { "dns.a", "10.0.1.25", 0x0a000119, 0, 0 },
  };
  g_autoptr (WtDnsZone) zone = example_zone ();
  g_autoptr (GBytes) wire = NULL;
  g_autofree char *summary = ask (zone, "example.org", WT_DNS_MX, &wire);
  gsize n_bytes;
  const guint8 *bytes = g_bytes_get_data (wire, &n_bytes);
  dissect_checked (bytes, n_bytes);
  g_autoptr (WtField) root = wt_dns_dissector.message (WT_TO_CLIENT, WT_CONTEXT_REPLY, bytes, n_bytes);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      const WtField *field = wt_field_find (root, rows[i].field);
      g_test_message ("%s", rows[i].field);
      g_assert_nonnull (field);
      g_assert_cmpstr (field->value, ==, rows[i].value);
      g_assert_cmpint (field->number, ==, rows[i].number);
      if (rows[i].end)
        {
          g_assert_cmpuint (field->start, ==, rows[i].start);
          g_assert_cmpuint (field->end, ==, rows[i].end);
        }
    }
  g_assert_null (wt_field_find (root, "wiretalk.dns.malformed"));
}

/* Cut anywhere and with any byte changed: a tree, never a crash. */
static void
test_damaged (void)
{
  static const guint types[] = { WT_DNS_MX, WT_DNS_TXT, WT_DNS_NS, 255 };
  g_autoptr (WtDnsZone) zone = example_zone ();
  for (guint t = 0; t < G_N_ELEMENTS (types); t++)
    {
      g_autoptr (GBytes) wire = NULL;
      g_autofree char *summary = ask (zone, "example.org", types[t], &wire);
      gsize n_bytes;
      const guint8 *bytes = g_bytes_get_data (wire, &n_bytes);
      for (gsize length = 0; length < n_bytes; length++)
        {
          g_autofree guint8 *cut = g_memdup2 (bytes, length);
          g_autoptr (WtField) root = wt_dns_dissector.message (WT_TO_CLIENT, 1, cut, length);
          g_assert_nonnull (wt_field_find (root, "wiretalk.dns.malformed"));
          dissect_checked (cut, length);
        }
      for (gsize i = 0; i < n_bytes; i++)
        for (guint value = 0; value < 256; value += 15)
          {
            g_autofree guint8 *changed = g_memdup2 (bytes, n_bytes);
            changed[i] = value;
            dissect_checked (changed, n_bytes);
          }
    }
}

/* Names that point at themselves, forward, or are only pointers. */
static void
test_pointer_loops (void)
{
  static const guint8 rows[][20] = {
    { 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0xc0, 12, 0, 1, 0, 1 },
    { 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0xc0, 14, 0xc0, 12, 0, 1, 0, 1 },
    { 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 'a', 0xc0, 12, 0, 1, 0, 1 },
    { 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0, 1, 0, 1 },
    { 0, 1, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 1, 0, 1 },
  };
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (WtDnsMessage) message = wt_dns_message_parse (rows[i], sizeof rows[i], &error);
      g_assert_null (message);
      g_assert_error (error, WT_DNS_ERROR, WT_DNS_ERROR_MALFORMED);
      dissect_checked (rows[i], sizeof rows[i]);
    }
}

static void
test_random (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (53);
  for (guint round = 0; round < 20000; round++)
    {
      guint8 bytes[80];
      gsize n_bytes = g_rand_int_range (random, 0, sizeof bytes);
      for (gsize i = 0; i < n_bytes; i++)
        bytes[i] = g_rand_int_range (random, 0, i < 12 && i > 3 ? 3 : 256);
      dissect_checked (bytes, n_bytes);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/dns/zone", test_zone);
  g_test_add_func ("/dns/additional", test_additional);
  g_test_add_func ("/dns/refused-records", test_refused_records);
  g_test_add_func ("/dns/truncation", test_truncation);
  g_test_add_func ("/dns/errors", test_errors);
  g_test_add_func ("/dns/dissect", test_dissect);
  g_test_add_func ("/dns/damaged", test_damaged);
  g_test_add_func ("/dns/pointer-loops", test_pointer_loops);
  g_test_add_func ("/dns/random", test_random);
  return g_test_run ();
}
