/* BER both ways against net-snmp's library, on random values: what we write it reads, what it writes we read, and for
 * what has one shortest form the bytes are the same. */
#include <net-snmp/net-snmp-config.h>

#include <net-snmp/library/asn1.h>
#include <net-snmp/types.h>

#include "protocols/snmp/snmp-message.h"

#include <string.h>

#define ROUNDS 20000

typedef struct {
  guint8 bytes[4096];
  gsize n;
} Buffer;

static void
write_ours (const WtSnmpValue *value, Buffer *out)
{
  g_auto (WtBerWriter) writer = { 0 };
  wt_snmp_value_write (value, &writer);
  out->n = wt_ber_writer_length (&writer);
  memcpy (out->bytes, writer.buffer + writer.start, out->n);
}

static gboolean
read_ours (const Buffer *in, WtSnmpValue *value)
{
  WtBerReader reader = { .bytes = in->bytes, .end = in->n };
  WtBerElement element;
  return wt_ber_next (&reader, &element) && wt_snmp_value_read (&reader, &element, value) && reader.at == in->n;
}

static void
assert_same (const Buffer *ours, const Buffer *theirs)
{
  g_assert_cmpmem (ours->bytes, ours->n, theirs->bytes, theirs->n);
}

/* Numbers of every length. */
static guint64
random_number (GRand *rand)
{
  guint64 number = (guint64) g_rand_int (rand) << 32 | g_rand_int (rand);
  return number >> g_rand_int_range (rand, 0, 64);
}

static void
test_integers (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (1);
  for (guint i = 0; i < ROUNDS; i++)
    {
      long number = (gint32) random_number (rand), read = 0;
      WtSnmpValue value = { .tag = WT_BER_INTEGER, .integer = number }, again;
      Buffer ours, theirs = { .n = sizeof theirs.bytes };
      size_t left = sizeof theirs.bytes;
      u_char type;
      write_ours (&value, &ours);
      theirs.n = asn_build_int (theirs.bytes, &left, ASN_INTEGER, &number, sizeof number) - theirs.bytes;
      assert_same (&ours, &theirs);
      left = ours.n;
      g_assert_nonnull (asn_parse_int (ours.bytes, &left, &type, &read, sizeof read));
      g_assert_cmpint (read, ==, number);
      g_assert_true (read_ours (&theirs, &again));
      g_assert_cmpint (again.integer, ==, number);
    }
}

static void
test_unsigneds (void)
{
  static const guint8 tags[] = { WT_SNMP_COUNTER32, WT_SNMP_GAUGE32, WT_SNMP_TIME_TICKS };
  g_autoptr (GRand) rand = g_rand_new_with_seed (2);
  for (guint i = 0; i < ROUNDS; i++)
    {
      u_long number = (guint32) random_number (rand), read = 0;
      WtSnmpValue value = { .tag = tags[i % 3], .number = number }, again;
      Buffer ours, theirs;
      size_t left = sizeof theirs.bytes;
      u_char type;
      write_ours (&value, &ours);
      theirs.n = asn_build_unsigned_int (theirs.bytes, &left, value.tag, &number, sizeof number) - theirs.bytes;
      assert_same (&ours, &theirs);
      left = ours.n;
      g_assert_nonnull (asn_parse_unsigned_int (ours.bytes, &left, &type, &read, sizeof read));
      g_assert_cmpuint (read, ==, number);
      g_assert_true (read_ours (&theirs, &again));
      g_assert_cmpuint (again.number, ==, number);
    }
}

static void
test_counter64s (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (3);
  for (guint i = 0; i < ROUNDS; i++)
    {
      guint64 number = random_number (rand);
      struct counter64 split = { number >> 32, number & G_MAXUINT32 }, read = { 0 };
      WtSnmpValue value = { .tag = WT_SNMP_COUNTER64, .number = number }, again;
      Buffer ours, theirs;
      size_t left = sizeof theirs.bytes;
      u_char type;
      write_ours (&value, &ours);
      theirs.n = asn_build_unsigned_int64 (theirs.bytes, &left, ASN_COUNTER64, &split, sizeof split) - theirs.bytes;
      assert_same (&ours, &theirs);
      left = ours.n;
      g_assert_nonnull (asn_parse_unsigned_int64 (ours.bytes, &left, &type, &read, sizeof read));
      g_assert_cmpuint ((guint64) read.high << 32 | read.low, ==, number);
      g_assert_true (read_ours (&theirs, &again));
      g_assert_cmpuint (again.number, ==, number);
    }
}

static void
test_oids (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (4);
  for (guint i = 0; i < ROUNDS; i++)
    {
      WtOid name = { .n = g_rand_int_range (rand, 2, WT_OID_MAX + 1), .arcs = { g_rand_int_range (rand, 0, 3) } };
      oid arcs[WT_OID_MAX], read[WT_OID_MAX];
      guint8 encoded[WT_OID_ENCODED_MAX];
      Buffer ours, theirs;
      size_t left = sizeof theirs.bytes, n_read = WT_OID_MAX;
      u_char type;
      name.arcs[1] = g_rand_int_range (rand, 0, 40);
      for (guint k = 2; k < name.n; k++)
        name.arcs[k] = random_number (rand);
      for (guint k = 0; k < name.n; k++)
        arcs[k] = name.arcs[k];
      WtSnmpValue value = { .tag = WT_BER_OID, .oid = { encoded, wt_oid_encode (&name, encoded) } }, again;
      write_ours (&value, &ours);
      theirs.n = asn_build_objid (theirs.bytes, &left, ASN_OBJECT_ID, arcs, name.n) - theirs.bytes;
      assert_same (&ours, &theirs);
      left = ours.n;
      g_assert_nonnull (asn_parse_objid (ours.bytes, &left, &type, read, &n_read));
      g_assert_cmpmem (read, n_read * sizeof *read, arcs, name.n * sizeof *arcs);
      g_assert_true (read_ours (&theirs, &again));
    }
}

/* Lengths of one byte and of more; theirs may be longer than needed. */
static void
test_octets (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (5);
  for (guint i = 0; i < ROUNDS / 10; i++)
    {
      guint8 octets[2000], read[2000];
      gsize n = g_rand_int_range (rand, 0, sizeof octets);
      Buffer ours, theirs;
      size_t left = sizeof theirs.bytes, n_read = sizeof read;
      u_char type;
      memset (octets, i, n);
      WtSnmpValue value = { .tag = WT_BER_OCTETS, .octets = { octets, n } }, again;
      write_ours (&value, &ours);
      theirs.n = asn_build_string (theirs.bytes, &left, ASN_OCTET_STR, octets, n) - theirs.bytes;
      left = ours.n;
      g_assert_nonnull (asn_parse_string (ours.bytes, &left, &type, read, &n_read));
      g_assert_cmpmem (read, n_read, octets, n);
      g_assert_true (read_ours (&theirs, &again));
      g_assert_cmpmem (again.octets.bytes, again.octets.n, octets, n);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/netsnmp/integers", test_integers);
  g_test_add_func ("/netsnmp/unsigneds", test_unsigneds);
  g_test_add_func ("/netsnmp/counter64s", test_counter64s);
  g_test_add_func ("/netsnmp/oids", test_oids);
  g_test_add_func ("/netsnmp/octets", test_octets);
  return g_test_run ();
}
