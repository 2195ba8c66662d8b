/* BER: what is written is read, shortest forms, and what must be refused. */
#include "protocols/snmp/ber.h"

#include <string.h>

static const struct {
  gint64 value;
  const char *hex;
} integers[] = {
  { 0, "020100" }, { 127, "02017f" }, { 128, "02020080" }, { -1, "0201ff" }, { -128, "020180" }, { -129, "0202ff7f" },
  { 65535, "020300ffff" }, { G_MAXINT32, "02047fffffff" }, { G_MININT32, "020480000000" },
  { G_MAXINT64, "02087fffffffffffffff" }, { G_MININT64, "02088000000000000000" },
};

static const struct {
  guint64 value;
  const char *hex;
} unsigneds[] = {
  { 0, "410100" }, { 127, "41017f" }, { 128, "41020080" }, { G_MAXUINT32, "410500ffffffff" }, { G_MAXUINT64, "410900ffffffffffffffff" },
};

static const struct {
  const char *text, *hex;
} oids[] = {
  { "1.3.6.1.2.1.1.1.0", "06082b06010201010100" }, { "0.0", "060100" }, { "2.999.3", "0603883703" },
  { "1.3.4294967295", "06062b8fffffff7f" }, { "2.40", "060178" }, { "1.39", "06014f" },
};

static const struct {
  const char *hex, *problem;
  gsize at;
} bad[] = {
  { "02", "element is cut off", 0 },
  { "0202", "length goes beyond the end", 1 },
  { "0280000000", "indefinite length is not allowed", 1 },
  { "0285000000000100", "length of more than four bytes", 1 },
  { "02820001", "length goes beyond the end", 1 },
  { "0284ffffffff00", "length goes beyond the end", 1 },
  { "0283ff", "length is cut off", 1 },
  { "1f8100", "tag of more than one byte", 0 },
  { "0200", "number without bytes", 0 },
  { "0209010000000000000000", "number of more than 64 bits", 2 },
  { "0600", "object identifier without bytes", 0 },
  { "060188", "object identifier is cut off", 2 },
  { "06062b9fffffff7f", "arc of more than 32 bits", 3 },
};

static char *
to_hex (const guint8 *bytes, gsize n_bytes)
{
  GString *hex = g_string_new (NULL);
  for (gsize i = 0; i < n_bytes; i++)
    g_string_append_printf (hex, "%02x", bytes[i]);
  return g_string_free (hex, FALSE);
}

static GBytes *
from_hex (const char *hex)
{
  GByteArray *bytes = g_byte_array_new ();
  for (; *hex; hex += 2)
    {
      guint8 byte = g_ascii_xdigit_value (hex[0]) << 4 | g_ascii_xdigit_value (hex[1]);
      g_byte_array_append (bytes, &byte, 1);
    }
  return g_byte_array_free_to_bytes (bytes);
}

static WtBerReader
reader_of (GBytes *bytes)
{
  gsize n_bytes;
  const guint8 *data = g_bytes_get_data (bytes, &n_bytes);
  return (WtBerReader){ .bytes = data, .end = n_bytes };
}

static void
assert_written (WtBerWriter *writer, const char *expected)
{
  g_autofree char *hex = to_hex (writer->buffer + writer->start, wt_ber_writer_length (writer));
  g_assert_cmpstr (hex, ==, expected);
}

static void
test_integers (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (integers); i++)
    {
      g_auto (WtBerWriter) writer = { 0 };
      wt_ber_write_integer (&writer, WT_BER_INTEGER, integers[i].value);
      assert_written (&writer, integers[i].hex);
      g_autoptr (GBytes) bytes = wt_ber_writer_steal (&writer);
      WtBerReader reader = reader_of (bytes);
      WtBerElement element;
      gint64 value;
      g_assert_true (wt_ber_next (&reader, &element) && wt_ber_integer (&reader, &element, &value));
      g_assert_cmpint (value, ==, integers[i].value);
    }
}

static void
test_unsigneds (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (unsigneds); i++)
    {
      g_auto (WtBerWriter) writer = { 0 };
      wt_ber_write_unsigned (&writer, 0x41, unsigneds[i].value);
      assert_written (&writer, unsigneds[i].hex);
      g_autoptr (GBytes) bytes = wt_ber_writer_steal (&writer);
      WtBerReader reader = reader_of (bytes), again = reader;
      WtBerElement element;
      guint64 value;
      g_assert_true (wt_ber_next (&reader, &element) && wt_ber_unsigned (&reader, &element, 64, &value));
      g_assert_cmpuint (value, ==, unsigneds[i].value);
      g_assert_cmpint (wt_ber_next (&again, &element) && wt_ber_unsigned (&again, &element, 32, &value), ==, unsigneds[i].value <= G_MAXUINT32);
    }
}

static void
test_oids (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (oids); i++)
    {
      WtOid oid, again;
      g_auto (WtBerWriter) writer = { 0 };
      g_assert_true (wt_oid_parse (oids[i].text, &oid));
      wt_ber_write_oid (&writer, WT_BER_OID, &oid);
      assert_written (&writer, oids[i].hex);
      g_autoptr (GBytes) bytes = wt_ber_writer_steal (&writer);
      WtBerReader reader = reader_of (bytes);
      WtBerElement element;
      g_assert_true (wt_ber_next (&reader, &element) && wt_ber_oid (&reader, &element, &again));
      g_assert_cmpint (wt_oid_compare (&oid, &again), ==, 0);
      g_autofree char *text = wt_oid_to_string (&again);
      g_assert_cmpstr (text, ==, oids[i].text);
    }
}

static void
test_oid_text (void)
{
  static const char *const wrong[] = { "", ".", "1.", "1..2", "a", "1.4294967296", "1.-1", "1 .2", "1.2 " };
  WtOid oid;
  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    g_assert_false (wt_oid_parse (wrong[i], &oid));
  g_assert_true (wt_oid_parse (".1.3", &oid));
  g_autoptr (GString) longest = g_string_new ("1");
  for (guint i = 1; i < WT_OID_MAX; i++)
    g_string_append (longest, ".1");
  g_assert_true (wt_oid_parse (longest->str, &oid));
  g_string_append (longest, ".1");
  g_assert_false (wt_oid_parse (longest->str, &oid));
}

static void
test_order (void)
{
  static const char *const rising[] = { "1.3", "1.3.6", "1.3.6.1", "1.3.6.1.0", "1.3.6.2", "1.3.10", "1.4" };
  for (gsize i = 0; i < G_N_ELEMENTS (rising); i++)
    for (gsize j = 0; j < G_N_ELEMENTS (rising); j++)
      {
        WtOid a, b;
        wt_oid_parse (rising[i], &a);
        wt_oid_parse (rising[j], &b);
        g_assert_cmpint (CLAMP (wt_oid_compare (&a, &b), -1, 1), ==, i < j ? -1 : i > j);
      }
}

static void
test_bad (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GBytes) bytes = from_hex (bad[i].hex);
      WtBerReader reader = reader_of (bytes);
      WtBerElement element;
      gint64 number;
      WtOid oid;
      gboolean fine = wt_ber_next (&reader, &element)
                      && (element.tag == WT_BER_OID ? wt_ber_oid (&reader, &element, &oid) : wt_ber_integer (&reader, &element, &number));
      g_test_message ("%s: %s", bad[i].hex, reader.problem);
      g_assert_false (fine);
      g_assert_cmpstr (reader.problem, ==, bad[i].problem);
      g_assert_cmpuint (reader.problem_at, ==, bad[i].at);
    }
}

/* Long forms that other encoders write. */
static void
test_tolerated (void)
{
  static const struct {
    const char *hex;
    gint64 value;
  } rows[] = { { "02810101", 1 }, { "0284000000010a", 10 }, { "020400000001", 1 }, { "020a00000000000000000001", 1 }, { "0203ffffff", -1 } };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GBytes) bytes = from_hex (rows[i].hex);
      WtBerReader reader = reader_of (bytes);
      WtBerElement element;
      gint64 number;
      g_assert_true (wt_ber_next (&reader, &element) && wt_ber_integer (&reader, &element, &number));
      g_assert_cmpint (number, ==, rows[i].value);
    }
}

/* Lengths of one, two, three bytes. */
static void
test_lengths (void)
{
  static const gsize sizes[] = { 0, 1, 127, 128, 255, 256, 65535, 65536, 100000 };
  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autofree guint8 *octets = g_malloc0 (sizes[i] + 1);
      g_auto (WtBerWriter) writer = { 0 };
      wt_ber_write_octets (&writer, WT_BER_OCTETS, octets, sizes[i]);
      wt_ber_write_header (&writer, WT_BER_SEQUENCE, 0);
      g_autoptr (GBytes) bytes = wt_ber_writer_steal (&writer);
      WtBerReader reader = reader_of (bytes);
      WtBerElement outer, inner;
      g_assert_true (wt_ber_next (&reader, &outer));
      WtBerReader inside = wt_ber_inside (&reader, &outer);
      g_assert_true (wt_ber_expect (&inside, WT_BER_OCTETS, "octets", &inner));
      g_assert_cmpuint (inner.end - inner.value, ==, sizes[i]);
      g_assert_cmpuint (inner.end, ==, g_bytes_get_size (bytes));
      g_assert_false (wt_ber_next (&inside, &inner));
      g_assert_null (inside.problem);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ber/integers", test_integers);
  g_test_add_func ("/ber/unsigneds", test_unsigneds);
  g_test_add_func ("/ber/oids", test_oids);
  g_test_add_func ("/ber/oid-text", test_oid_text);
  g_test_add_func ("/ber/order", test_order);
  g_test_add_func ("/ber/bad", test_bad);
  g_test_add_func ("/ber/tolerated", test_tolerated);
  g_test_add_func ("/ber/lengths", test_lengths);
  return g_test_run ();
}
