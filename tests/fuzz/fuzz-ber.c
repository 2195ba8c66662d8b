/* The BER reader: elements within elements as deep as they go, every value read as every type. Ranges must lie in the
 * bytes, and what was read as an object identifier or a number is the same after it was written and read again. */
#include "protocols/snmp/ber.h"

#define DEPTH_MAX 64

int LLVMFuzzerTestOneInput (const guint8 *bytes, gsize n_bytes);

static void
check_again (const WtOid *oid)
{
  guint8 encoded[WT_OID_ENCODED_MAX];
  gsize length = wt_oid_encode (oid, encoded);
  WtBerReader reader = { .bytes = encoded, .end = length };
  WtBerElement element = { .tag = WT_BER_OID, .end = length };
  WtOid again;
  g_assert_true (wt_ber_oid (&reader, &element, &again));
  g_assert_cmpint (wt_oid_compare (oid, &again), ==, 0);
}

static void
read_value (WtBerReader reader, const WtBerElement *element)
{
  WtBerReader copies[4] = { reader, reader, reader, reader };
  gint64 number;
  guint64 count;
  WtOid oid;
  wt_ber_integer (&copies[0], element, &number);
  wt_ber_unsigned (&copies[1], element, 32, &count);
  wt_ber_unsigned (&copies[2], element, 64, &count);
  if (wt_ber_oid (&copies[3], element, &oid) && oid.arcs[1] <= G_MAXUINT32 - 80)
    check_again (&oid);
}

static void
read_all (WtBerReader reader, guint depth)
{
  WtBerElement element;
  gsize at = reader.at, end = reader.end;
  while (wt_ber_next (&reader, &element))
    {
      g_assert_cmpuint (element.start, ==, at);
      g_assert_cmpuint (element.value, <=, element.end);
      g_assert_cmpuint (element.end, <=, end);
      read_value (reader, &element);
      if (depth < DEPTH_MAX)
        read_all (wt_ber_inside (&reader, &element), depth + 1);
      at = element.end;
    }
  g_assert_true (reader.problem ? reader.problem_at <= end : at == end);
}

int
LLVMFuzzerTestOneInput (const guint8 *bytes, gsize n_bytes)
{
  if (n_bytes <= 4096)
    read_all ((WtBerReader){ .bytes = bytes, .end = n_bytes }, 0);
  return 0;
}
